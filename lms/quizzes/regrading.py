"""A key that was wrong is put right (题目更正): the paper asks the corrected question from now on, and everything that
was handed in is judged anew by it. An attempt in progress goes on, and is graded, by the version that it drew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update

from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.hours.models import HourEntry, HourReversal
from lms.people import access as people
from lms.people.models import Person
from lms.quizzes import access, correcting, grading, publishing, queries
from lms.quizzes.access import Sitting
from lms.quizzes.events import attempt_regraded
from lms.quizzes.models import Attempt, AttemptQuestion, AttemptRegrade, Paper, PaperQuestion, QuestionCorrection
from lms.quizzes.questions import Question

BATCH = 500
MOST_NAMED = 200
"""So many changes are listed by name; the counts are of all."""


@dataclass(frozen=True)
class Change:
    """What a correction does, or did, to one result. ``name`` only for administrators of the person."""

    old_percent: Decimal
    old_passed: bool
    new_percent: Decimal
    new_passed: bool
    gained: Decimal
    lost: Decimal
    name: str | None


@dataclass(frozen=True)
class Preview:
    """What a correction would change."""

    judged: int
    changes: Sequence[Change]

    @property
    def named(self) -> list[Change]:
        """The changes of people whom the reader administers."""
        return [change for change in self.changes if change.name][:MOST_NAMED]

    @property
    def now_pass(self) -> int:
        """How many failed, and would pass."""
        return sum(change.new_passed and not change.old_passed for change in self.changes)

    @property
    def now_fail(self) -> int:
        """How many passed, and would fail."""
        return sum(change.old_passed and not change.new_passed for change in self.changes)

    @property
    def gained(self) -> Decimal:
        """Hours that would be earned."""
        return sum((change.gained for change in self.changes), Decimal(0))

    @property
    def lost(self) -> Decimal:
        """Hours that would be taken back."""
        return sum((change.lost for change in self.changes), Decimal(0))


@dataclass(frozen=True)
class Done:
    """A correction that was carried out: how many attempts it judged anew, and the results that it changed."""

    correction: QuestionCorrection
    judged: int
    regrades: Sequence[AttemptRegrade]


def preview(
    paper: Paper, place: PaperQuestion, question: Question, *, expected: int, actor: Actor, now: datetime
) -> Preview:
    """Return what a correction would change: it is carried out, looked at, and taken back whole.

    :raise Refused: as ``correct``.
    """
    trial = db.session().begin_nested()
    try:
        done = correct(paper, place, question, expected=expected, reason="-", actor=actor, now=now)
        return Preview(done.judged, _changes(done, actor)) if done else Preview(0, [])
    finally:
        trial.rollback()


def correct(
    paper: Paper, place: PaperQuestion, question: Question, *, expected: int, reason: str, actor: Actor, now: datetime
) -> Done | None:
    """Put a question right and judge anew what was handed in; None where the same was done before.

    :param paper: loaded with a lock.
    :param expected: the version that the page showed: two corrections of one question do not overwrite each other.
    :raise Refused: the answers given would lose their meaning, nothing would change, or somebody else was faster.
    :raise BadInput: a text that cannot be rendered within limits.
    """
    before = queries.get_question(expected)
    [version_id] = publishing.store([correcting.aligned(before, question)], actor=actor, now=now)
    if version_id == expected:
        raise Refused(_l("和原题一样，没有要更正的。"), "text")
    if place.version_id == version_id:
        return None
    if place.version_id != expected:
        raise Refused(_l("这道题刚刚被别人更正过，请重新打开再看。"))
    correction = QuestionCorrection(
        paper_id=paper.id, position=place.position, from_version_id=expected, to_version_id=version_id, reason=reason,
        corrected_at=now, corrected_by_id=actor.person_id,
    )  # fmt: skip
    place.version_id = version_id
    db.session().add(correction)
    db.session().flush()  # the regrades point at it
    audit.record(
        "quizzes.correct", actor=actor, now=now, on=("paper", paper.id), unit_id=paper.unit_id,
        detail={"position": place.position, "from": expected, "to": version_id, "reason": reason},
    )  # fmt: skip
    attempts = _judge_by(correction)
    regrades = _regrade(correction, attempts, actor=actor, now=now)
    return Done(correction, len(attempts), regrades)


def _judge_by(correction: QuestionCorrection) -> list[int]:
    """Let every attempt that was handed in be judged by the corrected version; returns their ids.

    Their rows are locked in order, so that marks and submissions of the same moment come before or after.
    """
    drew = AttemptQuestion.judged_by() == correction.from_version_id
    handed_in = (
        select(Attempt.id)
        .where(Attempt.paper_id == correction.paper_id, Attempt.submitted_at.is_not(None))
        .where(Attempt.id.in_(select(AttemptQuestion.attempt_id).where(drew)))
        .order_by(Attempt.id)
        .with_for_update()
    )
    attempt_ids = list(db.session().scalars(handed_in))
    for start in range(0, len(attempt_ids), BATCH):
        chosen = AttemptQuestion.attempt_id.in_(attempt_ids[start : start + BATCH])
        moved = update(AttemptQuestion).where(chosen, drew).values(regraded_version_id=correction.to_version_id)
        db.session().execute(moved.execution_options(synchronize_session=False))
    return attempt_ids


def _regrade(
    correction: QuestionCorrection, attempt_ids: Sequence[int], *, actor: Actor, now: datetime
) -> list[AttemptRegrade]:
    """Write the new result of every graded attempt that changes; then tell of each, when all of them stand."""
    changed: list[tuple[Attempt, AttemptRegrade]] = []
    for start in range(0, len(attempt_ids), BATCH):
        for sitting in access.load_sittings(attempt_ids[start : start + BATCH]):
            regrade = _new_result(sitting, correction)
            if regrade is not None:
                changed.append((sitting.attempt, regrade))
    db.session().add_all(regrade for _attempt, regrade in changed)
    db.session().flush()  # receivers of the event query both
    for attempt, regrade in changed:
        audit.record(
            "quizzes.regrade", actor=actor, now=now, on=("attempt", attempt.id), person_id=attempt.person_id,
            unit_id=attempt.unit_id, detail={"from": str(regrade.old_percent), "to": str(regrade.new_percent)},
        )  # fmt: skip
        attempt_regraded.send(None, attempt=attempt, regrade=regrade, actor=actor, now=now)
    db.session().flush()
    return [regrade for _attempt, regrade in changed]


def _new_result(sitting: Sitting, correction: QuestionCorrection) -> AttemptRegrade | None:
    """Give an attempt its new result; None where it waits for marks still, or stays what it is."""
    attempt = sitting.attempt
    answered = ((item.position, item.question, item.response) for item in sitting.items)
    marks = {position: mark.percent for position, mark in queries.marks_of(sitting).items()}
    score = grading.score(answered, marks, sitting.paper.pass_percent)
    if attempt.percent is None or score is None or (score.percent, score.passed) == (attempt.percent, attempt.passed):
        return None
    regrade = AttemptRegrade(
        correction_id=correction.id, attempt_id=attempt.id, old_percent=attempt.percent,
        old_passed=bool(attempt.passed), new_percent=score.percent, new_passed=score.passed,
    )  # fmt: skip
    attempt.percent, attempt.passed = score.percent, score.passed
    return regrade


def _changes(done: Done, actor: Actor) -> list[Change]:
    """What a correction came to, with the hours; names of the people whom the actor administers."""
    taken = select(HourEntry.hours).join(HourReversal, HourReversal.entry_id == HourEntry.id)
    rows = db.session().execute(
        select(
            AttemptRegrade,
            HourEntry.hours,
            taken.where(HourReversal.id == AttemptRegrade.reversal_id).correlate(AttemptRegrade).scalar_subquery(),
            Person.name,
        )
        .join(Attempt, Attempt.id == AttemptRegrade.attempt_id)
        .outerjoin(HourEntry, HourEntry.id == AttemptRegrade.entry_id)
        .outerjoin(Person, (Person.id == Attempt.person_id) & people.administered_by(actor))
        .where(AttemptRegrade.correction_id == done.correction.id)
        .order_by(AttemptRegrade.id)
    ).all()  # fmt: skip
    return [
        Change(r.old_percent, r.old_passed, r.new_percent, r.new_passed, gained or Decimal(0), lost or Decimal(0), name)
        for r, gained, lost, name in rows
    ]
