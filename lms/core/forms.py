"""The parent of our forms: text is cleaned, a refusal keeps what was typed."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import DateField, Field, FileField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation, ValidationError

from lms.core.errors import BadInput, Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.i18n import locale_name

__all__ = ["DayField", "Form", "SelectChoice", "clean", "may_be_left_out", "plausible_day"]

#: Fields in which a browser lets nobody break a line: neither shall a letter's heading or a file's name be broken.
ONE_LINE = frozenset({"StringField", "SearchField", "TelField"})

FIRST_YEAR, LAST_YEAR = 1900, 2100


def clean(value: Any) -> Any:
    """Text as it is kept: NFC, without surrounding space; other types untouched.

    :raise BadInput: it holds a NUL, which no keyboard sends and PostgreSQL cannot store.
    """
    if not isinstance(value, str):
        return value
    if "\x00" in value:
        raise BadInput(_l("填写的内容中含有无法识别的字符。"))
    return unicodedata.normalize("NFC", value).strip()


def on_one_line(value: Any) -> Any:
    """Text without line breaks of any kind; other types untouched."""
    return " ".join(value.splitlines()) if isinstance(value, str) else value


class Form(FlaskForm):
    """A form of ours."""

    class Meta(FlaskForm.Meta):
        @property
        def locales(self) -> list[str]:  # WTForms' own messages come in the reader's language
            return ["en"] if locale_name() == "en" else ["zh"]

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the page sent. A script may send JSON, or a file where a text belongs: no page of ours does.

            :raise BadInput: it was that.
            """
            if formdata is not None and request.is_json:
                raise BadInput()
            sent = super().wrap_formdata(form, formdata)
            if sent and any(
                isinstance(one, FileStorage) for name in _names_of_text(form) for one in sent.getlist(name)
            ):
                raise BadInput()
            return sent

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
            filters = list(unbound_field.kwargs.get("filters", ()))
            name = unbound_field.field_class.__name__
            if name in ONE_LINE:
                filters.insert(0, on_one_line)
            if name in {*ONE_LINE, "TextAreaField"}:
                filters.insert(0, clean)
            if filters:
                options = {**options, "filters": filters}
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

    @contextmanager
    def showing_refusal(self) -> Iterator[None]:
        """Turn a `Refused` raised in the block into an error of the field concerned, or of the form.

        The block ends with `return`: what follows it answers 422 with the form as it was typed.
        """
        try:
            yield
        except Refused as refusal:
            field = self._fields.get(refusal.field) if refusal.field else None
            if field is None:
                self.form_errors.append(refusal.message)
            else:
                field.errors = [*field.errors, refusal.message]


def _names_of_text(form: Iterable[Field]) -> list[str]:
    return [field.name for field in form if not isinstance(field, FileField)]


def plausible_day(_form: Any, field: Field) -> None:
    """A validator: a slip of the finger writes the year 0026.

    :raise ValidationError: the day lies outside FIRST_YEAR..LAST_YEAR.
    """
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_l("日期应在 %(first)s 年至 %(last)s 年之间。", first=FIRST_YEAR, last=LAST_YEAR))


def may_be_left_out(_form: Any, field: Field) -> None:
    """A validator: nothing need be chosen. Behind a first value that is blank, WTForms' Optional lets anything pass.

    :raise StopValidation: nothing was.
    """
    if not field.data:
        field.errors = []
        raise StopValidation()


class DayField(DateField):
    """A date that must be given; `day` is it, once the form has been validated."""

    def __init__(self, label: Any, missing: Any, **options: Any) -> None:
        super().__init__(label, [InputRequired(missing), plausible_day], **options)

    @property
    def day(self) -> date:
        given: date = self.data  # validated: it is there
        return given
