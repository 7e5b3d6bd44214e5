"""What the page of a round shows: gathered here, because a GET and a refused POST show the same."""

from __future__ import annotations

from typing import Any

from lms.calls import access, conflicts, deciding, experts, forms, passages, progress, remarks, rounds, score_sheet
from lms.calls.kinds import Criterion
from lms.calls.models import CaseReview
from lms.cases import queries as cases
from lms.cases.kinds import Section, State
from lms.cases.models import Case
from lms.core.web import Actor, arg_text
from lms.drafts import similar


def words() -> dict[str, Any]:
    """What every page of calls and reviews may name: the criteria, how far points go, the four sections."""
    highest, sections = score_sheet.rules().highest, {section.value: section.label for section in Section}
    return {"criteria": list(Criterion), "highest": highest, "sections": sections}


def round_page(actor: Actor, review: CaseReview, **given: Any) -> dict[str, Any]:
    """A round before its unit: the case in passages, and what may be done.

    Whoever must stay out of it sees the case and nothing of the round.
    """
    decides, conflict = access.decides(actor, review), conflicts.find_conflict(review.case, actor.person_id)
    inside = decides and conflict is None
    seats = access.standing(review)
    at = passages.find_passage(review.case, review.version, arg_text("at", 40))
    comments = progress.comments_of([review]).get(review.id, []) if inside else []
    page: dict[str, Any] = {
        "review": review,
        "case": review.case,
        "version": review.version,
        "passages": passages.passages_of(review.case, review.version),
        "decides": inside,
        "runs_experts": inside and access.decides(actor, review, "admin"),
        "conflict": conflict,
        "own_seat": next((seat for seat in seats if seat.person_id == actor.person_id), None),
        "seats": seats if inside else [],
        "result": experts.result_of(review) if inside else None,
        "comments": _by_anchor(comments),
        "comment_count": len(comments),
        "earlier": remarks.list_earlier(review) if inside else [],
        "alike": similar.list_alike(actor, review.version) if review.is_open and not conflict else [],
        "at": at,
        "documents": cases.list_documents(review.version, originals=True),
        "may_publish": inside and access.decides(actor, review, "admin") and deciding.may_publish(review, review.case),
        "may_recommend": inside and deciding.may_recommend(review, review.case),
        "comment_form": forms.CommentForm(formdata=None, at=at.anchor if at else ""),
        "decision_form": forms.DecisionForm(formdata=None),
    }
    return page | given


def progress_page(case: Case, **given: Any) -> dict[str, Any]:
    """How a case fares, for its authors and its unit."""
    going_on = rounds.find_open(case)
    page: dict[str, Any] = {
        "case": case,
        "version": rounds.newest_version(case),
        "line": progress.line_of(case),
        "rounds": progress.rounds_of(case),
        "may_submit": case.state is State.DRAFT and rounds.first_unit(case) is not None,
        "may_change": going_on is None and case.state not in (State.DRAFT, State.SUBMITTED, State.SUPERSEDED),
        "may_withdraw": going_on is not None and not case.is_public,
        "form": forms.WithdrawForm(formdata=None),
    }
    return page | given


def _by_anchor(comments: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for comment in comments:
        found.setdefault(f"{comment.section.value}-{comment.passage}", []).append(comment)
    return found
