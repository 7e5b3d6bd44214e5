"""Pages of the reports: completion by unit, course and year, the people behind a number, exports, the audit trail."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.files import hand_out
from lms.core.spreadsheets import write_xlsx
from lms.core.web import allow, arg_choice, arg_text, current_actor, require, roles, see
from lms.people.identity import mask_phone
from lms.reports import access, actions, inquiry, names, queries, sheets, trail, verbs
from lms.reports.names import Selection, State
from lms.reports.trail import Filters

bp = Blueprint("reports", __name__, url_prefix="/reports", template_folder="templates")


@bp.get("/completion")
@allow(roles("admin", "trainer"), heavy=True)
def completion() -> ResponseReturnValue:
    actor = current_actor()
    if not actor.has("admin"):
        return see("reports.courses")
    asked = inquiry.read(actor)
    return render_template(
        "reports/completion.html", asked=asked, ways=access.ways_from(actor, asked.unit), board=queries.by_unit(asked)
    )


@bp.get("/courses")
@allow(roles("admin", "trainer"), heavy=True)
def courses() -> ResponseReturnValue:
    actor = current_actor()
    asked = inquiry.read(actor, teaching=True)
    return render_template(
        "reports/courses.html", asked=asked, ways=access.ways_from(actor, asked.unit), rows=queries.by_course(asked)
    )


@bp.get("/years")
@allow(roles("admin"), heavy=True)
def completion_years() -> ResponseReturnValue:
    actor = current_actor()
    asked = inquiry.read(actor)
    return render_template(
        "reports/completion_years.html",
        asked=asked,
        ways=access.ways_from(actor, asked.unit),
        rows=queries.by_year(asked),
    )


@bp.get("/people")
@allow(roles("admin"), heavy=True)
def completion_people() -> ResponseReturnValue:
    actor = current_actor()
    selection = _read_selection()
    return render_template(
        "reports/completion_people.html",
        asked=selection.inquiry,
        selection=selection,
        ways=access.ways_from(actor, selection.inquiry.unit),
        count=names.count_people(selection),
        page=names.list_people(selection, cursor=arg_text("cursor", 2000)),
        states=State,
        mask=mask_phone,
    )


@bp.post("/<any(completion, courses, years):page>/export")
@allow(roles("admin", "trainer"), heavy=True)
def export(page: str) -> ResponseReturnValue:
    actor = current_actor()
    require(page == "courses" or actor.has("admin"))
    asked = inquiry.read(actor, teaching=page == "courses")
    table = sheets.BOARDS[page](asked)
    actions.record_export(page, asked, actor=actor, now=clock.now())
    label = f"{table.name}-{asked.unit.name}-{asked.year}.xlsx"
    return hand_out(write_xlsx([table]), label)


@bp.post("/people/export")
@allow(roles("admin"), heavy=True)
def export_people() -> ResponseReturnValue:
    actor = current_actor()
    selection = _read_selection()
    table, asked = sheets.people(selection), selection.inquiry
    actions.record_export("people", asked, actor=actor, now=clock.now())
    label = f"{table.name}-{asked.unit.name}-{asked.year}-{selection.state.label}.xlsx"
    return hand_out(write_xlsx([table]), label)


@bp.get("/audit")
@allow(roles("admin"), heavy=True)
def audit() -> ResponseReturnValue:
    actor = current_actor()
    filters = Filters(
        group=arg_choice("group", list(verbs.GROUPS)),
        words=arg_text("q", 80),
        since=inquiry.read_day("since"),
        until=inquiry.read_day("until"),
    )
    page = trail.list_acts(actor, filters, cursor=arg_text("cursor", 2000))
    return render_template("reports/audit.html", page=page, filters=filters, groups=verbs.GROUPS)


def _read_selection() -> Selection:
    """Whom the address asks for."""
    state = State(arg_choice("state", list(State), State.ALL))
    return Selection(inquiry.read(current_actor()), state, direct=arg_choice("direct", ["1"]) == "1")
