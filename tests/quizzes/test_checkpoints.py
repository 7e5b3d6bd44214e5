"""A single question in a lesson: shown without its key, graded, explained."""

import pytest
from flask import render_template

from lms.core import clock
from lms.quizzes import actions, checkpoints, gift
from lms.quizzes.kinds.base import BadResponse
from lms.quizzes.questions import Rich
from tests.cast import SYSTEM

TEXT = "题干 {=对的#CANARY 一 ~错的#CANARY 二####CANARY 总}"


@pytest.fixture
def version(work):
    [question] = gift.parse(TEXT)
    return actions.publish_question(question, actor=SYSTEM, now=clock.now())


def test_it_is_shown_without_its_key(version):
    html = render_template("quizzes/_question.html", question=checkpoints.view_of(version, "seed"))

    assert "对的" in html
    assert "CANARY" not in html


def test_an_answer_is_graded_and_explained(version):
    view = checkpoints.view_of(version, "seed")
    right = next(option.name for option in view.input.options if option.label == Rich("对的"))

    outcome = checkpoints.grade(version, {view.field: [right]}, seed="seed")

    assert outcome.right
    assert checkpoints.outcome_of(version, outcome.response) == outcome
    html = render_template("quizzes/_review.html", question=view, outcome=outcome)
    assert all(said in html for said in ("CANARY 一", "CANARY 二", "CANARY 总", "您选了，正确"))


def test_nothing_answered_has_no_response(version):
    assert checkpoints.grade(version, {}, seed="seed").response is None


def test_an_answer_made_with_another_seed_is_refused(version):
    name = checkpoints.view_of(version, "other").input.options[0].name

    with pytest.raises(BadResponse):
        checkpoints.grade(version, {"q1": [name]}, seed="seed")


def test_the_same_question_is_one_version(version):
    [question] = gift.parse(TEXT)

    assert actions.publish_question(question, actor=SYSTEM, now=clock.now()).id == version.id


def test_html_of_authors_is_cleaned(work):
    [question] = gift.parse(r"[html]<b>重点</b><img src\=x onerror\=alert(1)><script>1</script>{}")

    version = actions.publish_question(question, actor=SYSTEM, now=clock.now())

    assert version.question.stem.html == "<b>重点</b>"


@pytest.mark.parametrize(
    "text",
    [
        "题 {~%50%甲~%50%乙~%-50%丙}",
        "题 {T#a#b}",
        "题 {=甲#a =%50%乙}",
        "题 {#3:1#a ~#b}",
        "题 {=甲 -> 一 =乙 -> 二}",
        "题 {####说明}",
        "填{=甲 ~乙}空",
    ],
)
def test_every_kind_has_its_page_and_its_review(work, text):
    [question] = gift.parse(text)
    version = actions.publish_question(question, actor=SYSTEM, now=clock.now())

    assert render_template("quizzes/_question.html", question=checkpoints.view_of(version, "seed"))
    assert render_template("quizzes/_review.html", outcome=checkpoints.outcome_of(version, None))
