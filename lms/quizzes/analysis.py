"""Reads the answers to a paper for its item analysis: nobody's name is loaded, for no page of it needs one."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import fsum
from typing import Any

from sqlalchemy import Select, and_, select

from lms.core import db
from lms.quizzes import paper_statistics, statistics
from lms.quizzes.grading import fraction_of
from lms.quizzes.kinds.base import Response
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.models import (
    Attempt,
    AttemptAnswer,
    AttemptQuestion,
    EssayMark,
    Paper,
    PaperQuestion,
    QuestionVersion,
)
from lms.quizzes.paper_statistics import PaperFigures
from lms.quizzes.questions import Question
from lms.quizzes.statistics import Choice, Figures, Finding

MOST = 5000
"""The newest so many attempts are read: more would not move a figure, and would keep the page waiting."""
MOST_TYPED = 8
"""Of typed answers the most frequent are shown."""


@dataclass
class ItemRow:
    """A question of a paper with what its answers say. ``figures`` is None while nobody was asked it."""

    position: int
    question: Question
    category: str
    figures: Figures | None
    choices: list[Choice]
    empty: int

    @cached_property
    def kind_label(self) -> Any:
        """The kind's name for people."""
        return kind_of(self.question.kind).label

    @cached_property
    def guess(self) -> float | None:
        """What guessing earns; None where that is not defined."""
        return statistics.guess_score(self.question.body)

    @cached_property
    def findings(self) -> list[Finding]:
        """What its author should look at."""
        return statistics.findings(self.figures, self.choices, self.guess) if self.figures else []

    @property
    def doubtful(self) -> bool:
        """Whether something looks faulty."""
        return any(finding.tone == "warn" for finding in self.findings)


@dataclass
class Analysis:
    """A paper's questions, what they come to together (None: nobody sat it), and the sum of the attempts read."""

    rows: list[ItemRow]
    paper: PaperFigures | None = None
    attempts: int = 0
    passed: int = 0
    mean_percent: Decimal | None = None

    @property
    def doubtful(self) -> list[ItemRow]:
        """The questions to look at first."""
        return [row for row in self.rows if row.doubtful]

    @property
    def cut(self) -> bool:
        """Whether there may be older attempts that were not read."""
        return self.attempts >= MOST


@dataclass
class _Given:
    """All answers to one question: each different one is graded and explained once."""

    question: Question
    counts: Counter[str] = field(default_factory=Counter)
    _earned: dict[str, float] = field(default_factory=dict)

    def take(self, response: Response | None, mark: int | None) -> float:
        """Count an answer; return what it earned."""
        key = json.dumps(response, sort_keys=True, ensure_ascii=False)
        self.counts[key] += 1
        if mark is not None:
            return mark / 100
        if key not in self._earned:
            self._earned[key] = float(fraction_of(self.question, response) or 0)
        return self._earned[key]


def analysis_of(paper: Paper, *, every: bool = False) -> Analysis:
    """Return the item analysis of a paper; four statements, whatever its size.

    Answers to a version that was corrected since, and not regraded, count in the totals of their sitting alone.

    :param every: all attempts of a person; else the first ones, for whoever has seen the explanations answers better.
    """
    attempts = _attempts(paper, every=every)
    scores = db.session().execute(attempts.add_columns(Attempt.percent, Attempt.passed)).all()
    pool = _pool(paper)
    given = {version_id: _Given(question) for _position, _category, version_id, question in pool}
    sittings = _sittings(attempts, given)
    figures = statistics.analyze(sittings)
    rows = [
        ItemRow(position, question, category, figures.get(version_id), *_choices(given[version_id]))
        for position, category, version_id, question in pool
    ]
    percents = [float(score.percent) for score in scores]
    mean = Decimal(str(round(fsum(percents) / len(percents), 1))) if percents else None
    together = paper_statistics.measure(_places(paper, sittings, given))
    return Analysis(rows, together, len(scores), sum(bool(score.passed) for score in scores), mean)


def _places(paper: Paper, sittings: Iterable[Mapping[int, float]], given: Iterable[int]) -> list[list[float]]:
    """What each sitting earned, place by place. Drawn ones stand in an order of chance: the author's is the same."""
    order = {version_id: place for place, version_id in enumerate(given)} if paper.draws else {}
    return [
        [sitting[version_id] for version_id in sorted(sitting, key=lambda each: order.get(each, len(order)))]
        for sitting in sittings
    ]


