"""Forms of the course pages. Most are one button: the address says everything."""

import json
from collections.abc import Mapping
from typing import Any

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional

from lms.core.errors import BadInput
from lms.core.forms import Form
from lms.core.i18n import lazy_gettext as _l
from lms.courses.limits import LESSONS
from lms.courses.models import Opinion
from lms.courses.watched import Report
from lms.courses.watching import SPANS, Span

LARGEST_COUNT = 2**31
#: Milliseconds: no video of ours lasts a day.
LARGEST_MOMENT = 24 * 3600 * 1000


class PressForm(Form):
    """A button and nothing else."""


class BeginForm(Form):
    """Begin a course; from a lesson's page, come back to that lesson."""

    lesson = IntegerField(validators=[Optional(), NumberRange(1, LESSONS)])


class FeedbackForm(Form):
    """One tap, and a sentence if one likes: each button sends the whole."""

    opinion = StringField(
        _l("这一课怎么样？"), validators=[AnyOf([opinion.value for opinion in Opinion], _l("请按其中一个按钮。"))]
    )
    sentence = StringField(
        _l("补充一句"), validators=[Optional(), Length(max=300, message=_l("补充的话最多 300 字。"))]
    )


class ReplyForm(Form):
    """An answer to everyone who gave feedback on a lesson."""

    text = TextAreaField(
        _l("答复"),
        validators=[DataRequired(_l("请写下答复。")), Length(max=1000, message=_l("答复最多 1000 字。"))],
    )


class AnswerForm(Form):
    """The answer to a checkpoint: which fields it has is the question's affair."""


def read_report(form: Mapping[str, str]) -> Report:
    """What the script of a video sends.

    :raise BadInput: a number of ours is missing, or the parts are not pairs of numbers.
    """
    sequence, position = (_count(form.get(name, "")) for name in ("sequence", "position"))
    return Report(form.get("token", ""), sequence, _spans(form.get("spans", "")), min(position, LARGEST_MOMENT))


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_COUNT):
        raise BadInput()
    return int(text)


def _spans(text: str) -> tuple[Span, ...]:
    try:
        pairs = json.loads(text[:20_000])
    except (ValueError, RecursionError) as error:
        raise BadInput() from error
    if not isinstance(pairs, list) or len(pairs) > SPANS or not all(map(_is_span, pairs)):
        raise BadInput()
    return tuple((start, end) for start, end in pairs)


def _is_span(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(type(n) is int and n <= LARGEST_MOMENT for n in pair)
