"""What stands between the braces of a GIFT question: from marks to the body of its kind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from lms.quizzes.gift_blocks import Part, marks, unescape
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.matching import Matching, Pair
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.numerical import Interval, Numerical, to_number
from lms.quizzes.kinds.options import Option
from lms.quizzes.kinds.short_answer import Accepted, ShortAnswer
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.kinds.true_false import TrueFalse
from lms.quizzes.questions import FULL, Body, Rich, TextFormat, percent_text

MAX_OPTIONS = 50
MAX_TEXT = 20_000
WEIGHT_SLACK = Decimal("0.5")
"""Percent by which weights may miss 100: sevenths are written with few decimals."""

FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
_MARK = re.compile(r"\\.|[~=]", re.DOTALL)
_EQUALS = re.compile(r"\\.|=", re.DOTALL)
_TILDE = re.compile(r"\\.|~", re.DOTALL)
_HASH = re.compile(r"\\.|#", re.DOTALL)
_WEIGHT = re.compile(r"%\s*([-+]?\d{1,3}(?:\.\d{0,10})?)\s*%", re.ASCII)
_LIKE_WEIGHT = re.compile(r"%[-+\d.,\s]{0,20}%")
_WIDE_WEIGHT = re.compile(r"[%％][-+－＋.．\d]{1,20}[%％]")
_WIDE_ARROW = re.compile("－＞|-＞|－>|→|—>|–>")
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass
class Item:
    """One answer: its mark (``=``, ``~`` or none), weight, text and feedback."""

    mark: str
    whole: Part
    weight: Decimal | None
    text: Part
    feedback: Part | None

    def rich(self, base: TextFormat) -> Rich:
        """Return its text.

        :raise OneFault: it is empty or too long.
        """
        rich = rich_of(self.text, base)
        if not rich.text:
            raise self.whole.fault("answer_empty")
        return rich

    def said(self, base: TextFormat) -> Rich | None:
        """Return its feedback, or None where it is missing or empty."""
        return feedback_of(self.feedback, base)


def rich_of(part: Part, base: TextFormat) -> Rich:
    """Return a piece as text; it has the question's format unless it names its own.

    :raise OneFault: it is too long.
    """
    stripped = part.text.strip()
    found = FORMAT.match(stripped)
    text = unescape(stripped[found.end() :] if found else stripped)
    if len(text) > MAX_TEXT:
        raise part.fault("text_too_long", limit=MAX_TEXT)
    return Rich(text, TextFormat(found[1]) if found else base)


def feedback_of(part: Part | None, base: TextFormat) -> Rich | None:
    """Return a feedback, or None where there is none."""
    rich = rich_of(part, base) if part is not None else None
    return rich if rich and rich.text else None


def read_body(part: Part, base: TextFormat) -> Body:
    """Return the body that the text between the braces (without ``####``) describes.

    :raise OneFault: the first thing that is wrong with it.
    """
    text = part.text.strip()
    if not text:
        return Essay()
    refuse_wide_marks(part)
    if text[0] == "#":
        return _numerical(part.cut(part.text.index("#") + 1), base)
    if any(m[0] == "~" for m in marks(part.text, _TILDE)):
        return _choice(_items(part, _MARK), base)
    if any(True for _ in marks(part.text, _EQUALS)):
        items = _items(part, _EQUALS, weighted=False)
        if any("->" in item.text.text for item in items):
            return _matching(items, base)
        return _short_answer(_items(part, _EQUALS), base)
    return _truth(part, base) or _short_answer([_item("", part)], base)


def refuse_wide_marks(part: Part) -> None:
    """Refuse full-width marks where only a mark can be meant: at the start of a line.

    :raise OneFault: naming the mark.
    """
    general = part.text.find("＃＃＃＃")
    if general >= 0:
        raise part.cut(general).fault("fullwidth_feedback", text="＃＃＃＃")
    offset = 0
    for line in part.text.split("\n"):
        start = line.strip()
        here = part.cut(offset, offset + len(line))
        if start[:1] in ("＝", "～"):
            raise here.fault("fullwidth_marker", text=start[0])
        if start[:1] == "＃":
            raise here.fault("fullwidth_feedback", text=start[0])
        offset += len(line) + 1


def _items(part: Part, pattern: re.Pattern[str], *, weighted: bool = True) -> list[Item]:
    """Cut a piece at its marks; nothing may stand before the first."""
    places = [m.start() for m in marks(part.text, pattern)]
    before = part.text[: places[0]].strip()
    if before:
        raise part.fault("text_before_answers", text=before[:40])
    if len(places) > MAX_OPTIONS:
        raise part.fault("too_many_options", limit=MAX_OPTIONS)
    ends = [*places[1:], len(part.text)]
    return [
        _item(part.text[start], part.cut(start, end), weighted=weighted)
        for start, end in zip(places, ends, strict=True)
    ]


def _item(mark: str, whole: Part, *, weighted: bool = True) -> Item:
    rest = whole.cut(len(mark))
    weight = None
    if weighted:
        weight, rest = _weight(rest)
    place = next((m.start() for m in marks(rest.text, _HASH)), None)
    if place is None:
        return Item(mark, whole, weight, rest, None)
    return Item(mark, whole, weight, rest.cut(0, place), rest.cut(place + 1))


def _weight(part: Part) -> tuple[Decimal | None, Part]:
    start = len(part.text) - len(part.text.lstrip())
    if (wide := _WIDE_WEIGHT.match(part.text, start)) and "％" in wide[0]:
        raise part.fault("fullwidth_weight", text=wide[0])
    found = _WEIGHT.match(part.text, start)
    weight = Decimal(found[1]) if found else None
    like = _LIKE_WEIGHT.match(part.text, start)
    if (like and not found) or (weight is not None and abs(weight) > FULL):
        raise part.fault("bad_weight", text=like[0] if like else "")
    return weight, part.cut(found.end()) if found else part


def _choice(items: list[Item], base: TextFormat) -> Body:
    if len(items) < 2:
        raise items[0].whole.fault("too_few_options")
    single = any(item.mark == "=" for item in items)
    options, seen = [], set()
    for item in items:
        if item.mark == "=" and item.weight not in (None, FULL):
            raise item.whole.fault("weight_after_equals", weight=percent_text(item.weight))
        text = item.rich(base)
        if text in seen:
            raise item.whole.fault("duplicate_option", text=text.text[:40])
        seen.add(text)
        weight = FULL if item.mark == "=" else item.weight or Decimal(0)
        options.append(Option(text, weight, item.said(base)))
    if single:
        return SingleChoice(tuple(options))
    total = sum((o.weight for o in options if o.weight > 0), Decimal(0))
    if not total:
        raise items[0].whole.fault("no_right_answer")
    if abs(total - FULL) > WEIGHT_SLACK:
        raise items[0].whole.fault("weights_sum", sum=percent_text(total))
    return MultipleChoice(tuple(options))


def _short_answer(items: list[Item], base: TextFormat) -> Body:
    answers = []
    arrows = [_WIDE_ARROW.search(item.text.text) for item in items]
    if len(items) > 1 and arrows[0] and all(arrows):
        raise items[0].whole.fault("fullwidth_arrow", text=arrows[0][0])
    for item in items:
        text = item.rich(TextFormat.PLAIN).text
        weight = FULL if item.weight is None else item.weight
        answers.append(Accepted(text, weight, item.said(base)))
    if all(a.weight < FULL for a in answers):
        raise items[0].whole.fault("no_full_mark")
    return ShortAnswer(tuple(answers))


def _truth(part: Part, base: TextFormat) -> Body | None:
    """Return a true/false body, or None if the text before the first ``#`` is neither."""
    places = [m.start() for m in marks(part.text, _HASH)]
    pieces = [
        part.cut(start, end)
        for start, end in zip([0, *(p + 1 for p in places)], [*places, len(part.text)], strict=True)
    ]
    word = pieces[0].text.strip()
    folded = unicodedata.normalize("NFKC", word)
    if word.upper() not in _TRUTHS:
        if folded.upper() in _TRUTHS:
            raise part.fault("fullwidth_truth", text=word)
        return None
    if len(pieces) > 3:
        raise part.fault("too_many_feedbacks")
    wrong, right = (*(feedback_of(p, base) for p in pieces[1:]), None, None)[:2]
    return TrueFalse(_TRUTHS[word.upper()], wrong, right)


def _matching(items: list[Item], base: TextFormat) -> Body:
    pairs: list[Pair] = []
    extra: list[str] = []
    for item in items:
        if item.feedback is not None:
            raise item.whole.fault("feedback_in_matching")
        left, arrow, _ = item.text.text.partition("->")
        if not arrow:
            raise item.whole.fault("pair_without_arrow")
        right = rich_of(item.text.cut(len(left) + 2), TextFormat.PLAIN).text
        if not right:
            raise item.whole.fault("pair_without_right")
        row = rich_of(item.text.cut(0, len(left)), base)
        if not row.text:
            extra.append(right)
        elif any(row == pair.left for pair in pairs):
            raise item.whole.fault("duplicate_row", text=row.text[:40])
        else:
            pairs.append(Pair(row, right))
    if len(pairs) < 2:
        raise items[0].whole.fault("too_few_pairs")
    return Matching(tuple(pairs), tuple(extra))


def _numerical(part: Part, base: TextFormat) -> Body:
    wrong_at = next((m.start() for m in marks(part.text, _TILDE)), None)
    when_wrong = None
    if wrong_at is not None:
        item = _item("~", part.cut(wrong_at))
        if item.text.text.strip():
            raise item.whole.fault("numerical_wrong_text")
        when_wrong = item.said(base)
        part = part.cut(0, wrong_at)
    several = any(True for _ in marks(part.text, _EQUALS))
    items = _items(part, _EQUALS) if several else [_item("", part)]
    answers = []
    for item in items:
        if item.text.text.strip() == "*" and item.weight == 0:
            when_wrong = item.said(base)
            continue
        weight = FULL if item.weight is None else item.weight
        answers.append(_interval(item, weight, item.said(base)))
    if all(a.weight < FULL for a in answers):
        raise part.fault("no_full_mark")
    return Numerical(tuple(answers), when_wrong)


def _interval(item: Item, weight: Decimal, said: Rich | None) -> Interval:
    text = item.text.text.strip()
    low, dots, high = text.partition("..")
    if dots:
        bottom, top = _number(low, item), _number(high, item)
        if bottom > top:
            raise item.whole.fault("empty_range", text=text)
        return Interval(bottom, top, None, weight, said)
    value, _, tolerance = text.partition(":")
    center = _number(value, item)
    slack = _number(tolerance, item) if tolerance.strip() else Decimal(0)
    if slack < 0:
        raise item.whole.fault("negative_tolerance", text=tolerance.strip())
    return Interval(center - slack, center + slack, center, weight, said)


def _number(text: str, item: Item) -> Decimal:
    text = text.strip()
    number = to_number(text)
    if number is not None:
        return number
    folded = unicodedata.normalize("NFKC", text)
    wide = folded != text and any(c.isdigit() for c in folded)
    raise item.whole.fault("fullwidth_number" if wide else "bad_number", text=text[:40])
