"""Writes questions in Moodle's GIFT format, so that reading them again gives the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from lms.quizzes.gift_answers import FORMAT
from lms.quizzes.kinds.description import Description
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.numerical import Interval, Numerical, plain
from lms.quizzes.kinds.options import Option
from lms.quizzes.kinds.short_answer import Accepted, ShortAnswer
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.kinds.true_false import TrueFalse
from lms.quizzes.questions import FULL, Question, Rich, TextFormat, percent_text

_SPECIAL = re.compile(r"[\\~=#{}:]")
_BRACKET = re.compile(r"[][\\]")
_BACKSLASHED = r"\\\g<0>"
_NUMBERED = re.compile(r"[%％]")


def write(questions: Sequence[Question]) -> str:
    """Return a GIFT text of the questions.

    :raise ValueError: a value that the format cannot hold, such as ``->`` in the left half
        of a pair, or a question without category after one with.
    """
    pieces, category = [], ""
    for question in questions:
        if question.category != category:
            if not question.category:
                raise ValueError("a question without category must come before those with one")
            category = question.category
            pieces.append(f"$CATEGORY: {category}\n")
        pieces.append(_question(question))
    return "\n".join(pieces)


def escape(text: str) -> str:
    """Return a text in which nothing is a mark."""
    return _SPECIAL.sub(_BACKSLASHED, text).replace("\n", "\\n")


def _rich(rich: Rich, base: TextFormat) -> str:
    """Return a text, with its format where it is not the question's or looks like one."""
    named = rich.format is not base or FORMAT.match(rich.text) is not None
    return (f"[{rich.format}]" if named else "") + escape(rich.text)


def _plain(text: str) -> str:
    marked = FORMAT.match(text) or text.startswith(("＝", "～", "＃"))
    return ("[plain]" if marked else "") + escape(text)


def _said(feedback: Rich | None, base: TextFormat) -> str:
    return "" if feedback is None else f"#{_rich(feedback, base)}"


def _question(question: Question) -> str:
    base = question.stem.format
    head = _comment(question)
    if question.title:
        head += f"::{escape(question.title)}::"
    stem = _rich(question.stem, TextFormat.MOODLE)
    if stem.startswith(("//", "／／", "：：", "＄CATEGORY", "$CATEGORY：")) and not question.title:
        stem = f"[{base}]{stem}"
    if isinstance(question.body, Description):
        if question.general_feedback or question.after:
            raise ValueError("a description has no feedback and no blank")
        if 0 <= stem.find("｛") < stem.find("｝"):
            raise ValueError("a description cannot hold full-width braces")
        return f"{head}{stem}\n"
    inside = _WRITERS[type(question.body)](question.body, base)
    if question.general_feedback is not None:
        inside += f"####{_rich(question.general_feedback, base)}"
    return f"{head}{stem} {{{inside}}}{' ' if question.after else ''}{escape(question.after)}\n"


def _comment(question: Question) -> str:
    fields = [("id", question.reference)] if question.reference else []
    fields += [("tag", tag) for tag in question.tags]
    if not fields:
        return ""
    marked = [f"[{name}:{_BRACKET.sub(_BACKSLASHED, value)}]" for name, value in fields]
    return f"// {' '.join(marked)}\n"


def _option(option: Option, base: TextFormat, *, equals: bool) -> str:
    text = _rich(option.text, base)
    if equals and option.weight == FULL:
        mark = "=%100%" if _NUMBERED.match(text) else "="
    elif option.weight == 0 and not _NUMBERED.match(text):
        mark = "~"
    else:
        mark = f"~%{percent_text(option.weight)}%"
    return f"\t{mark}{text}{_said(option.feedback, base)}\n"


def _single(body: SingleChoice, base: TextFormat) -> str:
    # At least one "~" tells options to choose from words to type.
    all_right = all(o.weight == FULL for o in body.options)
    return "\n" + "".join(_option(o, base, equals=not (i and all_right)) for i, o in enumerate(body.options))


def _multiple(body: MultipleChoice, base: TextFormat) -> str:
    return "\n" + "".join(_option(o, base, equals=False) for o in body.options)


def _weight(weight: Decimal, text: str) -> str:
    plain = weight == FULL and not _NUMBERED.match(text)
    return "" if plain else f"%{percent_text(weight)}%"


def _short_answer(body: ShortAnswer, base: TextFormat) -> str:
    def line(answer: Accepted, mark: str) -> str:
        text = _plain(answer.text)
        return f"{mark}{_weight(answer.weight, text)}{text}{_said(answer.feedback, base)}"

    if any("->" in answer.text for answer in body.answers):
        # With "=" before it, this would be read as a pair.
        if len(body.answers) > 1:
            raise ValueError("-> cannot stand in one of several short answers")
        return line(body.answers[0], "")
    return "\n" + "".join(f"\t{line(a, '=')}\n" for a in body.answers)


def _interval(answer: Interval, base: TextFormat) -> str:
    if answer.center is None:
        number = f"{plain(answer.low)}..{plain(answer.high)}"
    elif answer.low == answer.high:
        number = plain(answer.center)
    else:
        number = f"{plain(answer.center)}:{plain(answer.high - answer.center)}"
    return f"{_weight(answer.weight, number)}{number}{_said(answer.feedback, base)}"


def _numerical(body: Numerical, base: TextFormat) -> str:
    lines = "".join(f"\t={_interval(a, base)}\n" for a in body.answers)
    wrong = f"\t~{_said(body.when_wrong, base)}\n" if body.when_wrong else ""
    return f"#\n{lines}{wrong}"


def _matching(body: Matching, base: TextFormat) -> str:
    if any("->" in pair.left.text for pair in body.pairs):
        raise ValueError("-> cannot stand in the left half of a pair")
    pairs = "".join(f"\t={_rich(p.left, base)} -> {_plain(p.right)}\n" for p in body.pairs)
    return "\n" + pairs + "".join(f"\t= -> {_plain(right)}\n" for right in body.extra)


def _true_false(body: TrueFalse, base: TextFormat) -> str:
    wrong, right = _said(body.when_wrong, base), _said(body.when_right, base)
    return f"{'TRUE' if body.answer else 'FALSE'}{wrong or ('#' if right else '')}{right}"


def _essay(body: Essay, base: TextFormat) -> str:
    return ""


_WRITERS: dict[type, Callable[[Any, TextFormat], str]] = {
    SingleChoice: _single,
    MultipleChoice: _multiple,
    TrueFalse: _true_false,
    ShortAnswer: _short_answer,
    Numerical: _numerical,
    Matching: _matching,
    Essay: _essay,
}
