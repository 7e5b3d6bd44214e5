"""Pages: mentors and their steps for the unit; becoming a mentor and asking for one for everybody; who needs one."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.accounts import actions as accounts
from lms.core import clock
from lms.core.errors import Denied
from lms.core.forms import Form
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, arg_choice, arg_text, current_actor, flash_done, require, roles, see, signed_in
from lms.hours.kinds import Ability
from lms.mentors import access, actions, queries
from lms.mentors.forms import (
    ApproveForm,
    AskForm,
    EditForm,
    HouseholdForm,
    InviteForm,
    ManageForm,
    ProfileForm,
    ReasonForm,
    facts_of,
)
from lms.mentors.models import Background, MentorState
from lms.people.access import get_administered, may_administer
from lms.people.models import Person
from lms.people.queries import role_units
from lms.units import access as units

bp = Blueprint("mentors", __name__, url_prefix="/mentors", template_folder="templates")


# For the unit


@bp.get("/")
@allow(roles("admin"))
def index() -> ResponseReturnValue:
    actor = current_actor()
    state, words = arg_choice("state", list(MentorState)), arg_text("q")
    page = queries.list_mentors(actor, state=state, words=words, cursor=arg_text("cursor", 2000))
    places = queries.read_places(page.items, clock.today())
    return render_template("mentors/index.html", page=page, state=state, words=words, states=MentorState, places=places)


@bp.route("/invite", methods=["GET", "POST"])
@allow(roles("admin"))
def invite() -> ResponseReturnValue:
    actor = current_actor()
    form = InviteForm(background=Background.WORKER.value)
    form.reach.choices = role_units(actor)
    if form.validate_on_submit():
        with form.showing_refusal():
            reach = units.get_unit(actor, int(form.reach.data))
            person = actions.find_or_enter(
                name=form.name.data or "", phone=form.phone.data or "", actor=actor, now=clock.now()
            )
            mentor = actions.invite(person, reach=reach, profile=form.profile, actor=actor, now=clock.now())
            flash_done(_("已邀请 %(name)s，等待本人答复。", name=person.name))
            return see("mentors.show", mentor_id=mentor.id)
    return render_template("mentors/invite.html", form=form), 422 if form.errors else 200


@bp.get("/<id:mentor_id>")
@allow(signed_in)
def show(mentor_id: int) -> ResponseReturnValue:
    actor = current_actor()
    mentor = access.get_mentor(actor, mentor_id)
    manages = access.may_manage(actor, mentor)
    form = ApproveForm(reach=str(mentor.reach_id))
    form.reach.choices = role_units(actor) if manages else []
    return render_template(
        "mentors/show.html",
        mentor=mentor,
        abilities=[Ability(value) for value in mentor.abilities],
        most=queries.capacity_of(mentor, queries.rule_at(mentor.unit.path, clock.today())),
        steps=queries.list_steps(mentor) if manages or mentor.person_id == actor.person_id else None,
        household=queries.list_household(actor, mentor.person_id) if manages else [],
        manages=manages,
        may_issue_slip=access.may_issue_slip(actor, mentor),
        may_edit=access.may_edit(actor, mentor),
        form=form,
    )


@bp.route("/<id:mentor_id>/edit", methods=["GET", "POST"])
@allow(signed_in)
def edit(mentor_id: int) -> ResponseReturnValue:
    actor = current_actor()
    mentor = access.get_mentor(actor, mentor_id)
    require(access.may_edit(actor, mentor))
    manages = access.may_manage(actor, mentor)
    form = ManageForm(data=facts_of(mentor)) if manages else EditForm(data=facts_of(mentor))
    if manages:
        form.reach.choices = role_units(actor)
    if form.validate_on_submit():
        with form.showing_refusal():
            reach = units.get_unit(actor, int(form.reach.data)) if manages else None
            actions.edit(mentor, form.profile, reach=reach, actor=actor, now=clock.now())
            flash_done(_("导师资料已保存。"))
            return see("mentors.show", mentor_id=mentor.id)
    return render_template("mentors/edit.html", form=form, mentor=mentor), 422 if form.errors else 200


@bp.post("/<id:mentor_id>/approve")
@allow(roles("admin"))
def approve(mentor_id: int) -> ResponseReturnValue:
    actor = current_actor()
    mentor = access.get_managed(actor, mentor_id)
    require(access.may_manage(actor, mentor))
    form = ApproveForm()
    form.reach.choices = role_units(actor)
    if form.validate():
        with form.showing_refusal():
            reach = units.get_unit(actor, int(form.reach.data))
            actions.approve(mentor, reach=reach, actor=actor, now=clock.now())
            flash_done(_("%(name)s 已成为导师。", name=mentor.person.name))
            return see("mentors.show", mentor_id=mentor.id)
    return render_template("mentors/refused.html", form=form, mentor=mentor), 422


#: What the unit does to a mentor and must give a reason for.
REASONED = {"refuse": actions.refuse, "pause": actions.pause, "end": actions.end, "decline": actions.decline}


@bp.route("/<id:mentor_id>/<any(refuse, pause, end, decline):step>", methods=["GET", "POST"])
@allow(signed_in)
def leave(mentor_id: int, step: str) -> ResponseReturnValue:
    """Refuse an applicant, pause or end a mentor; a person declines their own invitation, or the unit notes it."""
    actor = current_actor()
    mentor = access.get_mentor(actor, mentor_id)
    own = mentor.person_id == actor.person_id
    require(access.may_manage(actor, mentor) or (own and step != "refuse"))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            REASONED[step](mentor, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("已记录。"))
            return see("mentors.mine") if own else see("mentors.show", mentor_id=mentor.id)
    return render_template("mentors/leave.html", form=form, mentor=mentor, step=step, own=own), (
        422 if form.errors else 200
    )


@bp.post("/<id:mentor_id>/<any(accept, resume):step>")
@allow(signed_in)
def come_back(mentor_id: int, step: str) -> ResponseReturnValue:
    """Accept an invitation; take up again what was paused."""
    actor = current_actor()
    mentor = access.get_mentor(actor, mentor_id)
    own = mentor.person_id == actor.person_id
    require(own or access.may_manage(actor, mentor))
    form = Form()
    if form.validate():
        with form.showing_refusal():
            (actions.accept if step == "accept" else actions.resume)(mentor, actor=actor, now=clock.now())
            flash_done(_("已记录。"))
            return see("mentors.mine") if own else see("mentors.show", mentor_id=mentor.id)
    return render_template("mentors/refused.html", form=form, mentor=mentor), 422


@bp.post("/<id:mentor_id>/slip")
@allow(roles("admin"))
def slip(mentor_id: int) -> ResponseReturnValue:
    """A one-time code for a mentor from outside, who is on no roster; shown in this answer alone.

    To who has a password it is the way back in: that password and every sign-in end.
    """
    actor = current_actor()
    mentor = access.get_managed(actor, mentor_id)
    require(access.may_issue_slip(actor, mentor))
    issue = accounts.reset if access.is_account_in_use(mentor) else accounts.issue_activation
    code = issue(mentor.person, actor=actor, now=clock.now())
    return render_template("mentors/slip.html", mentor=mentor, code=code)


@bp.route("/<id:mentor_id>/household", methods=["GET", "POST"])
@allow(roles("admin"))
def household(mentor_id: int) -> ResponseReturnValue:
    actor = current_actor()
    mentor = access.get_managed(actor, mentor_id)
    form = HouseholdForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            other = queries.get_by_phone(actor, form.phone.data or "")
            actions.declare_household(mentor.person, other, actor=actor, now=clock.now())
            flash_done(_("已登记，两人不会被推荐结对。"))
            return see("mentors.show", mentor_id=mentor.id)
    return render_template("mentors/household.html", form=form, mentor=mentor), 422 if form.errors else 200


# For everybody


@bp.get("/mine")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    actor = current_actor()
    mentor = queries.find_mentor_of(actor.person_id)
    return render_template(
        "mentors/mine.html",
        mentor=mentor,
        steps=queries.list_steps(mentor) if mentor else [],
        asked=queries.find_request_of(actor.person_id),
        form=AskForm(),
    )


@bp.route("/apply", methods=["GET", "POST"])
@allow(signed_in)
def apply() -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_own_person(actor)
    unit = queries.find_home_street(person.id)
    if unit is None:
        raise Denied()
    form = ProfileForm(background=Background.WORKER.value)
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.apply(person, unit=unit, profile=form.profile, actor=actor, now=clock.now())
            flash_done(_("申请已提交，由%(unit)s审核。", unit=unit.name))
            return see("mentors.mine")
    return render_template("mentors/apply.html", form=form, unit=unit), 422 if form.errors else 200


@bp.post("/ask")
@allow(signed_in)
def ask() -> ResponseReturnValue:
    actor = current_actor()
    form = AskForm()
    if form.validate():
        with form.showing_refusal():
            person = access.get_own_person(actor)
            actions.ask(
                person, abilities=form.abilities.chosen, note=form.note.data or "", actor=actor, now=clock.now()
            )
            flash_done(_("已申请。单位安排后会告诉您。"))
            return see("mentors.mine")
    mentor = queries.find_mentor_of(actor.person_id)
    asked = queries.find_request_of(actor.person_id)
    return render_template("mentors/mine.html", form=form, mentor=mentor, steps=[], asked=asked), 422


@bp.post("/ask/withdraw")
@allow(signed_in)
def withdraw() -> ResponseReturnValue:
    actor = current_actor()
    asked = queries.find_request_of(actor.person_id)
    if asked is not None:
        actions.end_request(asked, actor=actor, now=clock.now())
        flash_done(_("申请已撤回。"))
    return see("mentors.mine")


@bp.post("/people/<id:person_id>/ask")
@allow(roles("admin"))
def ask_for(person_id: int) -> ResponseReturnValue:
    """The unit notes that somebody without an account asked for a mentor."""
    actor = current_actor()
    person = get_administered(actor, person_id)
    if queries.find_request_of(person.id) is None:
        actions.ask(person, abilities=[], note="", actor=actor, now=clock.now())
    flash_done(_("已登记 %(name)s 的申请。", name=person.name))
    return see("people.show", person_id=person.id)


def section_of(actor: Actor, person: Person) -> dict[str, Any]:
    """What a person's page says: a mentor or not, and whether they asked for one."""
    mentor = queries.find_mentor_of(person.id)
    seen = mentor is not None and (actor.covers(mentor.unit.path, "admin") or actor.covers(mentor.reach.path, "admin"))
    return {
        "person_id": person.id,
        "mentor": mentor if seen else None,
        "asked": queries.find_request_of(person.id),
        "may_note": may_administer(actor, person),
    }
