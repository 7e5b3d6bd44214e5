"""Someone who knows the material: answers the questions on a page from the course's own bank."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator

from lms.quizzes import gift
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.numerical import Numerical
from lms.quizzes.kinds.short_answer import ShortAnswer
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.kinds.true_false import TrueFalse
from lms.quizzes.questions import FULL, Question
from tests.installation import ROOT


def plain(text: str) -> str:
    """Letters and digits alone: what a page and a file have in common."""
    return re.sub(r"[\W_]+", "", text)


class Scholar:
    """Knows every question of a bank by its text."""

    def __init__(self, course: Path = ROOT / "courses/street/jiedai-yu-zoufang") -> None:
        questions = gift.parse((course / "quiz.gift").read_text(encoding="utf-8"))
        self._known = {plain(question.stem.text): question for question in questions}

    def answer(self, card: Locator) -> None:
        """Fill in what is right."""
        question = self._question_of(card)
        body = question.body
        if isinstance(body, SingleChoice):
            choose(card, [option.text.text for option in body.options if option.weight == FULL])
        elif isinstance(body, MultipleChoice):
            choose(card, [option.text.text for option in body.options if option.weight > 0])
        elif isinstance(body, TrueFalse):
            choose(card, ["对" if body.answer else "错"])
        elif isinstance(body, Matching):
            for row in card.locator(".match").all():
                left = plain(row.locator("label").inner_text())
                right = next(pair.right for pair in body.pairs if plain(pair.left.text) == left)
                row.locator("select").select_option(label=right)
        elif isinstance(body, Numerical):
            card.locator("input[type=text]").fill(str(body.answers[0].low))
        else:
            assert isinstance(body, ShortAnswer)
            card.locator("input[type=text]").fill(body.answers[0].text)
            card.locator("input[type=text]").blur()

    def _question_of(self, card: Locator) -> Question:
        shown = plain(card.locator(".question__text").inner_text())
        return next(question for text, question in self._known.items() if shown.startswith(text))


def choose(card: Locator, texts: list[str]) -> None:
    """Tick the options with these texts."""
    wanted = {plain(text) for text in texts}
    for choice in card.locator(".choice").all():
        if plain(choice.locator("label").inner_text()) in wanted:
            choice.locator("input").check()
