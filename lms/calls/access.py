"""Who sees calls and rounds.

A call is for the people of the unit that opened it and of the units below, and for those who run units above. A round
is for the administrators and trainers of the unit that judges and of those above it, and for its experts while they
are assigned. Authors never see the round itself: `progress` shows them what it said once it ended.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload

from lms.calls.models import CallEntry, CallReviewer, CaseCall, CaseReview, ReviewComment, ReviewExpert
from lms.cases import access as cases
from lms.cases.kinds import State
from lms.cases.models import Case
from lms.core import db
from lms.core.errors import Denied
from lms.core.sql import within
from lms.core.web import Actor, one_or_404, require
from lms.units.models import Unit
from lms.units.paths import ids_on

RUNNING = ("admin", "trainer")
#: Cases in these states take part in nothing.
GONE = (State.WITHDRAWN, State.SUPERSEDED)


def _ids_above(actor: Actor) -> set[int]:
    paths = [*actor.homes, *actor.paths(*RUNNING), *([actor.unit_path] if actor.unit_path else [])]
    return ids_on(paths)


def calls_readable_by(actor: Actor) -> ColumnElement[bool]:
    """Calls of the actor's units and those above, and of the units that the actor runs: a condition on CaseCall."""
    if actor.has("system"):
        return true()
    below = select(Unit.id).where(within(Unit.path, actor.paths(*RUNNING)))
    return or_(CaseCall.unit_id.in_(_ids_above(actor)), CaseCall.unit_id.in_(below))


def get_call(actor: Actor, call_id: int) -> CaseCall:
    """:raise Denied: no such call that the actor may see."""
    statement = select(CaseCall).where(CaseCall.id == call_id, calls_readable_by(actor))
    return one_or_404(statement.options(joinedload(CaseCall.unit)))


def may_organize(actor: Actor, call: CaseCall) -> bool:
    """Whether the actor administers the unit that calls."""
    return actor.has("system") or actor.covers(call.unit.path, "admin")


def get_organized(actor: Actor, call_id: int) -> CaseCall:
    """:raise Denied: no such call that the actor may see.
    :raise Forbidden: the actor does not administer the unit that calls.
    """
    call = get_call(actor, call_id)
    require(may_organize(actor, call))
    return call


def get_reviewer(call: CaseCall, reviewer_id: int) -> CallReviewer:
    """:raise Denied: the call has no such person in its pool."""
    mine = CallReviewer.id == reviewer_id, CallReviewer.call_id == call.id
    return one_or_404(select(CallReviewer).where(*mine))


def may_enter(actor: Actor, call: CaseCall) -> ColumnElement[bool]:
    """Cases that the actor may send in to the call: written or run by them, from the call's units."""
    below = select(Unit.id).where(within(Unit.path, [call.unit.path]))
    inside = Case.unit_id.in_(below)
    alive = and_(Case.latest_number > 0, Case.state.not_in(GONE))
    return and_(inside, alive, or_(cases.written_by(actor), cases.run_by(actor)))


def get_enterable(actor: Actor, call: CaseCall, slug: str) -> Case:
    """:raise Denied: no such case that the actor may send in to the call."""
    return one_or_404(select(Case).where(Case.slug == slug[:80], may_enter(actor, call)))


def entries_readable_by(actor: Actor) -> ColumnElement[bool]:
    """Cases whose part in a call the actor oversees: those of the units that they run. A condition on Case."""
    return cases.run_by(actor)


# Rounds


def decided_by(actor: Actor) -> ColumnElement[bool]:
    """Rounds of units that the actor runs: a condition on CaseReview."""
    if actor.has("system"):
        return true()
    paths = actor.paths(*RUNNING)
    return CaseReview.unit_id.in_(select(Unit.id).where(within(Unit.path, paths))) if paths else false()


