"""Item analysis: the published formulas, worked by hand and by the standard library, and the page that shows them."""

from __future__ import annotations

import statistics as stdlib
from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core import db
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import Role
from lms.quizzes import gift
from lms.quizzes.statistics import FEWEST, Choice, Figures, analyze, findings, guess_score
from lms.units.models import Unit
from tests.cast import BEGINNING, SYSTEM
from tests.quizzes.conftest import tags

#: Four sittings of three questions; what each earned.
WORKED = [
    {"a": 1.0, "b": 1.0, "c": 0.0},
    {"a": 1.0, "b": 0.5, "c": 0.0},
    {"a": 0.0, "b": 0.5, "c": 1.0},
    {"a": 1.0, "b": 0.0, "c": 0.0},
]


def near(found: float | None, expected: float) -> bool:
    """Equal but for the last digits; None is near nothing."""
    return found is not None and isclose(found, expected)


def test_facility_is_the_mean_part_earned():
    figures = analyze(WORKED)
    assert (figures["a"].facility, figures["b"].facility, figures["c"].facility) == (0.75, 0.5, 0.25)
    assert figures["a"].answers == 4


def test_the_indexes_of_a_worked_example():
    """Question b: x = 1, .5, .5, 0; X = 1, 1, 1, 1: no spread. Question a: x = 1, 1, 0, 1; X = 1, .5, 1.5, 0.

    C(x, X) = (.25*.25 + .25*-.25 + -.75*.75 + .25*-.75) / 3 = -.75/3 = -.25; V(x) = .25; V(X) = 1.25/3.
    Sorted, x = 0, 1, 1, 1 and X = 0, .5, 1, 1.5: Cmax = (-.75*-.75 + .25*(-.25 + .25 + .75)) / 3 = .75/3 = .25.
    """
    figures = analyze(WORKED)
    assert figures["b"].discrimination is None
    assert figures["b"].efficiency is None
    assert near(figures["a"].discrimination, -0.25 / sqrt(0.25 * 1.25 / 3))
    assert near(figures["a"].efficiency, -1.0)


def test_one_sitting_has_no_indexes():
    assert analyze([{"a": 1.0, "b": 0.0}])["a"] == Figures(1, 1.0, None, None)


