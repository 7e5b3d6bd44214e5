"""Forms of the course pages. Most are one button: the address says everything."""

from typing import Any

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional

from lms.core.forms import Form
from lms.core.i18n import lazy_gettext as _l
from lms.courses.limits import LESSONS
from lms.courses.models import Opinion


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
    """The answer to a checkpoint: which fields it has is the question's affair, so that none of them is unknown."""

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super(Form, self).validate(extra_validators))
