"""Forms of the course pages. Most are one button: the address says everything."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from lms.core.forms import Form
from lms.courses.limits import LESSONS


class PressForm(Form):
    """A button and nothing else."""


class BeginForm(Form):
    """Begin a course; from a lesson's page, come back to that lesson."""

    lesson = IntegerField(validators=[Optional(), NumberRange(1, LESSONS)])


class AnswerForm(Form):
    """The answer to a checkpoint: which fields it has is the question's affair, so that none of them is unknown."""

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super(Form, self).validate(extra_validators))
