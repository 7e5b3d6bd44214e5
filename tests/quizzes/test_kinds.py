"""Each kind of question: what a page may see, what is read from a form, how it is graded and explained."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings

from lms.quizzes import gift
from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import BadResponse
from lms.quizzes.kinds.registry import KINDS, digest, kind_of
from lms.quizzes.kinds.short_answer import fits
from tests.quizzes.made import any_question

LAYOUT = Layout("seed", 1)


def made(text):
    [question] = gift.parse(text)
    return kind_of(question.kind), question.body


def grade(text, response):
    kind, body = made(text)
    return kind.grade(body, response).fraction


@pytest.mark.parametrize(
    ("chosen", "fraction"), [([0], 1), ([1], Decimal("0.5")), ([2], 0), ([3], 0)], ids=["right", "half", "wrong", "bad"]
)
def test_single_choice_gives_the_weight_of_the_option(chosen, fraction):
    assert grade("题 {=甲 ~%50%乙 ~丙 ~%-50%丁}", {"chosen": chosen}) == fraction


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [([0, 1], 1), ([0], Decimal("0.5")), ([0, 2], 0), ([0, 1, 2], 0), ([], 0), ([2], 0)],
    ids=str,
)
def test_multiple_choice_adds_up_and_never_goes_below_nothing(chosen, fraction):
    assert grade("题 {~%50%甲~%50%乙~%-100%丙}", {"chosen": chosen}) == fraction


def test_ticking_everything_is_noticed():
    assert made("题 {~%50%甲~%50%乙~丙}")[1].rewards_ticking_all
    assert not made("题 {~%50%甲~%50%乙~%-50%丙}")[1].rewards_ticking_all


@pytest.mark.parametrize(("truth", "fraction"), [(True, 0), (False, 1)])
def test_true_false(truth, fraction):
    assert grade("题 {F}", {"truth": truth}) == fraction


@pytest.mark.parametrize(
    ("number", "fraction"),
    [("20", 1), ("18", 1), ("22.0", 1), ("17", Decimal("0.5")), ("22.0001", 0), ("-20", 0)],
)
def test_numbers_take_the_best_interval(number, fraction):
    assert grade("题 {#=20:2 =%50%10..30 =%0%*}".replace("10..30", "15..17"), {"number": number}) == fraction


@pytest.mark.parametrize(
    ("pattern", "typed", "fitting"),
    [
        ("居民议事会", " 居民议事会 ", True),
        ("ABC", "ａｂｃ", True),
        ("open space", "Open  Space", True),
        ("*议事*", "社区居民议事会", True),
        ("居民*会", "居民议事会", True),
        ("居民*会", "居民会议", False),
        ("*", "", True),
        ("ab*ba", "aba", False),
        (r"5\*5", "5*5", True),
        (r"5\*5", "5x5", False),
        ("议事会", "居民议事会", False),
        ("*a" * 3000 + "b", "a" * 500, False),
    ],
    ids=range(12),
)
def test_words_are_compared_folded_with_stars(pattern, typed, fitting):
    assert fits(pattern, typed) is fitting


def test_matching_gives_a_part_for_each_row():
    text = "题 {=甲 -> 一 =乙 -> 二 =丙 -> 一 = -> 三}"

    assert grade(text, {"pairs": {"0": 0, "1": 1, "2": 0}}) == 1
    assert grade(text, {"pairs": {"0": 0, "1": 2}}) == Decimal(1) / 3
    assert grade(text, None) == 0


def test_an_essay_waits_for_a_person_unless_it_is_empty():
    assert grade("题 {}", {"text": "写了"}) is None
    assert grade("题 {}", None) == 0


@pytest.mark.parametrize(
    "text", ["题 {=甲 ~乙}", "题 {~%100%甲 ~乙}", "题 {T}", "题 {=甲}", "题 {#1}", "题 {=甲 -> 一 =乙 -> 二}", "题 {}"]
)
def test_nothing_answered_is_no_response_and_worth_nothing(text):
    kind, body = made(text)

    assert kind.read(body, LAYOUT, {}, "q1") is None
    assert kind.read(body, LAYOUT, {"q1": [""]} if kind.name != "matching" else {}, "q1") is None
    assert kind.grade(body, None).fraction == 0
    assert kind.review(body, None) is not None


def test_what_is_read_can_be_shown_again():
    kind, body = made("题 {=甲 -> 一 =乙 -> 二 = -> 三}")
    view = kind.view(body, LAYOUT)
    fields = {f"q1.{view.rows[0].name}": [view.options[2].name]}

    response = kind.read(body, LAYOUT, fields, "q1")

    assert kind.fill(body, LAYOUT, response).pairs == {view.rows[0].name: view.options[2].name}


@pytest.mark.parametrize(
    "typed", ["nan", "NaN", "Infinity", "-inf", "1e400", "0x10", "1_000", "1,5", "٣x", "--1", "1" * 60]
)
def test_only_finite_numbers_are_numbers(typed):
    kind, body = made("题 {#1}")

    with pytest.raises(BadResponse):
        kind.read(body, LAYOUT, {"q1": [typed]}, "q1")


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "\ud800", "长" * 10_001])
def test_an_essay_takes_only_what_can_be_stored(typed):
    kind, body = made("题 {}")

    with pytest.raises(BadResponse):
        kind.read(body, LAYOUT, {"q1": [typed]}, "q1")


def test_the_right_answer_and_each_reason_are_in_the_review():
    kind, body = made("题 {=甲#因为一 ~乙#因为二}")

    review = kind.review(body, {"chosen": [1]})

    assert [(line.verdict, line.chosen, line.feedback.text) for line in review.lines] == [
        ("right", False, "因为一"),
        ("wrong", True, "因为二"),
    ]


@settings(max_examples=150, deadline=None)
@given(any_question)
def test_every_kind_survives_json_and_shows_no_feedback(question):
    kind = kind_of(question.kind)
    stored = json.loads(json.dumps(kind.to_json(question.body)))

    assert kind.from_json(stored) == question.body
    assert "feedback" not in repr(kind.view(question.body, LAYOUT)).replace("feedback=None", "")


def test_a_layout_is_the_same_for_the_same_seed_only():
    kind, body = made("题 {=甲 ~乙 ~丙 ~丁}")

    assert kind.view(body, Layout("a", 1)) == kind.view(body, Layout("a", 1))
    assert kind.view(body, Layout("a", 1)) != kind.view(body, Layout("a", 2))
    assert kind.view(body, Layout("a", 1)) != kind.view(body, Layout("b", 1))


def test_rendering_does_not_make_another_version():
    [plain] = gift.parse("[markdown]题 **重点** {}")
    rendered = plain.__class__(plain.stem.__class__(plain.stem.text, plain.stem.format, "<p>…</p>"), plain.body)

    assert digest(plain) == digest(rendered)


def test_every_kind_has_a_name_for_people(app):
    with app.test_request_context():
        assert all(str(kind.label) for kind in KINDS.values())
