"""Pause, resume, end quietly; and what the unit does: end, complete, hand over."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import allow, current_actor, flash_done, require, roles, see, signed_in
from lms.mentoring import access, actions, candidates, terms
from lms.mentoring.blueprint import bp
from lms.mentoring.forms import HandOverForm, NothingForm, ReasonForm
from lms.mentors.queries import rule_at


@bp.route("/<id:pairing_id>/pause", methods=["GET", "POST"])
@allow(signed_in)
def pause(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None or seat.runs)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.pause(seat.pairing, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("结对已暂停。"))
            return see("mentoring.show", pairing_id=seat.pairing.id)
    return render_template("mentoring/pause.html", form=form, seat=seat), 422 if form.errors else 200


@bp.post("/<id:pairing_id>/resumption")
@allow(signed_in)
def resume(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None or seat.runs)
    if NothingForm().validate():
        actions.resume(seat.pairing, actor=actor, now=clock.now())
        flash_done(_("结对已恢复。"))
    return see("mentoring.show", pairing_id=seat.pairing.id)


@bp.route("/<id:pairing_id>/end", methods=["GET", "POST"])
@allow(signed_in)
def end(pairing_id: int) -> ResponseReturnValue:
    """One of the two ends it quietly, the unit openly."""
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None or seat.runs)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            act = actions.end_quietly if seat.side else actions.end_early
            act(seat.pairing, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("这一期已经结束。"))
            return see("mentoring.show", pairing_id=seat.pairing.id)
    return render_template("mentoring/end.html", form=form, seat=seat), 422 if form.errors else 200


@bp.post("/<id:pairing_id>/completion")
@allow(roles("admin"))
def complete(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.runs)
    if NothingForm().validate():
        actions.complete(seat.pairing, actor=actor, now=clock.now())
        flash_done(_("这一期已结业，双方的学时已记入。"))
    return see("mentoring.show", pairing_id=seat.pairing.id)


@bp.route("/<id:pairing_id>/next", methods=["GET", "POST"])
@allow(roles("admin"))
def hand_over(pairing_id: int) -> ResponseReturnValue:
    actor, today = current_actor(), clock.today()
    seat = access.get_seat(actor, pairing_id)
    require(seat.runs)
    months = rule_at(seat.pairing.unit.path, today).term_months
    form = HandOverForm(starts_on=today, ends_on=terms.add_months(today, months))
    form.mentor.choices = candidates.list_choices(seat.pairing)
    if form.validate_on_submit():
        with form.showing_refusal():
            mentor = candidates.get_candidate(seat.pairing, form.mentor.data)
            began = actions.hand_over(seat.pairing, mentor, **form.values, actor=actor, now=clock.now())
            flash_done(_("新的一期已经开始，请双方写好结对卡。"))
            return see("mentoring.show", pairing_id=began.id)
    return render_template("mentoring/hand_over.html", form=form, seat=seat), 422 if form.errors else 200