def scored_by(actor: Actor) -> ColumnElement[bool]:
    """Open rounds of which the actor is an expert: a condition on CaseReview."""
    return and_(CaseReview.outcome.is_(None), CaseReview.id.in_(_assigned(actor)))


def _assigned(actor: Actor) -> Select[int]:
    mine = ReviewExpert.person_id == (actor.person_id or 0), ReviewExpert.released_at.is_(None)
    return select(ReviewExpert.review_id).where(*mine)


def cases_under_review_by(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor may read because they were asked to score them: the door of `cases.access`."""
    if actor.person_id is None:
        return false()
    return Case.id.in_(select(CaseReview.case_id).where(scored_by(actor)))


def get_review(actor: Actor, review_id: int) -> CaseReview:
    """:raise Denied: no such round that the actor judges or scores."""
    statement = select(CaseReview).where(CaseReview.id == review_id, or_(decided_by(actor), scored_by(actor)))
    loads = (CaseReview.case, CaseReview.version, CaseReview.unit, CaseReview.call, CaseReview.decided_by)
    return one_or_404(statement.options(*(joinedload(load) for load in loads)))


def decides(actor: Actor, review: CaseReview, *roles: str) -> bool:
    """Whether the actor acts for the unit that judges."""
    return actor.has("system") or actor.covers(review.unit.path, *(roles or RUNNING))


def get_decided(actor: Actor, review_id: int, *roles: str) -> CaseReview:
    """:raise Denied: no such round that the actor judges or scores.
    :raise Forbidden: the actor scores it, or lacks the role.
    """
    review = get_review(actor, review_id)
    require(decides(actor, review, *roles))
    return review


def get_comment(review: CaseReview, comment_id: int) -> ReviewComment:
    """:raise Denied: the round has no such comment."""
    return one_or_404(select(ReviewComment).where(ReviewComment.id == comment_id, ReviewComment.review_id == review.id))


def get_expert(review: CaseReview, expert_id: int) -> ReviewExpert:
    """:raise Denied: the round has no such expert."""
    mine = (ReviewExpert.id == expert_id, ReviewExpert.review_id == review.id, ReviewExpert.released_at.is_(None))
    return one_or_404(select(ReviewExpert).where(*mine).options(joinedload(ReviewExpert.score)))


def get_own_seat(actor: Actor, review: CaseReview) -> ReviewExpert:
    """The actor's seat among the experts.

    :raise Forbidden: they have none.
    """
    seats: Sequence[ReviewExpert] = [one for one in standing(review) if one.person_id == actor.person_id]
    require(bool(seats))
    return seats[0]


def standing(review: CaseReview) -> Sequence[ReviewExpert]:
    """The experts of a round, with what they gave, in the order in which they were asked."""
    statement = select(ReviewExpert).where(ReviewExpert.review_id == review.id, ReviewExpert.released_at.is_(None))
    loads = (joinedload(ReviewExpert.person), joinedload(ReviewExpert.score))
    statement = statement.options(*loads).order_by(ReviewExpert.id).execution_options(populate_existing=True)
    return db.session().scalars(statement).all()


def get_followed(actor: Actor, slug: str) -> Case:
    """A case whose review the actor may follow: its authors, and those who answer for it.

    :raise Denied: anybody else.
    """
    follows = or_(cases.written_by(actor), cases.run_by(actor))
    found = one_or_404(select(Case).where(Case.slug == slug[:80], follows).options(joinedload(Case.unit)))
    if found.latest_number == 0:
        raise Denied()
    return found


def get_entry(actor: Actor, call: CaseCall, entry_id: int) -> CallEntry:
    """:raise Denied: the call has no such entry of a case that the actor may send in."""
    statement = select(CallEntry).join(Case, Case.id == CallEntry.case_id)
    return one_or_404(
        statement.where(CallEntry.id == entry_id, CallEntry.call_id == call.id).where(
            or_(cases.written_by(actor), cases.run_by(actor))
        )
    )
