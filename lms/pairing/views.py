"""Pages for the unit: who needs a mentor, mentors with places, rounds and what is done to them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import LARGEST_ID, allow, arg_choice, arg_int, arg_text, current_actor, flash_done, roles, see
from lms.mentoring.departures import count_departures
from lms.mentoring.terms import add_months
from lms.mentors import access as mentors_access
from lms.mentors import queries as mentors
from lms.mentors.needs import USUAL, Reason
from lms.pairing import access, lines, queries, reasons, rounds
from lms.pairing.blueprint import bp
from lms.pairing.forms import FixForm, RoundForm
from lms.pairing.models import ChangeKind, PairingRound, Solving


@bp.get("/needs")
@allow(roles("admin"), heavy=True)
def needs() -> ResponseReturnValue:
    actor = current_actor()
    unit_id = arg_int("unit", 0, 1, LARGEST_ID)
    unit = access.get_unit(actor, unit_id) if unit_id else queries.first_unit(actor)
    reason = arg_choice("reason", list(Reason))
    offset = arg_int("cursor", 0, 0, 10_000_000)
    page, without = (unit and queries.list_needs(unit, reason=reason, offset=offset)) or (None, 0)
    return render_template(
        "pairing/needs.html",
        page=page,
        without=without,
        unit=unit,
        units=queries.unit_choices(actor),
        reason=reason,
        reasons=Reason,
    )


@bp.get("/places")
@allow(roles("admin"))
def places() -> ResponseReturnValue:
    page = queries.list_places(current_actor(), cursor=arg_text("cursor", 2000))
    return render_template("pairing/places.html", page=page)


@bp.get("/")
@allow(roles("admin"))
def index() -> ResponseReturnValue:
    actor = current_actor()
    page = queries.list_rounds(actor, cursor=arg_text("cursor", 2000))
    by_hand = queries.list_waiting_by_hand(actor)
    return render_template("pairing/index.html", page=page, by_hand=by_hand, gone=count_departures(actor))


@bp.route("/rounds/new", methods=["GET", "POST"])
@allow(roles("admin"))
def new() -> ResponseReturnValue:
    actor, today = current_actor(), clock.today()
    unit_id = arg_int("unit", 0, 1, LARGEST_ID)
    unit = access.get_unit(actor, unit_id) if unit_id else queries.first_unit(actor)
    rule = mentors.rule_at(unit.path if unit else None, today)
    form = RoundForm(
        unit=str(unit.id) if unit else None, reasons=list(USUAL), starts_on=today,
        ends_on=add_months(today, rule.term_months),
    )  # fmt: skip
    form.unit.choices = queries.unit_choices(actor)
    if form.validate_on_submit():
        with form.showing_refusal():
            made = rounds.create(
                access.get_unit(actor, int(form.unit.data)), reasons=[Reason(value) for value in form.reasons.data],
                topic=form.topic.data or "", abilities=form.abilities.chosen,
                starts_on=form.starts_on.day, ends_on=form.ends_on.day, actor=actor, now=clock.now(),
            )  # fmt: skip
            return see("pairing.round", round_id=made.id)
    return render_template("pairing/new.html", form=form), 422 if form.errors else 200


@bp.get("/rounds/<id:round_id>", endpoint="round")
@allow(roles("admin"))
def show(round_id: int) -> ResponseReturnValue:
    round_ = access.get_round(current_actor(), round_id)
    only_open = arg_choice("show", ["open"]) == "open"
    return render_template(
        "pairing/round.html",
        round=round_,
        page=lines.list_lines(round_, cursor=arg_text("cursor", 2000), only_open=only_open),
        counts=queries.count_states(round_),
        total=rounds.count_mentees(round_),
        changes=queries.list_changes(round_),
        is_solved=round_.solving is Solving.DONE and round_.solved_revision == round_.revision,
        only_open=only_open,
        at_once=rounds.AT_ONCE,
        sentence=reasons.sentence,
    )


@bp.get("/rounds/<id:round_id>/mentees/<id:person_id>")
@allow(roles("admin"))
def mentee(round_id: int, person_id: int) -> ResponseReturnValue:
    """One mentee of a round: fix another mentor, forbid this one, take them out."""
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    return _mentee_page(round_, person_id, FixForm()), 200


def _mentee_page(round_: PairingRound, person_id: int, form: FixForm) -> str:
    line = lines.get_line(round_, person_id)
    form.mentor.choices = queries.mentor_choices(round_)
    free = queries.places_of([mentor_id for mentor_id, _name in line.others])
    return render_template(
        "pairing/mentee.html", round=round_, line=line, form=form, free=free, sentence=reasons.sentence
    )


@bp.post("/rounds/<id:round_id>/mentees/<id:person_id>/fix")
@allow(roles("admin"))
def fix(round_id: int, person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    person = lines.get_mentee(round_, person_id)
    form = FixForm()
    form.mentor.choices = queries.mentor_choices(round_)
    if form.validate():
        with form.showing_refusal():
            mentor = mentors_access.get_mentor(actor, int(form.mentor.data))
            rounds.change(round_, ChangeKind.FIX, mentee=person, mentor=mentor, actor=actor, now=clock.now())
            flash_done(_("已固定 %(name)s 的导师，其余已重新计算。", name=person.name))
            return see("pairing.round", round_id=round_.id)
    return _mentee_page(round_, person_id, form), 422


@bp.post("/rounds/<id:round_id>/mentees/<id:person_id>/<any(forbid, without):what>")
@allow(roles("admin"))
def exclude(round_id: int, person_id: int, what: str) -> ResponseReturnValue:
    """Not this mentor; or not this mentee at all."""
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    line = lines.get_line(round_, person_id)
    person = lines.get_mentee(round_, person_id)
    if what == "without":
        rounds.change(round_, ChangeKind.WITHOUT_MENTEE, mentee=person, actor=actor, now=clock.now())
    elif line.proposal is None:
        raise Refused(_("现在没有建议给这个人的导师。"))
    else:
        mentor = line.proposal.mentor
        rounds.change(round_, ChangeKind.FORBID, mentee=person, mentor=mentor, actor=actor, now=clock.now())
    flash_done(_("已调整，其余已重新计算。"))
    return see("pairing.round", round_id=round_.id)


@bp.post("/rounds/<id:round_id>/mentors/<id:mentor_id>/without")
@allow(roles("admin"))
def without_mentor(round_id: int, mentor_id: int) -> ResponseReturnValue:
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    mentor = mentors_access.get_mentor(actor, mentor_id)
    rounds.change(round_, ChangeKind.WITHOUT_MENTOR, mentor=mentor, actor=actor, now=clock.now())
    flash_done(_("已调整，其余已重新计算。"))
    return see("pairing.round", round_id=round_.id)


@bp.post("/rounds/<id:round_id>/changes/<id:change_id>/undo")
@allow(roles("admin"))
def undo(round_id: int, change_id: int) -> ResponseReturnValue:
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    rounds.undo(access.get_change(round_, change_id), round_, actor=actor, now=clock.now())
    flash_done(_("已取消这项调整，并重新计算。"))
    return see("pairing.round", round_id=round_.id)


@bp.post("/rounds/<id:round_id>/again")
@allow(roles("admin"))
def again(round_id: int) -> ResponseReturnValue:
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    rounds.again(round_, actor=actor, now=clock.now())
    flash_done(_("已重新计算。") if round_.solving is Solving.DONE else _("已排队计算，完成后刷新页面可见。"))
    return see("pairing.round", round_id=round_.id)


@bp.post("/rounds/<id:round_id>/send")
@allow(roles("admin"))
def send(round_id: int) -> ResponseReturnValue:
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    count = rounds.send(round_, actor=actor, now=clock.now())
    flash_done(_("已发出 %(count)s 条建议，双方都会收到消息。", count=count))
    return see("pairing.round", round_id=round_.id)


@bp.post("/rounds/<id:round_id>/close")
@allow(roles("admin"))
def close(round_id: int) -> ResponseReturnValue:
    actor = current_actor()
    round_ = access.get_round(actor, round_id)
    rounds.close(round_, actor=actor, now=clock.now())
    flash_done(_("方案已结束。"))
    return see("pairing.round", round_id=round_.id)
