"""Remarks of rounds that ended, beside the text that came after them: for those who write it anew, and who judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.calls import progress, rounds
from lms.calls.kinds import Outcome
from lms.calls.models import CaseReview, ReviewComment
from lms.cases import likeness
from lms.cases.models import Case
from lms.core import db
from lms.drafts.remarks import Opinion, Remark

#: Rounds that said something; a round that lapsed did not.
SAID = (Outcome.RETURNED, Outcome.ACCEPTED, Outcome.DECLINED)


def opinions_on(case: Case) -> Sequence[Opinion]:
    """What the rounds over the newest version said, the last first."""
    if case.latest_number == 0:
        return []
    newest = rounds.newest_version(case)
    found = _rounds(CaseReview.version_id == newest.id)
    written = progress.comments_of(found)
    return [
        Opinion(
            review.unit.name,
            review.reason or "",
            [Remark(one.section.value, one.quote, one.text) for one in written.get(review.id, [])],
        )
        for review in found
        if review.reason or review.id in written
    ]


@dataclass(frozen=True)
class Earlier:
    """A remark of an earlier round; `stands` where the passage is the same in the version that is judged now."""

    unit: str
    comment: ReviewComment
    stands: bool


def list_earlier(review: CaseReview) -> Sequence[Earlier]:
    """What was said of the case before, in the last round with remarks: so that nobody asks twice for the same."""
    before = _rounds(CaseReview.case_id == review.case_id, CaseReview.id < review.id)
    written = progress.comments_of(before)
    last = next((one for one in before if one.id in written), None)
    if last is None:
        return []
    return [
        Earlier(last.unit.name, one, likeness.stands(one.quote, review.version.text_of(one.section)))
        for one in written[last.id]
    ]


def _rounds(*conditions: object) -> Sequence[CaseReview]:
    statement = select(CaseReview).where(CaseReview.outcome.in_(SAID), *conditions)  # type: ignore[arg-type]
    statement = statement.options(joinedload(CaseReview.unit)).order_by(CaseReview.id.desc())
    return db.session().scalars(statement).all()
