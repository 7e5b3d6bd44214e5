"""The look-up for the yearly appraisal, on the page and as a workbook."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.files import hand_out
from lms.core.spreadsheets import write_xlsx
from lms.core.web import LARGEST_ID, allow, arg_int, arg_text, current_actor, roles
from lms.records import appraisal as asking
from lms.records import papers
from lms.records.appraisal import Question
from lms.records.blueprint import bp
from lms.records.paper_views import FIRST_YEAR, YEARS_SHOWN
from lms.units import access as units_access


@bp.get("/appraisal")
@allow(roles("admin"), heavy=True)
def appraisal() -> ResponseReturnValue:
    question = _read()
    this_year = clock.today().year
    return render_template(
        "records/appraisal.html",
        question=question,
        page=asking.look_up(question, cursor=arg_text("cursor", 2000)),
        units=papers.list_units(question.actor),
        years=range(this_year, this_year - YEARS_SHOWN, -1),
    )


@bp.post("/appraisal/export")
@allow(roles("admin"), heavy=True)
def export_appraisal() -> Response:
    question = _read()
    made = asking.table(question)
    asking.record_export(question, actor=question.actor, now=clock.now())
    return hand_out(write_xlsx([made]), f"{made.name}-{question.unit.name}-{question.year}.xlsx")


def _read() -> Question:
    actor = current_actor()
    unit = units_access.get_administered(actor, arg_int("unit", 0, 1, LARGEST_ID))
    year = clock.today().year
    return Question(actor, unit, arg_int("year", year, FIRST_YEAR, year), arg_text("q", 80))
