"""A published paper and people who sit it: the set-up of the tests over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.core import clock, db
from lms.quizzes import access, actions, gift
from lms.quizzes.access import Item
from lms.quizzes.models import Attempt, Paper
from lms.quizzes.papers import Draw
from lms.quizzes.showing import QuestionView, field_name, view_question
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of

DEVICE = "device-one"

BANK = """
$CATEGORY: 甲
一：首先做什么？{=对的一 #CANARY 反馈一 ~错的一 #CANARY 反馈二 ####CANARY 总解释}

二：选两项。{~%50%对的二~%50%对的三~%-100%错的二 #CANARY}

三：代签有效。{F#CANARY 错#CANARY 对}

$CATEGORY: 乙
四：平台叫什么？{=CANARY议事会}

五：几户？{#20:2 #CANARY}

六：配对。{=漏水 -> 物业 =噪音 -> 城管 = -> 税务}
"""
ESSAY = "::CANARY 题名::写一段记录。{####CANARY 评分要点}"


@dataclass
class Stage:
    """What a test about attempts needs: all by identifiers, each helper in a unit of work of its own."""

    app: Flask
    cast: Cast
    as_: Callable[[int], FlaskClient]

    @contextmanager
    def work(self) -> Iterator[Any]:
        with self.app.test_request_context(), db.unit_of_work(self.app.extensions["database"]) as opened:
            yield opened

    def publish(self, text: str = BANK, draws: tuple[Draw, ...] = (), **rules: Any) -> int:
        """A paper of the county's; returns its id."""
        values: dict[str, Any] = {
            "title": "接待居民",
            "owner": ("test", "1"),
            "pass_percent": 60,
            "time_limit_minutes": None,
            "attempts_allowed": None,
            "wait_hours": 0,
            "unit_id": self.cast.county,
        }
        with self.work():
            paper = actions.publish_paper(
                questions=gift.parse(text), draws=draws, **{**values, **rules}, actor=SYSTEM, now=clock.now()
            )
            return paper.id

    def start(self, paper_id: int, person_id: int | None = None) -> int:
        """Begin, or go on; returns the attempt's id."""
        with self.work() as session:
            paper = session.get_one(Paper, paper_id)
            return actions.start(paper, actor=actor_of(person_id or self.cast.alice), now=clock.now()).id

    def sign_in(self) -> None:
        """Let Alice have her account, so that threads do not all open it."""
        with self.work():
            actor_of(self.cast.alice)

    def attempt(self, attempt_id: int) -> Attempt:
        with self.work() as session:
            attempt: Attempt = session.scalars(select(Attempt).where(Attempt.id == attempt_id)).one()
            return attempt

    def views(self, attempt_id: int, person_id: int | None = None) -> list[QuestionView]:
        with self.work():
            sitting = access.get_sitting(actor_of(person_id or self.cast.alice), attempt_id)
            return [view_question(i.question, i.layout, i.position, i.response, i.sequence) for i in sitting.items]

    def items(self, attempt_id: int) -> list[Item]:
        with self.work():
            return access.get_sitting(actor_of(self.cast.alice), attempt_id).items

    def names(self, attempt_id: int, position: int) -> dict[str, str]:
        """What the page calls each option of a question: text -> opaque name."""
        view = next(v for v in self.views(attempt_id) if v.position == position)
        return {getattr(o.label, "text", str(o.label)): o.name for o in view.input.options}

    def save(self, attempt_id: int, position: int, value: Any, **changes: Any) -> TestResponse:
        """Send an answer as the script does."""
        client = changes.pop("client", None) or self.as_(self.cast.alice)
        field = changes.pop("field", field_name(position))
        data = {field: value, "sequence": 1, "based_on": 0, "device": DEVICE, **changes}
        return client.post(
            f"/quizzes/attempts/{attempt_id}/answers/{position}", data=data, headers={"Accept": "application/json"}
        )

    def submit(
        self, attempt_id: int, client: FlaskClient | None = None, token: str = "token-of-a-page"
    ) -> TestResponse:
        client = client or self.as_(self.cast.alice)
        return client.post(f"/quizzes/attempts/{attempt_id}/submit", data={"token": token})

    def answer_all(self, attempt_id: int) -> None:
        """Answer every question of BANK rightly."""
        self.save(attempt_id, 1, self.names(attempt_id, 1)["对的一"])
        two = self.names(attempt_id, 2)
        self.save(attempt_id, 2, [two["对的二"], two["对的三"]])
        self.save(attempt_id, 3, self.names(attempt_id, 3)["错"])
        self.save(attempt_id, 4, "canary议事会")
        self.save(attempt_id, 5, "21")
        view = self.views(attempt_id)[5]
        names = {str(o.label): o.name for o in view.input.options}
        rows = {getattr(r.label, "text", ""): r.name for r in view.input.rows}
        self.save(
            attempt_id, 6, names["物业"], field=f"q6.{rows['漏水']}", **{f"q6.{rows['噪音']}": names["城管"]}
        )  # fmt: skip


@pytest.fixture
def stage(app: Flask, cast: Cast, as_: Callable[[int], FlaskClient]) -> Stage:
    return Stage(app, cast, as_)


def tags(html: str) -> str:
    """A page without its markup, for looking at its words."""
    return re.sub(r"<[^>]+>", " ", html)
