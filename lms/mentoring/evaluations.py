"""Evaluate half-way and at the end: both sides, short, on the goals."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from lms.core import clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import steps, telling, terms
from lms.mentoring.access import list_goals
from lms.mentoring.kinds import Progress, Side, Stage, State
from lms.mentoring.models import Evaluation, EvaluationMark, Pairing


def evaluate(
    pairing: Pairing, side: Side, *, marks: Mapping[int, Progress], words: str, actor: Actor, now: datetime
) -> Evaluation:
    """Write the evaluation that is due today, once.

    :param marks: how far each goal has come, by the goal's identifier.
    :raise Refused: none is due, this side wrote it before, or a goal is left out.
    """
    steps.lock(pairing)
    stage = due_stage(pairing, now=now)
    if stage is None:
        raise Refused(_l("现在还不到评价的时候：期中起写中期评价，期满前 30 天起写期满评价。"))
    goals = list_goals(pairing)
    if set(marks) != {goal.id for goal in goals}:
        raise Refused(_l("请对每个目标都选一项。"))
    written = Evaluation(
        pairing_id=pairing.id, side=side, stage=stage, words=words, written_at=now, written_by_id=actor.person_id
    )
    try:
        with db.session().begin_nested():
            db.session().add(written)
    except IntegrityError as error:
        raise Refused(_l("您已经写过这次评价。")) from error
    db.session().add_all(
        EvaluationMark(evaluation_id=written.id, goal_id=goal.id, progress=marks[goal.id]) for goal in goals
    )
    steps.record("mentoring.evaluate", pairing, actor=actor, now=now, stage=stage.value, side=side.value)
    if side.other not in sides_that_wrote(pairing, stage):
        source = ("pairing_stage", f"{pairing.id}/{stage.value}")
        telling.tell_two(pairing, telling.TO_DO, "evaluate", source=source, actor=actor, now=now)
    return written


def due_stage(pairing: Pairing, *, now: datetime) -> Stage | None:
    """Which evaluation a side may write today, whether or not it has."""
    if pairing.state not in (State.ACTIVE, State.PAUSED):
        return None
    return terms.stage_on(clock.local_date(now), half_way_on=pairing.half_way_on, ends_on=pairing.ends_on)


def sides_that_wrote(pairing: Pairing, stage: Stage) -> set[Side]:
    said = select(Evaluation.side).where(Evaluation.pairing_id == pairing.id, Evaluation.stage == stage)
    return set(db.session().scalars(said))


def list_evaluations(pairing_ids: Sequence[int]) -> Sequence[Evaluation]:
    """What was said of these pairs, in order, with the marks."""
    statement = select(Evaluation).where(Evaluation.pairing_id.in_(pairing_ids)).options(selectinload(Evaluation.marks))
    return db.session().scalars(statement.order_by(Evaluation.id)).all()


def both_wrote(stage: Stage) -> ColumnElement[bool]:
    """Both sides have written this evaluation; a condition on Pairing."""
    said = (
        select(Evaluation.id)
        .where(Evaluation.pairing_id == Pairing.id, Evaluation.stage == stage, Evaluation.side == side)
        .correlate(Pairing)
        .exists()
        for side in Side
    )
    return and_(*said)
