"""The shapes of what quiz pages send. Answers themselves are read by their kinds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Regexp
from wtforms.widgets import HiddenInput

from lms.core.errors import BadInput, Refused
from lms.core.fields import Lists
from lms.core.forms import Form
from lms.core.i18n import lazy_gettext as _l
from lms.quizzes import gift
from lms.quizzes.access import Item
from lms.quizzes.answers import Save
from lms.quizzes.kinds.base import BadResponse
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.late import Claim
from lms.quizzes.questions import Question
from lms.quizzes.showing import field_name

TOKEN = r"[A-Za-z0-9_-]{8,64}"  # noqa: S105
LARGEST_COUNT = 2**31
MOST_FORMERS = 8
COUNT = re.compile(r"[0-9]{1,9}")


class SubmitForm(Form):
    """The confirmation: its token names the page, so that a repeated message is known as such."""

    token = StringField(validators=[Regexp(f"^{TOKEN}$")])


class MarkForm(Form):
    """A mark for an essay."""

    percent = IntegerField(
        _l("得分（0 至 100）"),
        validators=[InputRequired(_l("请填写得分。")), NumberRange(0, 100, _l("得分应在 0 到 100 之间。"))],
    )
    comment = TextAreaField(_l("评语"), validators=[Length(max=2000, message=_l("评语最多 2000 字。"))])


class CorrectionForm(Form):
    """A question put right. ``seen`` names the text whose consequences were shown: only that text can be confirmed."""

    text = TextAreaField(
        _l("更正后的题目（GIFT 格式）"),
        validators=[DataRequired(_l("请写下更正后的题目。")), Length(max=20_000)],
    )
    reason = StringField(
        _l("更正了什么（有关的学员会看到）"),
        validators=[DataRequired(_l("请写明更正了什么。")), Length(max=200, message=_l("最多 200 字。"))],
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    seen = StringField(widget=HiddenInput())
    step = StringField(validators=[AnyOf(["preview", "confirm"])])

    @property
    def fingerprint(self) -> str:
        """A name for the text as it was sent."""
        return hashlib.sha256((self.text.data or "").encode()).hexdigest()[:32]

    @property
    def confirmed(self) -> bool:
        """Whether to carry out what was shown; a text changed since is shown anew."""
        return bool(self.step.data == "confirm" and self.seen.data == self.fingerprint)

    def question(self) -> Question:
        """Return the one question of the text.

        :raise Refused: it is not a question in GIFT, or several.
        """
        try:
            questions = gift.parse((self.text.data or "").replace("\r\n", "\n"))
        except gift.GiftFaults as error:
            fault = error.faults[0]
            said = _l("第 %(line)s 行：%(message)s", line=fault.line, message=fault.message)
            raise Refused(said, "text") from error
        if len(questions) != 1:
            raise Refused(_l("这里只写一道题。"), "text")
        return questions[0]


def read_save(item: Item, form: MultiDict[str, str]) -> Save:
    """Return the answer to one question that a script sent.

    :raise BadInput: not an answer to it, or without the numbers that our pages send.
    """
    return Save(
        response=_response(item, Lists(form)),
        sequence=_count(form, "sequence", low=1),
        based_on=_count(form, "based_on"),
        device=_device(form),
        formers=_formers(form),
    )


def page_token(attempt_id: int, now: datetime) -> str:
    """For the page of an attempt: signed, says when the server made it."""
    return str(_serializer().dumps([attempt_id, int(now.timestamp() * 1000)]))


def read_claim(form: MultiDict[str, str]) -> Claim | None:
    """Return when a page says that an answer was given; None where it says nothing, or nothing of ours."""
    elapsed, page = form.get("elapsed", ""), form.get("page", "")[:200]
    if not (elapsed.isascii() and elapsed.isdigit() and len(elapsed) <= 10):
        return None
    try:
        attempt_id, issued_at = _serializer().loads(page)
    except (BadSignature, ValueError, TypeError):
        return None
    issued = datetime.fromtimestamp(issued_at / 1000, tz=UTC)
    return Claim(attempt_id, issued, timedelta(milliseconds=int(elapsed)))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="quizzes.page")


def read_page(items: Sequence[Item], form: MultiDict[str, str]) -> list[tuple[Item, Save]]:
    """Return the answers to all questions, as the page's own form sends them.

    :raise BadInput: one is no answer to its question, or a number of ours is missing.
    """
    fields = Lists(form)
    device = _device(form)
    saves = []
    for item in items:
        based_on = _count(form, f"based_on.{item.position}")
        try:
            response = _response(item, fields)
        except BadResponse as error:
            said = _l("第 %(number)s 题：%(message)s", number=item.position, message=error.message)
            raise BadResponse(said) from error
        saves.append((item, Save(response, based_on + 1, based_on, device)))
    return saves


def _response(item: Item, fields: Mapping[str, Sequence[str]]) -> dict[str, object] | None:
    question = item.question
    return kind_of(item.kind).read(question.body, item.layout, fields, field_name(item.position))


def _count(form: MultiDict[str, str], name: str, low: int = 0) -> int:
    text = form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and low <= int(text) < LARGEST_COUNT):
        raise BadInput(_l("页面发来的数据不完整，请刷新后重试。"))
    return int(text)


def _device(form: MultiDict[str, str]) -> str:
    text = form.get("device", "")
    if not re.fullmatch(TOKEN, text):
        raise BadInput(_l("页面发来的数据不完整，请刷新后重试。"))
    return text


def _formers(form: MultiDict[str, str]) -> dict[str, int]:
    """The pages before this one; what is none of ours is passed over, for it only makes the page know less."""
    pairs = [text.rpartition(":") for text in form.getlist("former")[-MOST_FORMERS:]]
    return {name: int(last) for name, _colon, last in pairs if re.fullmatch(TOKEN, name) and COUNT.fullmatch(last)}
