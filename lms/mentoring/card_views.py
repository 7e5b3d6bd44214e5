"""The card, on the page and on paper, and the plan."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import allow, current_actor, flash_done, require, see, signed_in
from lms.mentoring import access, cards, pages
from lms.mentoring.blueprint import bp
from lms.mentoring.forms import CardForm, PlanStepForm, SignForm, TickForm
from lms.mentoring.kinds import Side


@bp.route("/<id:pairing_id>/card", methods=["GET", "POST"])
@allow(signed_in)
def card(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    standing = cards.read(seat.pairing)
    form = CardForm(obj=standing.text, data={f"goal_{goal.ability}": goal.aim for goal in standing.goals})
    if form.validate_on_submit():
        with form.showing_refusal():
            cards.write(
                seat.pairing,
                goals=form.goals,
                mentor_does=form.mentor_does.data or "",
                mentee_does=form.mentee_does.data or "",
                actor=actor,
                now=clock.now(),
            )
            flash_done(_("结对卡已保存，请双方签署。"))
            return see("mentoring.show", pairing_id=seat.pairing.id)
    return render_template("mentoring/card_form.html", form=form, seat=seat), 422 if form.errors else 200


@bp.post("/<id:pairing_id>/signature")
@allow(signed_in)
def sign(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    form = SignForm()
    if form.validate():
        side, revision = access.require_side(seat), form.revision.data
        cards.sign(seat.pairing, side, revision=revision, actor=actor, now=clock.now())
        flash_done(_("已签署。"))
    return see("mentoring.show", pairing_id=seat.pairing.id)


@bp.get("/<id:pairing_id>/card/print")
@allow(signed_in)
def print_card(pairing_id: int) -> ResponseReturnValue:
    seat = access.get_seat(current_actor(), pairing_id)
    return render_template(
        "mentoring/print_cards.html", papers=cards.papers(current_actor(), [seat.pairing]), seat=seat
    )


@bp.post("/<id:pairing_id>/plan")
@allow(signed_in)
def add_plan_step(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    form = PlanStepForm()
    if form.validate():
        with form.showing_refusal():
            cards.add_plan_step(seat.pairing, words=form.words.data or "", actor=actor, now=clock.now())
            return see("mentoring.show", pairing_id=seat.pairing.id, _anchor="plan")
    page = pages.read(actor, seat, now=clock.now())
    return render_template("mentoring/show.html", page=page, form=form, sides=Side), 422


@bp.post("/<id:pairing_id>/plan/<id:step_id>")
@allow(signed_in)
def tick_plan_step(pairing_id: int, step_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    require(seat.side is not None)
    step = access.get_plan_step(seat, step_id)
    form = TickForm()
    if form.validate():
        cards.tick_plan_step(seat.pairing, step, done=form.done.data == "1", actor=actor, now=clock.now())
    return see("mentoring.show", pairing_id=seat.pairing.id, _anchor="plan")
