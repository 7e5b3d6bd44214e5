"""Forms of writing up. A draft may be incomplete: what is missing is said before it is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

from lms.cases import limits
from lms.cases.forms import CheckList
from lms.cases.kinds import CommunityKind, Theme
from lms.core.forms import Form, SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import LARGEST_ID
from lms.drafts import fields
from lms.drafts.destinations import Destination
from lms.drafts.guessing import Place
from lms.drafts.keeping import Save
from lms.hours.kinds import Ability
from lms.units.models import Unit

#: One section alone; the four together are counted where the case is handed in.
LONGEST_SECTION = 20_000
LARGEST_SEQUENCE = 2**53

PLACE_LABELS = {
    Place.TITLE: _l("标题"),
    Place.BACKGROUND: _l("背景与起因"),
    Place.PROCESS: _l("做法与过程"),
    Place.RESULTS: _l("成效与反响"),
    Place.DISCUSSION: _l("讨论"),
    Place.ASIDE: _l("不收入"),
}


class StartForm(Form):
    unit = SelectField(_l("以哪个单位的名义"), coerce=int)
    file = FileField(_l("Word 文件（.docx）"), [Optional()])
    then = StringField()
    destination = HiddenField(validators=[Optional(), Regexp(r"^[a-z]{1,20}:[0-9]{1,18}$")])

    def offer(self, units: dict[int, Unit]) -> StartForm:
        self.unit.choices = [SelectChoice(unit.id, unit.name) for unit in units.values()]
        return self


class DraftForm(Form):
    """All that a draft says."""

    title = StringField(_l("标题"), [Length(max=limits.TITLE)])
    summary = TextAreaField(
        _l("摘要"), [Length(max=limits.SUMMARY)], description=_l("一两句话：遇到什么难题，怎样解决的。")
    )
    background = TextAreaField(_l("背景与起因"), [Length(max=LONGEST_SECTION)])
    approach = TextAreaField(_l("做法与过程"), [Length(max=LONGEST_SECTION)], name="process")  # a form has a `process`
    results = TextAreaField(_l("成效与反响"), [Length(max=LONGEST_SECTION)])
    discussion = TextAreaField(_l("讨论"), [Length(max=LONGEST_SECTION)])
    abilities = CheckList(_l("锻炼哪些能力"), choices=[SelectChoice(one.value, one.label) for one in Ability])
    themes = CheckList(_l("主题"), choices=[SelectChoice(one.value, one.label) for one in Theme])
    community_kind = SelectField(
        _l("社区类型"),
        choices=[SelectChoice("", _l("请选择")), *(SelectChoice(one.value, one.label) for one in CommunityKind)],
        default="",
    )
    region = StringField(_l("地区"), [Length(max=limits.REGION)], description=_l("例如：江南某市。可以不写明。"))
    place = StringField(_l("社区或单位"), [Length(max=limits.PLACE)])
    began = StringField(_l("开始的时间"), [Length(max=20)], description=_l("例如 2023-03，只记得年份就写 2023。"))
    ended = StringField(_l("结束的时间"), [Length(max=20)], description=_l("还在做就不填。"))
    methods = CheckList(_l("用到的工作法"))
    evidence = TextAreaField(
        _l("佐证"), [Length(max=limits.EVIDENCE)], description=_l("例如会议记录、媒体报道、表彰文件的名称。")
    )
    based_on = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, LARGEST_SEQUENCE)])
    device = HiddenField(validators=[Optional(), Regexp(r"^[0-9a-f]{1,64}$")])
    insists = HiddenField()
    whole = HiddenField(default="1")
    then = StringField()

    def offer(self, methods: Sequence[tuple[str, str]]) -> DraftForm:
        self.methods.choices = [SelectChoice(slug, name) for slug, name in methods]
        return self

    def of(self, name: str) -> Field:
        """The field of this name in a draft."""
        field: Field = self["approach" if name == "process" else name]
        return field

    def said(self) -> dict[str, Any]:
        """The fields that were sent. A list without a check mark is not sent, so that the form says it is whole."""
        sent = [name for name in fields.TEXTS if name in request.form]
        lists = fields.LISTS if self.whole.data == "1" and "whole" in request.form else ()
        said = {name: self.of(name).data or "" for name in sent} | {name: self[name].data or [] for name in lists}
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in said.items()}

    def save(self) -> Save:
        decided = self.insists.data or ""
        seen, device = self.based_on.data or 0, self.device.data or ""
        return Save(self.said(), seen, device, insists=decided == "1", aside=decided == "aside")


class ArrangeForm(Form):
    """Where each part of the Word file goes: `arrange_form` adds a field for each, place_0, place_1, ..."""

    then = StringField()

    def places(self) -> list[Place]:
        return [Place(field.data) for field in self if field.name.startswith("place_")]


def arrange_form(count: int) -> ArrangeForm:
    """The form for a file of so many parts."""
    choices = [SelectChoice(place.value, label) for place, label in PLACE_LABELS.items()]
    made = {f"place_{index}": SelectField(choices=choices) for index in range(count)}
    form: ArrangeForm = type("PlacesForm", (ArrangeForm,), made)()
    return form


class PictureForm(Form):
    file = FileField(_l("图片"))
    section = SelectField(
        _l("放在哪一部分的末尾"),
        choices=[SelectChoice(place.value, PLACE_LABELS[place]) for place in Place if place.section],
    )


class MaskForm(Form):
    """Which findings to hide: one button each, or all of them."""

    key = StringField(validators=[Length(max=16)])


class PressForm(Form):
    """A button."""


class ColleagueForm(Form):
    """Somebody whom the page found."""

    person = IntegerField(_l("同事"), [InputRequired(_l("请选择一位。")), NumberRange(1, LARGEST_ID)])


class NameForm(Form):
    name = StringField(
        _l("姓名"),
        [DataRequired(_l("请填写姓名。")), Length(max=30)],
        description=_l("只印姓名：这个人看不到草稿，也不会收到消息。"),
    )


class MoveForm(Form):
    """Which way an author moves in the order."""

    to = RadioField(choices=["up", "down"])


class AnswerForm(Form):
    """Whether one wants to be named."""

    answer = RadioField(choices=["agree", "decline", "return"])


class SubmitForm(Form):
    destination = RadioField(_l("交到哪里"))
    note = TextAreaField(
        _l("这一版改了什么"), [Length(max=limits.REASON)], description=_l("写给评审的人，一两句话；可以不写。")
    )
    consent = BooleanField(_l("文中写到的人已经同意写出来"), [DataRequired(_l("请先取得文中写到的人的同意。"))])
    anonymized = BooleanField(
        _l("读的人看不出是哪一位居民"), [DataRequired(_l("请先把能认出居民的内容遮盖或者改写。"))]
    )

    def offer(self, places: Sequence[Destination], meant: str = "") -> SubmitForm:
        """:param meant: the place for which the draft was begun."""
        self.destination.choices = [SelectChoice(place.key, place.label) for place in places]
        if not self.destination.data:
            self.destination.data = meant if meant in [place.key for place in places] else places[0].key
        return self
