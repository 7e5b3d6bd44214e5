"""Pages for the two: proposals to answer, a mentor to ask, wishes. And what the unit does beside rounds."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import Denied
from lms.core.forms import SelectChoice
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_choice, arg_text, current_actor, flash_done, require, roles, see, signed_in
from lms.hours.kinds import Ability
from lms.mentoring import access as mentoring_access
from lms.mentoring import candidates, departures
from lms.mentoring.kinds import Choice, Side
from lms.mentoring.terms import add_months
from lms.mentors import access as mentors_access
from lms.mentors import queries as mentors
from lms.mentors.models import MentorState
from lms.pairing import access, queries, reasons, replies
from lms.pairing.blueprint import bp
from lms.pairing.forms import AskForm, DecideForm, DeclineForm, HandForm, NoteForm, WishForm


@bp.get("/mine")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    rows = queries.list_own(current_actor())
    return render_template(
        "pairing/mine.html", rows=rows, waits_for=queries.waits_for, sentence=reasons.sentence, Side=Side
    )


@bp.post("/proposals/<id:proposal_id>/accept")
@allow(signed_in)
def accept(proposal_id: int) -> ResponseReturnValue:
    actor = current_actor()
    proposal, side = access.get_own(actor, proposal_id)
    replies.reply(proposal, side, accepts=True, actor=actor, now=clock.now())
    if proposal.pairing_id:
        flash_done(_("双方都已同意，结对开始了。下一步：一起写好结对卡。"))
    else:
        flash_done(_("您已同意，等对方答复。"))
    return see("pairing.mine")


@bp.route("/proposals/<id:proposal_id>/decline", methods=["GET", "POST"])
@allow(signed_in)
def decline(proposal_id: int) -> ResponseReturnValue:
    actor = current_actor()
    proposal, side = access.get_own(actor, proposal_id)
    form = DeclineForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            reason = form.reason.data or ""
            replies.reply(proposal, side, accepts=False, reason=reason, actor=actor, now=clock.now())
            flash_done(_("已谢绝，单位会另作安排。"))
            return see("pairing.mine")
    return render_template("pairing/decline.html", form=form, proposal=proposal, side=side), 422 if form.errors else 200


@bp.get("/choose")
@allow(signed_in)
def choose() -> ResponseReturnValue:
    actor = current_actor()
    ability = arg_choice("ability", list(Ability))
    page = mentors.list_offered(actor, ability=ability, cursor=arg_text("cursor", 2000))
    free = queries.places_of([row.id for row in page.items])
    return render_template("pairing/choose.html", page=page, free=free, ability=ability, abilities=Ability)


@bp.route("/choose/<id:mentor_id>", methods=["GET", "POST"])
@allow(signed_in)
def ask(mentor_id: int) -> ResponseReturnValue:
    actor, today = current_actor(), clock.today()
    mentor = mentors_access.get_mentor(actor, mentor_id)
    person = mentors_access.get_own_person(actor)
    unit = mentors.find_home_street(person.id)
    if unit is None or mentor.state is not MentorState.ACTIVE:
        raise Denied()
    form = AskForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            rule = mentors.rule_at(unit.path, today)
            replies.ask(
                mentor, person, unit=unit, starts_on=today, ends_on=add_months(today, rule.term_months),
                note=form.note.data or "", actor=actor, now=clock.now(),
            )  # fmt: skip
            flash_done(_("已请%(name)s当您的导师，等对方答复。", name=mentor.person.name))
            return see("pairing.mine")
    return render_template("pairing/ask.html", form=form, mentor=mentor), 422 if form.errors else 200


@bp.route("/wishes/<any(mentor, mentee):side>", methods=["GET", "POST"])
@allow(signed_in)
def wishes(side: str) -> ResponseReturnValue:
    """Whom one would like to be paired with, as a mentee or as a mentor."""
    actor, own = current_actor(), Side(side)
    mentor = mentors.find_mentor_of(actor.person_id)
    if own is Side.MENTOR and (mentor is None or mentor.state is not MentorState.ACTIVE):
        raise Denied()
    own_id = mentor.id if mentor and own is Side.MENTOR else actor.person_id or 0
    form = WishForm()
    form.offer(queries.mentee_choices(mentor) if mentor and own is Side.MENTOR else queries.offered_choices(actor))
    if form.validate_on_submit():
        with form.showing_refusal():
            replies.wish(own, own_id, form.chosen, actor=actor, now=clock.now())
            flash_done(_("志愿已保存，下次安排时会考虑。"))
            return see("pairing.mine")
    elif not form.is_submitted():
        form.begin_with(queries.list_wishes(own, own_id))
    return render_template("pairing/wishes.html", form=form, side=own), 422 if form.errors else 200


# For the unit


@bp.route("/by-hand", methods=["GET", "POST"])
@allow(roles("admin"))
def by_hand() -> ResponseReturnValue:
    actor, today = current_actor(), clock.today()
    rule = mentors.rule_at(actor.paths("admin")[0], today)
    form = HandForm(starts_on=today, ends_on=add_months(today, rule.term_months))
    form.mentor.choices = queries.helper_choices(actor)
    if form.validate_on_submit():
        with form.showing_refusal():
            mentee = mentors.get_by_phone(actor, form.phone.data or "")
            mentor = mentors_access.get_mentor(actor, int(form.mentor.data))
            proposal = replies.propose(
                mentor, mentee, unit=mentors.find_home_street(mentee.id) or mentor.unit, topic=form.topic.data or "",
                starts_on=form.starts_on.day, ends_on=form.ends_on.day, note=form.note.data or "",
                agreed=bool(form.agreed.data), actor=actor, now=clock.now(),
            )  # fmt: skip
            flash_done(_("结对已经开始。") if proposal.pairing_id else _("建议已发出，双方都会收到消息。"))
            return see("pairing.index")
    return render_template("pairing/by_hand.html", form=form), 422 if form.errors else 200


@bp.route("/proposals/<id:proposal_id>/note", methods=["GET", "POST"])
@allow(roles("admin"))
def note(proposal_id: int) -> ResponseReturnValue:
    """The unit notes the answer of somebody who cannot give it here."""
    actor = current_actor()
    proposal = access.get_managed(actor, proposal_id)
    require(actor.person_id not in {proposal.mentee_id, proposal.mentor.person_id})
    form = NoteForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            replies.reply(
                proposal, Side(form.side.data), accepts=form.answer.data == "accept", reason=form.reason.data or "",
                on_behalf=True, actor=actor, now=clock.now(),
            )  # fmt: skip
            flash_done(_("已代为登记答复。"))
            return see("pairing.round", round_id=proposal.round_id) if proposal.round_id else see("pairing.index")
    return render_template("pairing/note.html", form=form, proposal=proposal), 422 if form.errors else 200


@bp.post("/proposals/<id:proposal_id>/withdraw")
@allow(roles("admin"))
def withdraw(proposal_id: int) -> ResponseReturnValue:
    actor = current_actor()
    proposal = access.get_managed(actor, proposal_id)
    replies.withdraw(proposal, actor=actor, now=clock.now())
    flash_done(_("建议已撤回。"))
    return see("pairing.round", round_id=proposal.round_id) if proposal.round_id else see("pairing.index")


@bp.get("/departures", endpoint="departures")
@allow(roles("admin"))
def list_departures() -> ResponseReturnValue:
    page = departures.list_departures(current_actor(), cursor=arg_text("cursor", 2000))
    return render_template("pairing/departures.html", page=page, cause_of=departures.cause_of)


@bp.route("/departures/<id:pairing_id>", methods=["GET", "POST"])
@allow(roles("admin"))
def decide(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat, now = mentoring_access.get_seat(actor, pairing_id), clock.now()
    require(seat.runs)
    pairing = seat.pairing
    form = DecideForm()
    form.mentor.choices = [SelectChoice("", "—"), *candidates.list_choices(pairing)]
    if form.validate_on_submit():
        with form.showing_refusal():
            heir = candidates.get_candidate(pairing, int(form.mentor.data)) if form.mentor.data else None
            reason, choice = form.reason.data or "", Choice(form.choice.data)
            departures.decide(pairing, choice, reason=reason, heir=heir, actor=actor, now=now)
            flash_done(_("已安排。"))
            return see("pairing.departures")
    cause = departures.cause_of(pairing.mentor) if departures.waits(pairing, now=now) else None
    page = render_template("pairing/decide.html", form=form, pairing=pairing, cause=cause)
    return page, 422 if form.errors else 200
