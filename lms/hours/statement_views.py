"""Pages of statements: ask for one, print it, and let anyone check it by its code."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, qr
from lms.core.web import allow, anyone, arg_text, current_actor, require, roles, see, signed_in
from lms.hours import access, statements
from lms.hours.forms import StatementForm
from lms.people import access as people_access
from lms.people.models import Person

bp = Blueprint("statements", __name__, template_folder="templates")


@bp.route("/record/statements", methods=["GET", "POST"])
@allow(signed_in)
def mine() -> ResponseReturnValue:
    actor = current_actor()
    person = people_access.get_person(actor, actor.person_id or 0)
    return _issue(person, "statements/mine.html")


@bp.route("/people/<id:person_id>/statements", methods=["GET", "POST"])
@allow(roles("admin"))
def of_person(person_id: int) -> ResponseReturnValue:
    person = people_access.get_administered(current_actor(), person_id)
    return _issue(person, "statements/of_person.html")


def _issue(person: Person, template: str) -> ResponseReturnValue:
    """The list of what was issued, and the form that issues another."""
    actor, today = current_actor(), clock.today()
    form = StatementForm(from_on=today.replace(month=1, day=1), to_on=today)
    if form.validate_on_submit():
        with form.showing_refusal():
            issued = statements.issue(
                person, from_on=form.from_on.day, to_on=form.to_on.day, actor=actor, now=clock.now()
            )
            return see("statements.show", statement_id=issued.id)
    issued_before = statements.list_statements(person.id)
    status = 422 if form.errors else 200
    return render_template(template, form=form, person=person, issued=issued_before), status


@bp.get("/statements/<id:statement_id>")
@allow(signed_in)
def show(statement_id: int) -> ResponseReturnValue:
    actor = current_actor()
    sheet = statements.get_sheet(actor, statement_id)
    return render_template(
        "statements/show.html", paper=printed(sheet), mine=sheet.statement.person_id == actor.person_id
    )


@bp.post("/hours/<id:entry_id>/certificate")
@allow(signed_in)
def certify(entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    entry = access.get_entry(actor, entry_id)
    require(access.may_certify(actor, entry))
    issued = statements.certify(entry, actor=actor, now=clock.now())
    return see("statements.show", statement_id=issued.id)


def printed(sheet: statements.Sheet) -> dict[str, Any]:
    """A paper with what is printed at its foot."""
    address = url_for("statements.verify", code=sheet.statement.code, _external=True)
    return {
        "sheet": sheet,
        "code": statements.shown(sheet.statement.code),
        "address": address,
        "qr": qr.svg(address),
    }


@bp.get("/verify")
@allow(anyone)
def verify_form() -> ResponseReturnValue:
    code = arg_text("code", 40)
    if code:
        return see("statements.verify", code=code)
    return render_template("statements/verify_form.html")


@bp.get("/verify/<string(maxlength=40):code>")
@allow(anyone)
def verify(code: str) -> ResponseReturnValue:
    sheet = statements.find_sheet(code)
    if sheet is None:
        return render_template("statements/verify_form.html", unknown=code), 404
    name = statements.masked(sheet.statement.person_name)
    return render_template(
        "statements/verify.html", sheet=sheet, name=name, code=statements.shown(sheet.statement.code)
    )
