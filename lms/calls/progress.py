"""Where a case stands and what comes next, each in one line; and what each round said to its authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.calls import experts, rounds
from lms.calls.experts import Result
from lms.calls.kinds import Outcome
from lms.calls.models import CaseReview, ReviewComment
from lms.cases.kinds import Section, State
from lms.cases.models import Case
from lms.cases.standing import Line
from lms.core import db
from lms.core.i18n import gettext as _
from lms.units.models import Unit


@dataclass(frozen=True)
class Round:
    """A round as authors may know it: nothing of one that goes on, no names of experts ever."""

    review: CaseReview
    comments: Sequence[ReviewComment]
    result: Result | None


def line_of(case: Case) -> Line:
    """Where a case stands, for its authors."""
    going_on = rounds.find_open(case)
    if going_on is not None:
        return _under_review(going_on)
    if case.state is State.DRAFT:
        unit = rounds.first_unit(case)
        then = _("写好后提交，先由%(unit)s评审。", unit=unit.name) if unit else _("本站的案例不经评审，由管理员发布。")
        return Line(_("还是草稿，没有提交。"), then)
    if case.state in (State.WITHDRAWN, State.SUPERSEDED):
        return Line(_("现在是“%(state)s”。", state=case.state.label), _("没有要做的事。"))
    last = next((one for one in rounds.list_rounds(case) if one.outcome is not Outcome.LAPSED), None)
    if last is None:
        return Line(_("现在是“%(state)s”。", state=case.state.label), _("没有要做的事。"))
    return _after(case, last, _name(last.unit_id))


def _under_review(review: CaseReview) -> Line:
    unit, result = _name(review.unit_id), experts.result_of(review)
    if not result.asked:
        return Line(_("%(unit)s正在初审。", unit=unit), _("等%(unit)s决定，有结果会告诉作者。", unit=unit))
    if result.is_all_in:
        return Line(_("%(unit)s的专家打分已经交齐。", unit=unit), _("等%(unit)s决定，有结果会告诉作者。", unit=unit))
    waiting = result.asked - result.given
    return Line(
        _("%(unit)s请了 %(count)s 位专家打分。", unit=unit, count=result.asked),
        _("还有 %(count)s 位没有交，交齐后由%(unit)s决定。", unit=unit, count=waiting),
    )


def _after(case: Case, last: CaseReview, unit: str) -> Line:
    if case.state is State.RETURNED:
        again = rounds.first_unit(case)
        name = again.name if again else unit
        return Line(_("%(unit)s退回修改。", unit=unit), _("按意见改好再提交，从%(unit)s重新评审。", unit=name))
    if case.state is State.PUBLISHED:
        return Line(_("已经发布，登录的人都能读到。"), _("要改就写新的一版；大家读到的不变，直到新版发布。"))
    if last.outcome is Outcome.DECLINED:
        below = case.level.label if case.level else ""
        return Line(
            _("%(unit)s没有采纳，%(level)s的采纳不受影响。", unit=unit, level=below), _("可以由采纳的单位发布。")
        )
    return Line(_("%(unit)s已经采纳。", unit=unit), _("由%(unit)s决定是否推荐到上级、是否发布。", unit=unit))


def rounds_of(case: Case) -> Sequence[Round]:
    """What has come of each round that ended, newest first."""
    statement = (
        select(CaseReview)
        .where(CaseReview.case_id == case.id)
        .options(joinedload(CaseReview.unit), joinedload(CaseReview.version))
        .order_by(CaseReview.id.desc())
    )
    found = db.session().scalars(statement).all()
    written = comments_of([review for review in found if not review.is_open])
    return [
        Round(review, written.get(review.id, []), experts.result_of(review) if review.outcome in _SAID else None)
        for review in found
    ]


#: Rounds whose experts' remarks authors read.
_SAID = (Outcome.ACCEPTED, Outcome.DECLINED)


def comments_of(reviews: Sequence[CaseReview]) -> dict[int, list[ReviewComment]]:
    """The comments of each round, in the order of the text."""
    asked = ReviewComment.review_id.in_([review.id for review in reviews])
    statement = select(ReviewComment).where(asked).options(joinedload(ReviewComment.written_by))
    found: dict[int, list[ReviewComment]] = {}
    for comment in db.session().scalars(statement.order_by(ReviewComment.id)):
        found.setdefault(comment.review_id, []).append(comment)
    order = list(Section)
    for comments in found.values():
        comments.sort(key=lambda one: (order.index(one.section), one.passage, one.id))
    return found


def _name(unit_id: int) -> str:
    return db.session().get_one(Unit, unit_id).name
