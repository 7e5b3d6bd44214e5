"""Pages of papers for many people: choose a unit and a year, issue, print all in one go."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.web import LARGEST_ID, allow, arg_int, current_actor, roles, see
from lms.hours.statement_views import printed
from lms.records import access, papers
from lms.records.blueprint import bp
from lms.records.forms import BatchForm
from lms.units import access as units_access

FIRST_YEAR = 2000
YEARS_SHOWN = 5


@bp.route("/papers", methods=["GET", "POST"])
@allow(roles("admin"), heavy=True)
def batches() -> ResponseReturnValue:
    actor, today = current_actor(), clock.today()
    unit = units_access.get_administered(actor, arg_int("unit", 0, 1, LARGEST_ID))
    year = arg_int("year", today.year, FIRST_YEAR, today.year)
    form = BatchForm()
    form.title.choices = papers.training_choices(actor, unit, year)
    if form.validate_on_submit():
        with form.showing_refusal():
            title = (form.title.data or "") if form.kind.data == "training" else None
            batch = papers.issue(unit, year=year, title=title, actor=actor, now=clock.now())
            return see("records.batch", batch_id=batch.id)
    page = render_template(
        "records/batches.html",
        form=form,
        unit=unit,
        year=year,
        years=range(today.year, today.year - YEARS_SHOWN, -1),
        units=papers.list_units(actor),
        issued=papers.list_batches(actor),
    )
    return page, 422 if form.errors else 200


@bp.get("/papers/<id:batch_id>")
@allow(roles("admin"), heavy=True)
def batch(batch_id: int) -> ResponseReturnValue:
    found = access.get_batch(current_actor(), batch_id)
    return render_template(
        "records/batch.html", batch=found, papers=[printed(sheet) for sheet in papers.sheets_of(found)]
    )
