"""Reads for pages and for the modules that own papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.core import clock, db
from lms.core.paging import Page, keyset
from lms.core.web import Actor
from lms.quizzes import access, deadlines
from lms.quizzes.access import Item, Sitting
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.late import Claim, Known, moment_of
from lms.quizzes.models import (
    Attempt,
    AttemptAnswer,
    AttemptRegrade,
    EssayMark,
    Paper,
    PaperQuestion,
    QuestionVersion,
)
from lms.quizzes.questions import Question


@dataclass(frozen=True)
class Standing:
    """How one person stands with one paper: what was reached, and whether another go is possible."""

    attempts: int
    attempts_allowed: int | None
    open_attempt_id: int | None = None
    latest_attempt_id: int | None = None
    best_percent: Decimal | None = None
    passed: bool = False
    waits_for_marks: bool = False
    may_start_at: datetime | None = None

    @property
    def attempts_left(self) -> int | None:
        """Attempts that are left; None: any number."""
        return None if self.attempts_allowed is None else max(0, self.attempts_allowed - self.attempts)

    @property
    def may_start(self) -> bool:
        """Whether a new attempt can be started now (an open one can always be gone on with)."""
        return self.attempts_left != 0 and self.may_start_at is None


def standing(paper_id: int | None, person_id: int | None) -> Standing:
    """Return how a person stands with a paper; one statement."""
    rows: Sequence[Any] = db.session().execute(
        select(Paper.attempts_allowed, Paper.wait_hours, Attempt)
        .outerjoin(Attempt, (Attempt.paper_id == Paper.id) & (Attempt.person_id == (person_id or 0)))
        .where(Paper.id == (paper_id or 0))
        .order_by(Attempt.number)
    ).all()  # fmt: skip
    if not rows:
        return Standing(0, 0)
    allowed, wait_hours, _last = rows[-1]
    attempts: list[Attempt] = [row[2] for row in rows if row[2] is not None]
    now = clock.now()
    scores = [attempt.percent for attempt in attempts if attempt.percent is not None]
    latest = attempts[-1] if attempts else None
    may_start_at = None
    if wait_hours and latest is not None and latest.submitted_at is not None:
        may_start_at = latest.submitted_at + timedelta(hours=wait_hours)
    return Standing(
        attempts=len(attempts),
        attempts_allowed=allowed,
        open_attempt_id=latest.id if latest is not None and deadlines.is_open(latest, now) else None,
        latest_attempt_id=latest.id if latest is not None else None,
        best_percent=max(scores, default=None),
        passed=any(attempt.passed for attempt in attempts),
        waits_for_marks=any(a.submitted_at is not None and a.graded_at is None for a in attempts),
        may_start_at=may_start_at if may_start_at is not None and may_start_at > now else None,
    )


def find_latest_attempt(paper_id: int, actor: Actor) -> Attempt | None:
    """Return the actor's last attempt at a paper."""
    return db.session().scalars(
        select(Attempt)
        .where(Attempt.paper_id == paper_id, access.belongs_to(actor))
        .order_by(Attempt.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()  # fmt: skip


def moment_of_late(sitting: Sitting, claim: Claim | None, now: datetime) -> datetime | None:
    """When an answer that arrives after the time was given, if that was before its end; None: it is too late."""
    attempt = sitting.attempt
    if claim is None:
        return None
    newest = select(func.max(AttemptAnswer.saved_at)).where(AttemptAnswer.attempt_id == attempt.id)
    last_at = db.session().scalar(newest)
    is_submitted = attempt.submitted_at is not None
    return moment_of(claim, Known(attempt.id, attempt.started_at, attempt.deadline_at, is_submitted, last_at), now)


def list_pool(paper_id: int) -> list[tuple[int, str]]:
    """Return (version id, category) of every question of a paper, in the author's order."""
    rows = db.session().execute(
        select(PaperQuestion.version_id, PaperQuestion.category)
        .where(PaperQuestion.paper_id == paper_id)
        .order_by(PaperQuestion.position)
    )  # fmt: skip
    return [(version_id, category) for version_id, category in rows]


def essays_of(sitting: Sitting) -> list[Item]:
    """Return the questions of an attempt that a trainer marks and that were answered."""
    return [i for i in sitting.items if kind_of(i.kind).by_hand and i.response is not None]


def marks_of(sitting: Sitting) -> dict[int, EssayMark]:
    """Return the mark that counts for each essay of an attempt; no statement where there is no essay."""
    if not essays_of(sitting):
        return {}
    marks = db.session().scalars(
        select(EssayMark).where(EssayMark.attempt_id == sitting.attempt.id).order_by(EssayMark.id)
    )  # fmt: skip
    return {mark.position: mark for mark in marks}


def get_question(version_id: int) -> Question:
    """Return the question that a version holds, key and all: not for a browser."""
    return db.session().get_one(QuestionVersion, version_id).question


def list_regrades(attempt: Attempt) -> Sequence[AttemptRegrade]:
    """Return what corrections did to an attempt, in order, each with its correction."""
    statement = select(AttemptRegrade).where(AttemptRegrade.attempt_id == attempt.id).order_by(AttemptRegrade.id)
    return db.session().scalars(statement.options(joinedload(AttemptRegrade.correction))).all()


def list_to_mark(actor: Actor, *, cursor: str | None) -> Page[Any]:
    """Return what waits for this trainer, oldest first: (Attempt, title of its paper). Whose it is, is not read."""
    statement = access.with_units(select(Attempt, Paper.title).join(Paper, Paper.id == Attempt.paper_id))
    return keyset(statement.where(access.markable_by(actor), Attempt.graded_at.is_(None)), Attempt.id, cursor=cursor)