def test_only_the_sittings_that_drew_a_question_count_for_it():
    figures = analyze([{"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0}, {"b": 1.0, "c": 1.0}])
    assert figures["a"].answers == 2
    assert near(figures["a"].discrimination, 1.0)


parts = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 2 / 3, 1.0])
sittings = st.lists(st.dictionaries(st.integers(1, 5), parts, min_size=1), min_size=1, max_size=30)


@given(sittings)
@settings(max_examples=200, deadline=None)
def test_figures_lie_within_their_bounds(made):
    for figure in analyze(made).values():
        assert 0 <= figure.facility <= 1
        assert figure.discrimination is None or -1 <= figure.discrimination <= 1
        assert figure.efficiency is None or figure.efficiency <= 1


@given(sittings, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_sittings_and_questions_changes_nothing(made, random):
    other = [dict(random.sample(sorted(sitting.items()), len(sitting))) for sitting in made]
    random.shuffle(other)
    assert analyze(other) == analyze(made)


@given(sittings)
@settings(max_examples=200, deadline=None)
def test_discrimination_is_the_correlation_with_the_rest(made):
    """By the standard library's own correlation and covariance."""
    for key, figure in analyze(made).items():
        own = [sitting[key] for sitting in made if key in sitting]
        rest = [sum(sitting.values()) - sitting[key] for sitting in made if key in sitting]
        assert isclose(figure.facility, stdlib.mean(own), abs_tol=1e-12)
        if figure.discrimination is None or figure.efficiency is None:
            continue
        assert isclose(figure.discrimination, stdlib.correlation(own, rest), abs_tol=1e-6)
        most = stdlib.covariance(sorted(own), sorted(rest))
        assert isclose(figure.efficiency, stdlib.covariance(own, rest) / most, rel_tol=1e-6, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("题 {=甲 ~乙 ~丙 ~丁}", 0.25),
        ("题 {=甲 ~%50%乙 ~%-100%丙}", 0.5),
        ("题 {F}", 0.5),
        ("题 {~%50%甲 ~%50%乙 ~%-100%丙}", None),
        ("题 {=甲 -> 一 =乙 -> 二 = -> 三}", 1 / 3),
        ("题 {=甲}", 0.0),
        ("题 {#3:1}", 0.0),
        ("题 {}", 0.0),
    ],
)
def test_guessing(text, guess):
    [question] = gift.parse(text)
    assert guess_score(question.body) == (pytest.approx(guess) if guess is not None else None)


def said(answers=40, facility=0.6, discrimination=0.4, choices=(), guess=0.25):
    figures = Figures(answers, facility, discrimination, None)
    return [finding.code for finding in findings(figures, list(choices), guess)]


DOMINATED = (Choice("甲", "right", 4), Choice("乙", "wrong", 30))


def test_what_is_said_of_a_question():
    assert said() == []
    assert said(answers=FEWEST - 1, facility=0.0, choices=DOMINATED) == ["too_few"]
    assert said(facility=0.1, choices=DOMINATED) == ["key_suspect"]
    assert said(facility=0.1) == ["nobody_right"]
    assert said(facility=0.5, guess=0.5) == ["like_guessing"]
    assert said(discrimination=-0.1) == ["negative"]
    assert said(facility=1.0, discrimination=None) == ["everyone_right"]
    assert said(facility=0.1, discrimination=-0.3, choices=DOMINATED) == ["key_suspect", "negative"]


def test_every_sentence_can_be_said(work):
    figures = Figures(40, 0.1, -0.2, None)
    sentences = [str(finding.message) for finding in findings(figures, DOMINATED, 0.25)]
    assert "乙" in sentences[0]
    assert not any("%(" in sentence for sentence in sentences)


# The page

TEXT = "一：先做什么？{=问清情况 ~当场答应}\n\n二：代签有效。{F}\n\n三：平台叫什么？{=议事会}"


def sit(stage, paper_id, person_id, first, second="错", third="议事会"):
    attempt_id = stage.start(paper_id, person_id)
    client = stage.as_(person_id)
    views = stage.views(attempt_id, person_id)
    for view, text in zip(views, (first, second), strict=False):
        names = {getattr(o.label, "text", str(o.label)): o.name for o in view.input.options}
        stage.save(attempt_id, view.position, names[text], client=client)
    stage.save(attempt_id, 3, third, client=client)
    stage.submit(attempt_id, client)
    return attempt_id


def test_the_page_counts_each_option_of_first_attempts(stage):
    paper_id = stage.publish(TEXT)
    sit(stage, paper_id, stage.cast.alice, "当场答应", third="楼门口")
    sit(stage, paper_id, stage.cast.alice, "问清情况")
    sit(stage, paper_id, stage.cast.sun, "问清情况", "对")

    words = " ".join(tags(stage.as_(stage.cast.tina).get(f"/quizzes/papers/{paper_id}/items").text).split())
    everyone = " ".join(
        tags(stage.as_(stage.cast.tina).get(f"/quizzes/papers/{paper_id}/items?attempts=all").text).split()
    )

    assert "问清情况 正确 1 50%" in words
    assert "当场答应 不对 1 50%" in words
    assert "楼门口 不对 1 50%" in words
    assert "问清情况 正确 2 66%" in everyone
    assert "作答还太少" in words
    assert "艾丽丝" not in words


def test_the_page_of_a_paper_that_nobody_answered(stage):
    paper_id = stage.publish(TEXT)
    stage.start(paper_id)
    assert "还没有评完的答卷" in stage.as_(stage.cast.tina).get(f"/quizzes/papers/{paper_id}/items").text


def test_the_page_takes_few_statements(stage, query_count):
    paper_id = stage.publish(TEXT)
    for person in ("alice", "sun", "wen"):
        sit(stage, paper_id, stage.cast.people[person], "问清情况")
    client = stage.as_(stage.cast.tina)
    client.get(f"/quizzes/papers/{paper_id}/items")
    with query_count() as statements:
        assert client.get(f"/quizzes/papers/{paper_id}/items").status_code == 200
    assert len(statements) <= 9


@pytest.mark.parametrize(
    ("who", "status"),
    [("tina", 200), ("chen", 200), ("dong", 200), ("pan", 200), ("alice", 403), ("bo", 404), ("mallory", 404)],
)
def test_it_is_for_those_whose_reach_covers_the_unit(stage, who, status):
    paper_id = stage.publish(TEXT)
    assert stage.as_(stage.cast.people[who]).get(f"/quizzes/papers/{paper_id}/items").status_code == status
    assert stage.as_(stage.cast.people[who]).post(f"/quizzes/papers/{paper_id}/items").status_code == 405


def test_a_paper_of_the_site_belongs_to_the_top(stage):
    paper_id = stage.publish(TEXT, unit_id=None)
    assert stage.as_(stage.cast.pan).get(f"/quizzes/papers/{paper_id}/items").status_code == 200
    assert stage.as_(stage.cast.chen).get(f"/quizzes/papers/{paper_id}/items").status_code == 404


def test_a_trainer_of_a_street_sees_the_streets_papers_only(stage):
    with stage.work():
        person = db.session().get_one(Person, stage.cast.sun)
        street = db.session().get_one(Unit, stage.cast.street)
        people.grant(person, role=Role.TRAINER, unit=street, actor=SYSTEM, now=BEGINNING)
    sun = stage.as_(stage.cast.sun)
    assert sun.get(f"/quizzes/papers/{stage.publish(TEXT, unit_id=stage.cast.street)}/items").status_code == 200
    assert sun.get(f"/quizzes/papers/{stage.publish(TEXT)}/items").status_code == 404
