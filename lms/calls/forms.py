"""Forms of calls and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.calls import score_sheet
from lms.calls.actions import Wanted
from lms.calls.kinds import Criterion
from lms.calls.models import CaseCall
from lms.cases.kinds import Section, Theme
from lms.core.errors import Denied
from lms.core.forms import DayField, Form, SelectChoice, may_be_left_out
from lms.core.i18n import lazy_gettext as _l
from lms.units.models import Unit

PERCENT = NumberRange(0, 100, _l("应为 0 至 100 之间的整数。"))
WHOLE = InputRequired(_l("请填写整数。"))


class ThemesField(SelectMultipleField):
    """Check boxes for the themes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AskingForm(Form):
    """What a call asks for."""

    title = StringField(_l("名称"), [DataRequired(_l("请填写名称。")), Length(max=120)])
    about = TextAreaField(
        _l("征集什么"),
        [DataRequired(_l("请写明征集什么。")), Length(max=4000)],
        description=_l("要解决什么问题，希望看到什么样的案例，怎样用。"),
    )
    themes = ThemesField(
        _l("主题"),
        [may_be_left_out],
        choices=[SelectChoice(theme.value, theme.label) for theme in Theme],
        description=_l("不选就是不限。"),
    )
    opens_on = DayField(_l("开始征集"), _l("请填写日期。"))
    closes_on = DayField(_l("截止"), _l("请填写日期。"), description=_l("当天还收。"))
    ends_on = DayField(_l("评审结束"), _l("请填写日期。"), description=_l("过了这一天，推荐不再占用这次征集的名额。"))
    hint_background = TextAreaField(Section.BACKGROUND.label, [Optional(), Length(max=500)])
    hint_process = TextAreaField(Section.PROCESS.label, [Optional(), Length(max=500)])
    hint_results = TextAreaField(Section.RESULTS.label, [Optional(), Length(max=500)])
    hint_discussion = TextAreaField(Section.DISCUSSION.label, [Optional(), Length(max=500)])
    originality = IntegerField(Criterion.ORIGINALITY.label, [WHOLE, PERCENT])
    effect = IntegerField(Criterion.EFFECT.label, [WHOLE, PERCENT])
    transferability = IntegerField(Criterion.TRANSFERABILITY.label, [WHOLE, PERCENT])
    rigor = IntegerField(Criterion.RIGOR.label, [WHOLE, PERCENT])

    def wanted(self, call: CaseCall | None = None) -> Wanted:
        """What the form asks for; what it does not hold stays as the call says it."""
        kept = {} if call is None else {"themes": call.themes, **call.weights}
        said = {field.name: field.data for field in self} | {name: kept[name] for name in kept if name not in self}
        return Wanted(
            title=said["title"] or "",
            about=said["about"] or "",
            themes=[Theme(value) for value in said["themes"] or ()],
            hints={section: said[f"hint_{section.value}"] or "" for section in Section},
            weights={one.value: said[one.value] for one in Criterion},
            opens_on=self.opens_on.day,
            closes_on=self.closes_on.day,
            ends_on=self.ends_on.day,
        )


class CallForm(AskingForm):
    unit = SelectField(_l("由哪个单位征集"), [InputRequired(_l("请选择单位。"))], coerce=str)

    def offer(self, units: Sequence[Unit]) -> None:
        """Let one of these units call; the weights begin as those that are shipped."""
        self.unit.choices = [SelectChoice(str(unit.id), unit.name) for unit in units]
        if request.method == "GET":
            for name, weight in score_sheet.rules().weights.items():
                self[name].data = weight


def change_form(call: CaseCall, *, frozen: bool) -> AskingForm:
    """What a call asks for, as it stands; `frozen`: without themes and weights, which stay."""
    hints = {f"hint_{section.value}": call.hints.get(section.value, "") for section in Section}
    weights = {one.value: call.weights[one.value] for one in Criterion}
    form = AskingForm(obj=call, **hints, **weights)
    if frozen:
        for name in ("themes", *weights):
            del form[name]
    return form


def quota_form(units: Sequence[Unit], places: dict[int, int]) -> Form:
    """A number for each unit right below the one that calls; empty: no limit.

    :raise Denied: the form names another unit.
    """
    own = {f"unit-{unit.id}" for unit in units}
    if any(name.startswith("unit-") and name not in own for name in request.form):
        raise Denied()
    fields: dict[str, Any] = {
        f"unit-{unit.id}": IntegerField(
            unit.name,
            [Optional(), NumberRange(0, 10_000, _l("应为 0 至 10000 之间的整数。"))],
            default=places.get(unit.id),
        )
        for unit in units
    }
    form: Form = type("QuotaForm", (Form,), fields)()
    return form


def places_of(form: Form, units: Sequence[Unit]) -> dict[int, int | None]:
    return {unit.id: form[f"unit-{unit.id}"].data for unit in units}


class EnterForm(Form):
    case = SelectField(_l("送哪一篇"), [InputRequired(_l("请选择一篇案例。"))], coerce=str)


class PersonForm(Form):
    person = SelectField(_l("找到的人"), [InputRequired(_l("请选择一个人。"))], coerce=str)


class CommentForm(Form):
    at = HiddenField(_l("段落"), [InputRequired(_l("请先选一个段落。"))])
    text = TextAreaField(
        _l("批注"),
        [DataRequired(_l("请写下要改什么。")), Length(max=1000)],
        description=_l("这一轮有了结果，作者才看得到。"),
    )


DECISIONS = (
    ("accept", _l("同意采纳")),
    ("recommend", _l("同意采纳，并且推荐到上级")),
    ("return", _l("退回给作者修改")),
    ("decline", _l("这一级不采纳")),
)


class DecisionForm(Form):
    decision = RadioField(
        _l("结论"),
        [InputRequired(_l("请选择一项。"))],
        choices=[SelectChoice(value, label) for value, label in DECISIONS],
    )
    reason = TextAreaField(
        _l("意见"),
        [Optional(), Length(max=1000)],
        description=_l("作者看得到。退回又没有批注的、不采纳的，必须写。"),
    )


class ScoreForm(Form):
    remark = TextAreaField(
        _l("评语"),
        [DataRequired(_l("请写一句评语。")), Length(max=1000)],
        description=_l("作者会看到评语，看不到是谁写的。"),
    )

    @property
    def points(self) -> dict[str, int]:
        return {one.value: self[one.value].data for one in Criterion}


def score_form() -> ScoreForm:
    """The score sheet; how far the points go is data."""
    highest = score_sheet.rules().highest
    fields: dict[str, Any] = {
        one.value: IntegerField(
            one.label,
            [
                InputRequired(_l("请打分。")),
                NumberRange(1, highest, _l("应为 1 至 %(highest)s 之间的整数。", highest=highest)),
            ],
            description=one.question,
        )
        for one in Criterion
    }
    form: ScoreForm = type("ScoreForm", (ScoreForm,), fields)()
    return form


class WithdrawForm(Form):
    reason = StringField(
        _l("撤回的原因"),
        [DataRequired(_l("请写明撤回的原因。")), Length(max=400)],
        description=_l("评审的单位看得到。"),
    )


class PressForm(Form):
    """A button."""
