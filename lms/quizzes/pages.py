"""What the quiz's pages show: dictionaries for templates, without keys until the submission."""

from __future__ import annotations

import secrets
from typing import Any

from flask import url_for

from lms.core import clock
from lms.quizzes import analysis, deadlines, forms, gift, grading, homes, queries
from lms.quizzes.access import Item, Sitting
from lms.quizzes.answers import Saved
from lms.quizzes.kinds.base import Filled
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.models import Paper, PaperQuestion, QuestionVersion
from lms.quizzes.showing import QuestionReview, QuestionView, review_question, view_question


def attempt_page(sitting: Sitting) -> dict[str, Any]:
    """The questions to answer, with what was answered already."""
    return {
        "attempt": sitting.attempt,
        "paper": sitting.paper,
        "home": homes.home_of(sitting.paper),
        "questions": [_view(item) for item in sitting.items],
        "seconds_left": deadlines.seconds_left(sitting.attempt, clock.now()),
        "device": secrets.token_urlsafe(16),
        "page_token": forms.page_token(sitting.attempt.id, clock.now()),
    }


def confirm_page(sitting: Sitting) -> dict[str, Any]:
    """What is missing, before the paper is handed in."""
    return {
        "attempt": sitting.attempt,
        "paper": sitting.paper,
        "home": homes.home_of(sitting.paper),
        "unanswered": [item.position for item in sitting.items if item.response is None],
        "total": len(sitting.items),
        "seconds_left": deadlines.seconds_left(sitting.attempt, clock.now()),
        "token": secrets.token_urlsafe(24),
    }


def result_page(sitting: Sitting) -> dict[str, Any]:
    """The score, and every question with its explanation: only for a submitted attempt."""
    marks = queries.marks_of(sitting)
    reviews = [_review(item, marks.get(item.position)) for item in sitting.items]
    return {
        "attempt": sitting.attempt,
        "paper": sitting.paper,
        "home": homes.home_of(sitting.paper),
        "reviews": reviews,
        "right": sum(review.verdict == "right" for review in reviews),
        "standing": queries.standing(sitting.paper.id, sitting.attempt.person_id),
        "regrades": queries.list_regrades(sitting.attempt),
    }


def marking_page(sitting: Sitting) -> dict[str, Any]:
    """The essays of an attempt with their marks, for the trainer: nothing in it says whose they are."""
    marks = queries.marks_of(sitting)
    return {
        "attempt": sitting.attempt,
        "paper": sitting.paper,
        "essays": [(_review(item, marks.get(item.position)), marks.get(item.position)) for item in essays(sitting)],
    }


def essays(sitting: Sitting) -> list[Item]:
    """The essays of an attempt that a trainer marks."""
    return queries.essays_of(sitting)


def items_page(paper: Paper, *, every: bool) -> dict[str, Any]:
    """What the answers to a paper say about its questions."""
    return {"paper": paper, "home": homes.home_of(paper), "analysis": analysis.analysis_of(paper, every=every)}


def correction_page(paper: Paper, place: PaperQuestion) -> dict[str, Any]:
    """What stands around the form that puts a question right."""
    return {"paper": paper, "home": homes.home_of(paper), "position": place.position}


def gift_of(version: QuestionVersion) -> str:
    """The question as its author would write it."""
    return gift.write([version.question]).strip()


def saved_json(sitting: Sitting, item: Item, saved: Saved) -> dict[str, Any]:
    """What a script is told of an answer: what stands now, in the names of its own page."""
    reply: dict[str, Any] = {"state": saved.state, "sequence": saved.sequence, "answered": saved.response is not None}
    if saved.state == "conflict":
        question = item.question
        filled = (
            kind_of(item.kind).fill(question.body, item.layout, saved.response)
            if saved.response is not None
            else Filled()
        )
        reply["answer"] = {"chosen": filled.chosen, "text": filled.text, "pairs": filled.pairs or {}}
    return reply


def closed_json(sitting: Sitting) -> dict[str, Any]:
    """What a script is told when the attempt takes no answers any more."""
    return {"state": "closed", "url": url_for("quizzes.result", attempt_id=sitting.attempt.id)}


def _view(item: Item) -> QuestionView:
    return view_question(item.question, item.layout, item.position, item.response, item.sequence)


def _review(item: Item, mark: Any) -> QuestionReview:
    fraction = grading.fraction_of(item.question, item.response, mark.percent if mark else None)
    return review_question(item.question, item.position, item.response, fraction, mark.comment if mark else "")
