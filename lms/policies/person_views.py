"""Pages of a person's duties for administrators: standings with their reasons, and exemptions."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, current_actor, flash_done, require, roles, see
from lms.people import access as people
from lms.people.models import Person
from lms.policies import access, duties, exempting, queries
from lms.policies.forms import EndExemptionForm, ExemptionForm
from lms.policies.kinds import ExemptionKind

bp = Blueprint("duties", __name__, template_folder="templates")


@bp.get("/people/<id:person_id>/duties")
@allow(roles("admin"))
def show(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = people.get_administered(actor, person_id)
    known = duties.list_duties(person.id)
    return render_template(
        "policies/person.html",
        person=person,
        duties=known,
        entries=queries.entries_by_id(person.id, duties.entry_ids(known)),
        exemptions=queries.list_exemptions(person.id),
        may_administer=people.may_administer(actor, person),
        in_force=exempting.is_in_force,
    )


@bp.route("/people/<id:person_id>/exemptions", methods=["GET", "POST"])
@allow(roles("admin"))
def exempt(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = people.get_administered(actor, person_id)
    require(people.may_administer(actor, person))
    form = ExemptionForm(from_on=clock.today())
    if form.validate_on_submit():
        with form.showing_refusal():
            exempting.grant(
                person,
                kind=ExemptionKind(form.kind.data),
                from_on=form.from_on.day,
                until_on=form.until_on.day,
                reason=form.reason.data or "",
                decided_by=form.decided_by.data or "",
                actor=actor,
                now=clock.now(),
            )
            flash_done(_("免训已登记。"))
            return see("duties.show", person_id=person.id)
    return render_template("policies/exempt.html", form=form, person=person), 422 if form.errors else 200


@bp.route("/exemptions/<id:exemption_id>/end", methods=["GET", "POST"])
@allow(roles("admin"))
def end_exemption(exemption_id: int) -> ResponseReturnValue:
    actor = current_actor()
    exemption = access.get_exemption(actor, exemption_id)
    require(people.may_administer(actor, exemption.person))
    form = EndExemptionForm(last_day=clock.today())
    if form.validate_on_submit():
        with form.showing_refusal():
            exempting.end(
                exemption, last_day=form.last_day.day, reason=form.reason.data or "", actor=actor, now=clock.now()
            )
            flash_done(_("免训已结束，原来的登记保留备查。"))
            return see("duties.show", person_id=exemption.person_id)
    page = render_template("policies/end_exemption.html", form=form, exemption=exemption, person=exemption.person)
    return page, 422 if form.errors else 200


def section_of(_actor: Actor, person: Person) -> dict[str, Any]:
    """What the page of a person says about training duties."""
    return {"person": person, "duties": duties.list_current(person.id)}
