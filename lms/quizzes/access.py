"""Who may open an attempt: the person whose it is; and, once submitted, trainers who mark its essays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from lms.core import clock, db
from lms.core.errors import Denied
from lms.core.sql import Given, within
from lms.core.web import Actor, one_or_404
from lms.people.models import Appointment
from lms.quizzes.chance import Layout
from lms.quizzes.kinds import registry
from lms.quizzes.kinds.base import Response
from lms.quizzes.models import Attempt, AttemptAnswer, AttemptQuestion, Paper, PaperQuestion, QuestionVersion
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
    return _is_of(actor.person_id or 0)


def _is_of(person_id: Given[int]) -> ColumnElement[bool]:
    return Attempt.person_id == person_id


def markable_by(actor: Actor) -> ColumnElement[bool]:
    """Submitted attempts whose essays the actor marks: a trainer of the paper's unit; where the paper belongs to no
    unit, a trainer of the learner's. Marking is blind: nobody marks their own, nor that of a colleague of the same
    unit, then or now, whose hand they would know. Needs ``PaperUnit`` and ``LearnerUnit`` joined.
    """
    paths = actor.paths("trainer")
    return and_(
        Attempt.submitted_at.is_not(None),
        Attempt.person_id != (actor.person_id or 0),
        or_(LearnerUnit.path.is_(None), LearnerUnit.path.not_in(actor.homes)),
        ~_works_beside(actor),
        or_(within(PaperUnit.path, paths), and_(Paper.unit_id.is_(None), within(LearnerUnit.path, paths))),
    )


def _works_beside(actor: Actor) -> ColumnElement[bool]:
    """Whether the learner now holds a post in a unit where the actor holds one."""
    shared = aliased(Unit)
    return (
        select(Appointment.id)
        .join(shared, shared.id == Appointment.unit_id)
        .where(
            Appointment.person_id == Attempt.person_id,
            shared.path.in_(actor.homes),
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= clock.today()),
        )
        .exists()
    )


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """Papers that the actor answers for: a trainer or administrator whose reach covers the paper's unit; the papers
    of the site are those of whoever trains or administers a unit at the top. Needs ``PaperUnit`` joined.
    """
    paths = actor.paths("admin", "trainer")
    rules = [within(PaperUnit.path, paths)]
    if any(path.count(".") == 1 for path in paths):
        rules.append(Paper.unit_id.is_(None))
    return or_(*rules)


def get_managed_paper(actor: Actor, paper_id: int, *, lock: bool = False) -> Paper:
    """Return a paper that the actor answers for.

    :param lock: let other corrections of this paper wait until this one is over.
    :raise Denied: no such paper, or outside the actor's reach.
    """
    statement = select(Paper).outerjoin(PaperUnit, PaperUnit.id == Paper.unit_id)
    statement = statement.where(Paper.id == paper_id, managed_by(actor))
    return one_or_404(statement.with_for_update(of=Paper) if lock else statement)


def get_place(paper: Paper, position: int) -> tuple[PaperQuestion, QuestionVersion]:
    """Return a question of a paper that was loaded and permitted already.

    :raise Denied: the paper has no such question.
    """
    statement = (
        select(PaperQuestion, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(PaperQuestion.paper_id == paper.id, PaperQuestion.position == position)
        .execution_options(populate_existing=True)
    )
    row = db.session().execute(statement).first()
    if row is None:
        raise Denied()
    return row[0], row[1]


def get_sitting(actor: Actor, attempt_id: int, *, lock: bool = False) -> Sitting:
    """Return one's own attempt.

    :param lock: let other requests about this attempt wait until this one is over.
    :raise Denied: no such attempt, or somebody else's.
    """
    values = {"own_person_id": actor.person_id or 0, "own_attempt_id": attempt_id}
    if lock:
        db.rows(_own_lock(), values)
    return _sitting(_own(), values)


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
def _own() -> Select[*tuple[Any, ...]]:
    """The attempt ``own_attempt_id`` of ``own_person_id``."""
    return _rows(_is_of(bindparam("own_person_id")), Attempt.id == bindparam("own_attempt_id"))


@cache
def _own_item() -> Select[*tuple[Any, ...]]:
    """Its question ``own_position``."""
    return _own().where(AttemptQuestion.position == bindparam("own_position")).with_for_update(of=Attempt)


@cache
def _own_lock() -> Select[int]:
    return _locking(_is_of(bindparam("own_person_id")), Attempt.id == bindparam("own_attempt_id"))


def get_for_marking(actor: Actor, attempt_id: int, *, lock: bool = False) -> Sitting:
    """Return a submitted attempt whose essays the actor marks.

    :raise Denied: no such attempt, or not one of theirs to mark.
    """
    if lock:
        db.rows(_locking(Attempt.id == attempt_id))
    return _sitting(with_units(_rows(markable_by(actor), Attempt.id == attempt_id)))


def load_sittings(attempt_ids: Sequence[int]) -> list[Sitting]:
    """Return attempts that were permitted already, each with its questions; one statement."""
    rows: Sequence[Any] = db.session().execute(_rows(Attempt.id.in_(attempt_ids)).order_by(None).order_by(
        Attempt.id, AttemptQuestion.position
    )).all()  # fmt: skip
    found: dict[int, Sitting] = {}
    for row in rows:
        sitting = found.setdefault(row[0].id, Sitting(row[0], row[1], []))
        sitting.items.append(Item(row[2], row[3], row[4], row[0].seed, row[5], row[6] or 0, row[7] or ""))
    return list(found.values())


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
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.judged_by())
        .outerjoin(AttemptAnswer, answered)
        .where(*conditions)
        .order_by(AttemptQuestion.position)
    )


def _locking(*conditions: ColumnElement[bool]) -> Select[int]:
    """Waits for other requests about this attempt; a statement of its own, so that the next sees what they wrote."""
    return select(Attempt.id).where(*conditions).with_for_update()


def _sitting(statement: Select[*tuple[Any, ...]], values: dict[str, Any] | None = None) -> Sitting:
    rows: Sequence[Any] = db.session().execute(statement, values).all()
    if not rows:
        raise Denied()
    attempt = rows[0][0]
    items = [Item(row[2], row[3], row[4], attempt.seed, row[5], row[6] or 0, row[7] or "") for row in rows]
    return Sitting(attempt, rows[0][1], items)
