"""Forms of pairing."""

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import DayField, Form, SelectChoice, may_be_left_out
from lms.core.i18n import lazy_gettext as _l
from lms.mentoring.kinds import Choice
from lms.mentors.forms import AbilitiesField
from lms.mentors.needs import Reason


class ReasonsField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TermForm(Form):
    starts_on = DayField(_l("开始日期"), _l("请填写开始日期。"))
    ends_on = DayField(_l("结束日期"), _l("请填写结束日期。"), description=_l("默认按本地规则的期限。"))


class RoundForm(TermForm):
    unit = SelectField(_l("单位"), [InputRequired(_l("请选择单位。"))], coerce=str)
    reasons = ReasonsField(
        _l("为哪些人安排"),
        [DataRequired(_l("请至少选择一项。"))],
        choices=[SelectChoice(reason.value, reason.label) for reason in Reason],
        description=_l("从花名册和学时台账得出，不用任何人填报。"),
    )
    topic = StringField(
        _l("专题"),
        [Optional(), Length(max=100)],
        description=_l("填了专题，已有导师的人也会列入：一人可以有几位不同专题的导师。"),
    )
    abilities = AbilitiesField(_l("只看这些能力"), [may_be_left_out], description=_l("不选就看全部能力。"))


class FixForm(Form):
    mentor = SelectField(
        _l("导师"),
        [InputRequired(_l("请选择导师。"))],
        coerce=str,
        description=_l("括号里是尚余名额。其余的人会围绕这一对重新计算。"),
    )


class HandForm(TermForm):
    mentor = SelectField(_l("导师"), [InputRequired(_l("请选择导师。"))], coerce=str)
    phone = TelField(
        _l("帮带对象的手机号"),
        [DataRequired(_l("请填写手机号。")), Regexp(r"^1[0-9]{10}$", message=_l("手机号应为 11 位数字。"))],
    )
    topic = StringField(_l("专题"), [Optional(), Length(max=100)])
    note = StringField(_l("想说的话"), [Optional(), Length(max=300)], description=_l("双方都看得到。"))
    agreed = BooleanField(_l("双方已当面同意，直接开始"))


class AskForm(Form):
    note = TextAreaField(_l("想对导师说的话"), [Optional(), Length(max=300)])


class DeclineForm(Form):
    reason = TextAreaField(
        _l("原因"),
        [DataRequired(_l("谢绝请写明原因。")), Length(max=300)],
        description=_l("单位看得到，用来重新安排；对方只会知道没有成。"),
    )


class NoteForm(Form):
    side = RadioField(
        _l("谁的答复"),
        [InputRequired(_l("请选择一项。"))],
        choices=[SelectChoice("mentor", _l("导师")), SelectChoice("mentee", _l("帮带对象"))],
    )
    answer = RadioField(
        _l("答复"),
        [InputRequired(_l("请选择一项。"))],
        choices=[SelectChoice("accept", _l("同意")), SelectChoice("decline", _l("谢绝"))],
    )
    reason = TextAreaField(_l("谢绝的原因"), [Optional(), Length(max=300)])


class WishForm(Form):
    first = SelectField(_l("第一志愿"), [may_be_left_out], coerce=str)
    second = SelectField(_l("第二志愿"), [may_be_left_out], coerce=str)
    third = SelectField(_l("第三志愿"), [may_be_left_out], coerce=str)

    def offer(self, choices: list[SelectChoice]) -> None:
        for field in (self.first, self.second, self.third):
            field.choices = [SelectChoice("", _l("不填")), *choices]

    def begin_with(self, ranks: dict[int, int]) -> None:
        for rank, field in enumerate((self.first, self.second, self.third), 1):
            field.data = str(ranks[rank]) if rank in ranks else ""

    @property
    def chosen(self) -> list[tuple[int, int]]:
        """(whom, rank)."""
        fields = enumerate((self.first, self.second, self.third), 1)
        return [(int(field.data), rank) for rank, field in fields if field.data]


class DecideForm(Form):
    choice = RadioField(
        _l("怎样安排"),
        [InputRequired(_l("请选择一项。"))],
        choices=[SelectChoice(choice.value, choice.label) for choice in Choice],
    )
    mentor = SelectField(_l("接手的导师"), [may_be_left_out], coerce=str, description=_l("只在交给另一位导师时选择。"))
    reason = TextAreaField(_l("原因"), [DataRequired(_l("请写明原因。")), Length(max=300)])