def _attempts(paper: Paper, *, every: bool) -> Select[Any]:
    chosen = select(Attempt.id).where(Attempt.paper_id == paper.id, Attempt.graded_at.is_not(None))
    if not every:
        chosen = chosen.where(Attempt.number == 1)
    return chosen.order_by(Attempt.id.desc()).limit(MOST)


def _pool(paper: Paper) -> list[tuple[int, str, int, Question]]:
    rows = db.session().execute(
        select(PaperQuestion.position, PaperQuestion.category, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(PaperQuestion.paper_id == paper.id)
        .order_by(PaperQuestion.position)
    )  # fmt: skip
    pool = [(position, category, version.id, version.question) for position, category, version in rows]
    return [row for row in pool if kind_of(row[3].kind).counts]


def _sittings(attempts: Select[Any], given: Mapping[int, _Given]) -> list[dict[int, float]]:
    """What each attempt earned, by version in the order asked; answers are counted in ``given`` on the way."""
    chosen = attempts.subquery()
    marks = _marks(chosen)
    answered = and_(
        AttemptAnswer.attempt_id == AttemptQuestion.attempt_id, AttemptAnswer.position == AttemptQuestion.position
    )
    rows = db.session().execute(
        select(
            AttemptQuestion.attempt_id,
            AttemptQuestion.position,
            AttemptQuestion.judged_by().label("version_id"),
            AttemptAnswer.response,
        )
        .join(chosen, chosen.c.id == AttemptQuestion.attempt_id)
        .outerjoin(AttemptAnswer, answered)
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.position)
    )
    sittings: dict[int, dict[int, float]] = defaultdict(dict)
    others = _Others()
    for attempt_id, position, version_id, response in rows:
        counted = given.get(version_id) or others[version_id]
        if kind_of(counted.question.kind).counts:
            sittings[attempt_id][version_id] = counted.take(response, marks.get((attempt_id, position)))
    return list(sittings.values())


class _Others(dict[int, _Given]):
    """Versions that the paper no longer holds, loaded when met: a correction leaves few of them."""

    def __missing__(self, version_id: int) -> _Given:
        self[version_id] = _Given(db.session().get_one(QuestionVersion, version_id).question)
        return self[version_id]


def _marks(chosen: Any) -> dict[tuple[int, int], int]:
    """The mark that counts of each essay: the newest."""
    rows = db.session().execute(
        select(EssayMark.attempt_id, EssayMark.position, EssayMark.percent)
        .join(chosen, chosen.c.id == EssayMark.attempt_id)
        .order_by(EssayMark.id)
    )
    return {(attempt_id, position): percent for attempt_id, position, percent in rows}


def _choices(given: _Given) -> tuple[list[Choice], int]:
    """How often each option was chosen, each pair made, each word typed; and how many left the question empty."""
    question = given.question
    kind = kind_of(question.kind)
    empty = given.counts.get("null", 0)
    if kind.by_hand:
        return [], empty
    lines: dict[tuple[str, str], Choice] = {}
    for key, count in sorted({"null": 0, **given.counts}.items()):
        response = json.loads(key)
        review = kind.review(question.body, response)
        if question.kind in {"short_answer", "numerical"}:
            if response is not None:
                right = fraction_of(question, response) or Decimal(0)
                verdict = "right" if right >= 1 else "partly" if right else "wrong"
                lines[review.given, ""] = Choice(review.given, verdict, count)
            continue
        for line in review.lines:
            if question.kind == "matching" and not line.given:
                continue
            place = str(getattr(line.label, "text", line.label)), line.given
            before = lines[place].count if place in lines else 0
            lines[place] = Choice(line.label, line.verdict, before + count * line.chosen, line.given)
    choices = list(lines.values())
    if question.kind in {"short_answer", "numerical"}:
        choices = sorted(choices, key=lambda choice: -choice.count)[:MOST_TYPED]
    elif question.kind == "matching":
        choices.sort(key=lambda choice: (str(getattr(choice.label, "text", choice.label)), -choice.count))
    return choices, empty
