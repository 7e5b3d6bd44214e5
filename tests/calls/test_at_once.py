"""Two at once, each with a connection of their own: one wins, the other is told; places hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from lms.calls import actions, deciding, rounds
from lms.calls.models import CaseReview
from lms.cases.models import Case
from lms.core import clock, db
from lms.core.errors import Refused
from tests.calls.made import make_call, make_draft, open_round, submitted
from tests.cast import SYSTEM, Cast


def at_once(app: Flask, *works: Callable[[], Any]) -> list[str]:
    """What each of them got: "done", or how it was refused."""
    got: list[str] = []
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        ready.wait(10)
        try:
            with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
                work()
            got.append("done")
        except Refused as refusal:
            got.append(str(refusal.message))

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


def review_of(review_id: int) -> CaseReview:
    return db.session().get_one(CaseReview, review_id)


def test_two_decide_at_once(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        review_id = submitted(cast).id
    now = clock.now()
    done, refused = at_once(
        app,
        lambda: deciding.accept(review_of(review_id), reason="", actor=SYSTEM, now=now),
        lambda: deciding.return_case(review_of(review_id), reason="补充数据", actor=SYSTEM, now=now),
    )
    assert done == "done" and refused.startswith("这一轮已经由")


def test_two_recommend_into_the_last_place_at_once(app: Flask, cast: Cast) -> None:
    reviews: list[int] = []
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call, now = make_call(cast, cast.county), clock.now()
        actions.set_quotas(call, {cast.street: 1}, actor=SYSTEM, now=now)
        for slug in ("yi", "er"):
            case = make_draft(cast, slug=slug)
            actions.enter(call, case, actor=SYSTEM, now=now)
            review = open_round(case)
            deciding.accept(review, reason="", actor=SYSTEM, now=now)
            reviews.append(review.id)
    one, two = reviews
    done, refused = at_once(
        app,
        lambda: deciding.recommend(review_of(one), actor=SYSTEM, now=now),
        lambda: deciding.recommend(review_of(two), actor=SYSTEM, now=now),
    )
    assert done == "done" and "1 个推荐名额" in refused
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as work:
        assert work.scalar(select(func.count()).where(CaseReview.recommended_at.is_not(None))) == 1


def test_one_case_submitted_twice_at_once_has_one_round(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        case_id = make_draft(cast).id

    def submit() -> None:
        actions.submit(db.session().get_one(Case, case_id), actor=SYSTEM, now=clock.now())

    assert at_once(app, submit, submit)[0] == "done"
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as work:
        assert len(rounds.list_rounds(work.get_one(Case, case_id))) == 1
