"""Meetings and evaluations: note, confirm, take back, evaluate; and a mentor's lectures."""

from secrets import token_urlsafe

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import Denied
from lms.core.i18n import gettext as _
from lms.core.web import allow, current_actor, flash_done, require, see, signed_in
from lms.mentoring import access, evaluations, lectures, meetings
from lms.mentoring.blueprint import bp
from lms.mentoring.forms import LectureForm, MeetingForm, NothingForm, evaluation_form
from lms.mentors.queries import find_mentor_of


@bp.route("/<id:pairing_id>/meetings/new", methods=["GET", "POST"])
@allow(signed_in)
def meet(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    form = MeetingForm(held_on=clock.today(), token=token_urlsafe(16))
    if form.validate_on_submit():
        with form.showing_refusal():
            side = access.require_side(seat)
            meetings.note(seat.pairing, side, form.note, actor=actor, now=clock.now())
            flash_done(_("已记下。对方点一下确认，这次见面就算数。"))
            return see("mentoring.show", pairing_id=seat.pairing.id)
    return render_template("mentoring/meeting_form.html", form=form, seat=seat), 422 if form.errors else 200


@bp.post("/<id:pairing_id>/meetings/<id:meeting_id>/confirmation")
@allow(signed_in)
def confirm(pairing_id: int, meeting_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    meeting = access.get_meeting(seat, meeting_id)
    if NothingForm().validate():
        meetings.confirm(seat.pairing, access.require_side(seat), meeting, actor=actor, now=clock.now())
        flash_done(_("已确认。"))
    return see("mentoring.show", pairing_id=seat.pairing.id)


@bp.post("/<id:pairing_id>/meetings/<id:meeting_id>/withdrawal")
@allow(signed_in)
def withdraw(pairing_id: int, meeting_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    meeting = access.get_meeting(seat, meeting_id)
    if NothingForm().validate():
        meetings.withdraw(seat.pairing, access.require_side(seat), meeting, actor=actor, now=clock.now())
        flash_done(_("已撤回，谈话内容一并删除。"))
    return see("mentoring.show", pairing_id=seat.pairing.id)


@bp.route("/<id:pairing_id>/evaluation", methods=["GET", "POST"])
@allow(signed_in)
def evaluate(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    goals, due = access.list_goals(seat.pairing), evaluations.due_stage(seat.pairing, now=clock.now())
    form = evaluation_form(goals)
    if form.validate_on_submit():
        with form.showing_refusal():
            side, words = access.require_side(seat), form.words.data or ""
            now = clock.now()
            evaluations.evaluate(seat.pairing, side, marks=form.marks(goals), words=words, actor=actor, now=now)
            flash_done(_("评价已保存。"))
            return see("mentoring.show", pairing_id=seat.pairing.id)
    fields = form.goal_fields(goals)
    page = render_template("mentoring/evaluation_form.html", form=form, fields=fields, seat=seat, due=due)
    return page, 422 if form.errors else 200


@bp.route("/lectures/new", methods=["GET", "POST"])
@allow(signed_in)
def note_lecture() -> ResponseReturnValue:
    actor = current_actor()
    mentor = find_mentor_of(actor.person_id)
    if mentor is None:
        raise Denied()
    form = LectureForm(held_on=clock.today())
    if form.validate_on_submit():
        with form.showing_refusal():
            lectures.note(mentor, **form.values, actor=actor, now=clock.now())
            flash_done(_("已记下，等单位确认。"))
            return see("mentoring.mine")
    return render_template("mentoring/lecture_form.html", form=form), 422 if form.errors else 200
