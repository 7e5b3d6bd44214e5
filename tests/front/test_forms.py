"""The form macros tie label, hint, error and control together, for every kind of field."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    FormField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.app import create_app
from lms.core.forms import Form, SelectChoice
from tests.playhouse import config_for

PAGE = """{% import "macros/forms.html" as f %}
{{ f.errors(form) }}{{ f.open(form, "/there", files=true) }}
{% for field in form if field.type != "CSRFTokenField" %}{{ f.field(field) }}{% endfor %}
{{ f.submit("Save") }}{{ f.close() }}"""


class Meeting(PlainForm):
    place = StringField("Place", [DataRequired("Where?")])


class Everything(Form):
    name = StringField("Name", [DataRequired("Who?")], description="As in the roster")
    note = TextAreaField("Note", [Optional()])
    post = SelectField("Post", choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])
    since = DateField("Since", [Optional()])
    secret = PasswordField("Secret", [InputRequired("Which?")])
    roster = FileField("Roster")
    agreed = BooleanField("Agreed", [InputRequired("Agree?")])
    gender = RadioField(
        "Gender", [InputRequired("Which one?")], choices=[SelectChoice("f", "F"), SelectChoice("m", "M")]
    )
    skills = SelectMultipleField(
        "Skills", choices=[SelectChoice("x", "X")], option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    meeting = FormField(Meeting, "Meeting")
    others = FieldList(StringField("Other"), "Others", min_entries=1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One for all tests here: drawing a form asks no database."""
    folder = tmp_path_factory.mktemp("forms")
    return create_app(config_for(f"sqlite:///{folder / 'unused.db'}", folder))


@pytest.fixture
def page(app: Flask) -> Iterator[Element]:
    """A form that was sent with little in it."""
    with app.test_request_context("/", method="POST"):
        form = Everything(MultiDict({"post": "a"}), meta={"csrf": False})
        assert not form.validate()
        yield html5lib.parse(app.jinja_env.from_string(PAGE).render(form=form), namespaceHTMLElements=False)


def controls(page: Element) -> list[Element]:
    found = [*page.iter("input"), *page.iter("select"), *page.iter("textarea")]
    return [control for control in found if control.get("type") != "hidden"]


def ids(page: Element) -> list[str]:
    return [element.attrib["id"] for element in page.iter() if "id" in element.attrib]


def test_every_control_has_a_label(page: Element) -> None:
    labelled = {label.get("for") for label in page.iter("label")}

    assert {control.get("id") for control in controls(page)} <= labelled


def test_no_identifier_is_used_twice(page: Element) -> None:
    found = ids(page)

    assert sorted(found) == sorted(set(found))


def test_what_describes_a_control_is_there(page: Element) -> None:
    named = [name for element in page.iter() for name in element.get("aria-describedby", "").split()]

    assert {"name-hint", "name-error", "gender-error"} <= set(named) <= set(ids(page))


def test_a_wrong_field_says_so(page: Element) -> None:
    wrong = {control.get("id") for control in controls(page) if control.get("aria-invalid") == "true"}

    assert wrong == {"name", "secret", "agreed", "meeting-place"}


def test_the_summary_leads_to_each_wrong_field(page: Element) -> None:
    summary = next(element for element in page.iter("div") if element.get("role") == "alert")
    targets = [str(link.get("href")) for link in summary.iter("a")]

    assert summary.get("tabindex") == "-1"
    assert targets == ["#name", "#secret", "#agreed", "#gender-0", "#meeting-place"]
    assert {target[1:] for target in targets} <= set(ids(page))


def test_several_controls_of_one_question_are_a_group_with_its_name(page: Element) -> None:
    legends = ["".join(legend.itertext()).strip() for legend in page.iter("legend")]

    assert legends == ["Gender", "Skills", "Meeting", "Others"]


def test_a_refusal_of_the_whole_form_is_in_the_summary(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = Everything(MultiDict(), meta={"csrf": False})
        form.form_errors.append("Not today.")
        shown = app.jinja_env.from_string(PAGE).render(form=form)

    assert "<li>Not today.</li>" in shown


def test_files_can_be_sent(page: Element) -> None:
    form = next(page.iter("form"))

    assert (form.get("enctype"), form.get("method"), form.get("action")) == ("multipart/form-data", "post", "/there")
