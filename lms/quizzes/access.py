"""Who may open an attempt: the person whose it is; and, once submitted, trainers who mark its essays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from lms.core import db
from lms.core.errors import Denied
from lms.core.sql import within
from lms.core.web import Actor
from lms.quizzes.chance import Layout
from lms.quizzes.kinds import registry
from lms.quizzes.kinds.base import Response
from lms.quizzes.models import Attempt, AttemptAnswer, AttemptQuestion, Paper, QuestionVersion
from lms.quizzes.questions import Json, Question
from lms.units.models import Unit

PaperUnit = aliased(Unit)
LearnerUnit = aliased(Unit)


@dataclass
class Item:
    """One question of an attempt with the newest answer to it."""

    position: int
    kind: str
    content: Json
    seed: str
    response: Response | None
    sequence: int
    device: str

    @cached_property
    def question(self) -> Question:
        """The version drawn. It holds the key: pages get a ``showing.QuestionView`` of it."""
        return registry.from_json(self.kind, self.content)

    @property
    def layout(self) -> Layout:
        """How it lies on this person's page."""
        return Layout(self.seed, self.position)


@dataclass
class Sitting:
    """An attempt as its pages need it: with its paper and its questions, loaded by one statement."""

    attempt: Attempt
    paper: Paper
    items: list[Item]


def belongs_to(actor: Actor) -> ColumnElement[bool]:
    """Attempts of the actor's own."""
    return Attempt.person_id == (actor.person_id or 0)


def markable_by(actor: Actor) -> ColumnElement[bool]:
    """Submitted attempts whose essays the actor marks: a trainer of the paper's unit; where the paper belongs to no
    unit, a trainer of the learner's. Nobody marks their own. Needs ``PaperUnit`` and ``LearnerUnit`` joined.
    """
    paths = actor.paths("trainer")
    return and_(
        Attempt.submitted_at.is_not(None),
        Attempt.person_id != (actor.person_id or 0),
        or_(within(PaperUnit.path, paths), and_(Paper.unit_id.is_(None), within(LearnerUnit.path, paths))),
    )


def get_sitting(actor: Actor, attempt_id: int, *, lock: bool = False) -> Sitting:
    """Return one's own attempt.

    :param lock: let other requests about this attempt wait until this one is over.
    :raise Denied: no such attempt, or somebody else's.
    """
    if lock:
        _lock(belongs_to(actor), Attempt.id == attempt_id)
    return _sitting(_rows(belongs_to(actor), Attempt.id == attempt_id))


def get_item(actor: Actor, attempt_id: int, position: int) -> tuple[Sitting, Item]:
    """Return one question of one's own attempt, locked against a submission at the same time.

    One statement does both, for saving an answer is what happens most. Where it had to wait, PostgreSQL shows the
    attempt as it is now, but the answer as it was before: ``actions.save_answer`` guards against that.

    :raise Denied: no such attempt, somebody else's, or no such question in it.
    """
    values = {"own_person_id": actor.person_id or 0, "own_attempt_id": attempt_id, "own_position": position}
    sitting = _sitting(_own_item(), values)
    return sitting, sitting.items[0]


@cache
def _own_item() -> Select[*tuple[Any, ...]]:
    """The statement of ``get_item``, built once: putting it together costs as much as running it."""
    own = (Attempt.person_id == bindparam("own_person_id"), Attempt.id == bindparam("own_attempt_id"))
    return _rows(*own).where(AttemptQuestion.position == bindparam("own_position")).with_for_update(of=Attempt)


def get_for_marking(actor: Actor, attempt_id: int, *, lock: bool = False) -> Sitting:
    """Return a submitted attempt whose essays the actor marks.

    :raise Denied: no such attempt, or not one of theirs to mark.
    """
    if lock:
        _lock(Attempt.id == attempt_id)
    return _sitting(with_units(_rows(markable_by(actor), Attempt.id == attempt_id)))


def load_sitting(attempt: Attempt) -> Sitting:
    """Return an attempt that was loaded and permitted already, with its questions."""
    return _sitting(_rows(Attempt.id == attempt.id))


def with_units(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join the units that ``markable_by`` speaks of."""
    return statement.outerjoin(PaperUnit, PaperUnit.id == Paper.unit_id).outerjoin(
        LearnerUnit, LearnerUnit.id == Attempt.unit_id
    )


def _rows(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    answered = and_(
        AttemptAnswer.attempt_id == AttemptQuestion.attempt_id, AttemptAnswer.position == AttemptQuestion.position
    )
    return (
        select(
            Attempt,
            Paper,
            AttemptQuestion.position,
            QuestionVersion.kind,
            QuestionVersion.content,
            AttemptAnswer.response,
            AttemptAnswer.sequence,
            AttemptAnswer.device,
        )
        .join(Paper, Paper.id == Attempt.paper_id)
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.version_id)
        .outerjoin(AttemptAnswer, answered)
        .where(*conditions)
        .order_by(AttemptQuestion.position)
    )


def _lock(*conditions: ColumnElement[bool]) -> None:
    """Wait for other requests about this attempt; a statement of its own, so that the next sees what they wrote."""
    db.session().execute(select(Attempt.id).where(*conditions).with_for_update())


def _sitting(statement: Select[*tuple[Any, ...]], values: dict[str, Any] | None = None) -> Sitting:
    rows: Sequence[Any] = db.session().execute(statement, values).all()
    if not rows:
        raise Denied()
    attempt = rows[0][0]
    items = [Item(row[2], row[3], row[4], attempt.seed, row[5], row[6] or 0, row[7] or "") for row in rows]
    return Sitting(attempt, rows[0][1], items)
