"""Forms of the case library."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from lms.cases import limits
from lms.cases.rendering import below_heading
from lms.cases.texts import MethodText
from lms.core.forms import Form, SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability
from lms.units.models import Unit


class CheckList(SelectMultipleField):
    """Check boxes under one question."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UseForm(Form):
    sentence = StringField(
        _l("做得怎样，写一句话"),
        [DataRequired(_l("请写一句话。")), Length(max=limits.USE_SENTENCE)],
        description=_l("例如：两个楼道试了三个月，一个装成了电梯，一个还在谈。"),
    )
    contact = StringField(
        _l("想了解的人怎样联系"),
        [DataRequired(_l("请写明怎样联系。")), Length(max=limits.CONTACT)],
        description=_l("登录的人都看得到。写单位的电话就可以。"),
    )


class CommentForm(Form):
    text = TextAreaField(
        _l("提问或者留言"),
        [DataRequired(_l("请写下要说的话。")), Length(max=limits.COMMENT)],
        description=_l("会和您的姓名、单位、职务一起显示。请不要写居民的个人信息。"),
    )


class ReasonForm(Form):
    reason = StringField(_l("原因"), [DataRequired(_l("请写明原因。")), Length(max=limits.REASON)])


class WithdrawForm(Form):
    reason = TextAreaField(
        _l("撤回的原因"),
        [DataRequired(_l("请写明撤回的原因。")), Length(max=limits.REASON)],
        description=_l("打开这个地址的人、用到它的课里，都看得到这个原因。请不要写个人信息。"),
    )


class WithdrawMethodForm(Form):
    reason = TextAreaField(
        _l("撤回的原因"),
        [DataRequired(_l("请写明撤回的原因。")), Length(max=limits.REASON)],
        description=_l("打开这个地址的人都看得到这个原因。请不要写个人信息。"),
    )


class SupersedeForm(Form):
    successor = StringField(
        _l("取代它的案例"),
        [
            DataRequired(_l("请填写案例地址的最后一段。")),
            Length(max=limits.SLUG),
            Regexp(r"^[a-z0-9-]+$", message=_l("请填写案例地址的最后一段。")),
        ],
        description=_l("那篇案例地址的最后一段，例如 wutongli-dianti。"),
    )
    reason = StringField(_l("说明"), [Length(max=limits.REASON)])


class PressForm(Form):
    """A button."""


class MethodForm(Form):
    """All that a version of a method says."""

    name = StringField(_l("名称"), [DataRequired(_l("请写名称。")), Length(max=limits.METHOD_NAME)])
    idea = StringField(
        _l("一句话说清"),
        [DataRequired(_l("请用一句话说清它是什么。")), Length(max=limits.IDEA)],
        description=_l("例如：谁受影响，就请谁坐下来谈。"),
    )
    steps = TextAreaField(
        _l("步骤"),
        [DataRequired(_l("请写步骤。")), Length(max=limits.METHOD_PART)],
        description=_l("一步一行，行首写“1. ”“2. ”。要强调的字前后各加两个星号：**先听**。"),
    )
    fits = TextAreaField(
        _l("适用"),
        [DataRequired(_l("请写它适用于什么。")), Length(max=limits.METHOD_PART)],
        description=_l("一条一行，行首写“- ”。"),
    )
    unfit = TextAreaField(
        _l("不适用"),
        [DataRequired(_l("请写它不适用于什么。")), Length(max=limits.METHOD_PART)],
        description=_l("什么时候不能用，用错了会怎样。"),
    )
    abilities = CheckList(
        _l("锻炼哪些能力"),
        [DataRequired(_l("请至少选一种能力。"))],
        choices=[SelectChoice(one.value, one.label) for one in Ability],
    )
    authors = TextAreaField(
        _l("作者"),
        [DataRequired(_l("请写作者。")), Length(max=600)],
        description=_l("一行一位，照这样署名。"),
    )
    based_on = HiddenField(validators=[Regexp(r"^[0-9]{0,9}$", message=_l("这个页面不完整，请重新打开。"))])
    then = StringField()

    @classmethod
    def saying(cls, text: MethodText, *, based_on: int) -> MethodForm:
        """The form with what a version says, unless something was typed."""
        listed = {"abilities": [one.value for one in text.abilities], "authors": "\n".join(text.authors)}
        parts = {"name": text.name, "idea": text.idea, "steps": text.steps, "fits": text.fits, "unfit": text.unfit}
        return cls(**parts, **listed, based_on=str(based_on))

    def said(self) -> MethodText:
        lines = (line.strip() for line in (self.authors.data or "").splitlines())
        return MethodText(
            name=self.name.data or "",
            idea=self.idea.data or "",
            abilities=tuple(Ability(value) for value in self.abilities.data or ()),
            authors=tuple(line for line in lines if line),
            steps=below_heading(self.steps.data or ""),
            fits=below_heading(self.fits.data or ""),
            unfit=below_heading(self.unfit.data or ""),
        )

    @property
    def only_looks(self) -> bool:
        """Whether the writer wants to see it before it is kept."""
        return bool(self.then.data == "preview")


class NewMethodForm(MethodForm):
    unit = SelectField(_l("以哪个单位的名义"), coerce=int)

    def offer(self, units: Iterable[Unit]) -> NewMethodForm:
        self.unit.choices = [SelectChoice(unit.id, unit.name) for unit in units]
        return self
