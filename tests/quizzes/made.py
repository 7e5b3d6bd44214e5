"""Hypothesis strategies: any question that the GIFT format can hold."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from lms.quizzes.kinds.description import Description
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.matching import Matching, Pair
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.numerical import Interval, Numerical
from lms.quizzes.kinds.options import Option
from lms.quizzes.kinds.short_answer import Accepted, ShortAnswer
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.kinds.true_false import TrueFalse
from lms.quizzes.questions import FULL, Question, Rich, TextFormat

LETTERS = "ab 居民%-+*.:#=~{}\\/\n[]＝～｝：＃％（）。，、n$>T"

texts = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(lambda t: t and "＃＃＃＃" not in t)
formats = st.sampled_from(TextFormat)
riches = st.builds(Rich, texts, formats)
feedbacks = st.none() | st.builds(Rich, texts, formats)
no_arrow = texts.filter(lambda t: "->" not in t)
weights = st.sampled_from([Decimal(0), FULL, Decimal("33.33333"), Decimal(-100), Decimal("12.5")])
numbers = st.decimals(-1000, 1000, places=3)


def different(options: list[Option]) -> bool:
    return len({o.text for o in options}) == len(options)


options = st.builds(Option, riches, weights, feedbacks)


def with_right(made: list[Option], rest: Rich) -> SingleChoice:
    right = Option(rest, FULL)
    return SingleChoice((*made, right))


singles = st.builds(with_right, st.lists(options, min_size=1, max_size=4), riches).filter(
    lambda body: different(list(body.options))
)
multiples = st.builds(
    lambda made: MultipleChoice(
        tuple(Option(o.text, w, o.feedback) for o, w in zip(made, map(Decimal, (50, 50, -50, 0)), strict=False))
    ),
    st.lists(options, min_size=2, max_size=4).filter(different),
)
judges = st.builds(TrueFalse, st.booleans(), feedbacks, feedbacks)
shorts = st.builds(
    lambda first, rest: ShortAnswer((Accepted(first), *rest)),
    no_arrow,
    st.lists(st.builds(Accepted, no_arrow, weights, feedbacks), max_size=3),
)


def interval(center: Decimal, slack: Decimal, exact: bool, weight: Decimal, said: Rich | None) -> Interval:
    slack = abs(slack)
    return Interval(center - slack, center + slack, center if exact or not slack else None, weight, said)


intervals = st.builds(interval, numbers, numbers, st.booleans(), weights, feedbacks)
numericals = st.builds(
    lambda first, rest, wrong: Numerical((first, *rest), wrong),
    st.builds(interval, numbers, numbers, st.booleans(), st.just(FULL), feedbacks),
    st.lists(intervals, max_size=2),
    feedbacks,
)
pairs = st.builds(Pair, st.builds(Rich, no_arrow, formats), texts)
matchings = st.builds(
    Matching,
    st.lists(pairs, min_size=2, max_size=4, unique_by=lambda p: p.left).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
)
bodies = singles | multiples | judges | shorts | numericals | matchings | st.just(Essay())


def flat(text: str) -> str:
    return " ".join(text.split())


lines = texts.map(flat)
questions = st.builds(
    Question,
    stem=riches,
    body=bodies,
    title=st.just("") | lines,
    category=st.just("接待"),
    after=st.just("") | texts,
    general_feedback=feedbacks,
    tags=st.lists(lines, max_size=2).map(tuple),
)
descriptions = st.builds(
    Question,
    stem=riches.filter(lambda r: "｝" not in r.text),
    body=st.just(Description()),
    category=st.just("接待"),
    title=st.just("") | lines,
)
any_question = questions | descriptions
