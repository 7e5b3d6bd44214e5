"""Pages of the ledger: one's own record, a person's ledger for administrators, and the reversal of a wrong entry."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, arg_choice, arg_int, current_actor, flash_done, require, roles, see, signed_in
from lms.hours import access, actions, queries, record_parts
from lms.hours.forms import ReverseForm
from lms.hours.kinds import HourKind, Tier
from lms.people import access as people_access
from lms.people.models import Person

bp = Blueprint("hours", __name__, template_folder="templates")

FIRST_YEAR, LAST_YEAR = 1990, 9998


@bp.get("/record")
@allow(signed_in)
def record() -> ResponseReturnValue:
    actor = current_actor()
    asked = _filters()
    person_id = actor.person_id or 0
    return render_template(
        "hours/record.html",
        parts=record_parts.read_all(actor),
        entries=queries.list_entries(person_id, asked),
        balances=queries.list_balances(person_id),
        asked=asked,
        tiers=Tier,
        kinds=HourKind,
    )


@bp.get("/people/<id:person_id>/hours")
@allow(roles("admin"))
def ledger(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = people_access.get_administered(actor, person_id)
    asked = _filters()
    return render_template(
        "hours/ledger.html",
        person=person,
        entries=queries.list_entries(person.id, asked),
        balances=queries.list_balances(person.id),
        asked=asked,
        tiers=Tier,
        kinds=HourKind,
    )


def _filters() -> queries.Filters:
    """What the address narrows a record to."""
    return queries.Filters(
        year=arg_int("year", 0, FIRST_YEAR, LAST_YEAR),
        tier=arg_choice("tier", list(Tier)),
        kind=arg_choice("kind", list(HourKind)),
        state=arg_choice("state", ("standing", "reversed")),
    )


@bp.get("/hours/<id:entry_id>")
@allow(signed_in)
def show(entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    entry = access.get_entry(actor, entry_id)
    return render_template(
        "hours/show.html",
        entry=entry,
        origin=queries.origin_of(entry),
        mine=entry.person_id == actor.person_id,
        may_open_ledger=access.may_open_ledger(actor, entry),
        may_reverse=access.may_reverse(actor, entry),
    )


@bp.route("/hours/<id:entry_id>/reversal", methods=["GET", "POST"])
@allow(roles("admin"))
def reverse(entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    entry = access.get_entry(actor, entry_id)
    require(access.may_reverse(actor, entry))
    form = ReverseForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.reverse(entry, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("记录已冲销，原记录保留备查。"))
            return see("hours.show", entry_id=entry.id)
    origin = queries.origin_of(entry)
    return render_template("hours/reverse.html", form=form, entry=entry, origin=origin), 422 if form.errors else 200


def section_of(actor: Actor, person: Person) -> dict[str, Any]:
    """What the page of a person says about hours."""
    return {"person": person, "balances": queries.list_balances(person.id)}
