"""Forms of mentors."""

from typing import Any

from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import Form, SelectChoice, may_be_left_out
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability
from lms.mentors.actions import Profile
from lms.mentors.models import Background, Mentor

LONGEST = 2000
ABILITIES = [SelectChoice(ability.value, ability.label) for ability in Ability]
REASON = _l("请写明原因。")


class AbilitiesField(SelectMultipleField):
    """Check boxes for the eight abilities."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, validators: Any = (), **options: Any) -> None:
        super().__init__(label, validators, choices=ABILITIES, **options)

    @property
    def chosen(self) -> list[Ability]:
        """Those that were ticked; a browser sends nothing where none is."""
        return [Ability(value) for value in self.data or ()]


class ProfileForm(Form):
    background = SelectField(
        _l("身份"),
        [InputRequired(_l("请选择一项。"))],
        choices=[SelectChoice(kind.value, kind.label) for kind in Background],
    )
    abilities = AbilitiesField(_l("能带的能力"), [DataRequired(_l("请至少选择一项能力。"))])
    experience = TextAreaField(_l("经历"), [Optional(), Length(max=LONGEST)], description=_l("做过什么，擅长什么。"))
    works = TextAreaField(_l("工作法和案例"), [Optional(), Length(max=LONGEST)], description=_l("写过的，一行一个。"))
    availability = StringField(
        _l("什么时候、怎样能找到"),
        [Optional(), Length(max=300)],
        description=_l("例如：每周三下午，社区二楼；或电话。"),
    )
    capacity = IntegerField(
        _l("最多同时带几人"),
        [Optional(), NumberRange(1, 20, _l("应为 1 至 20 之间的整数。"))],
        description=_l("不填按本地规则。"),
    )

    @property
    def profile(self) -> Profile:
        return Profile(
            background=Background(self.background.data),
            abilities=self.abilities.chosen,
            experience=self.experience.data or "",
            works=self.works.data or "",
            availability=self.availability.data or "",
            capacity=self.capacity.data,
        )


class InviteForm(ProfileForm):
    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名。")), Length(max=80)])
    phone = TelField(
        _l("手机号"),
        [DataRequired(_l("请填写手机号。")), Regexp(r"^1[0-9]{10}$", message=_l("手机号应为 11 位数字。"))],
        description=_l("在册人员按号码找到；外部人士会登记为没有任职的人员。"),
    )
    reach = SelectField(_l("帮带范围"), [InputRequired(_l("请选择单位。"))], coerce=str)


class EditForm(ProfileForm):
    """What a mentor says of themselves."""


class ManageForm(ProfileForm):
    """What the unit may change, too."""

    reach = SelectField(_l("帮带范围"), [InputRequired(_l("请选择单位。"))], coerce=str)


class ApproveForm(Form):
    reach = SelectField(_l("帮带范围"), [InputRequired(_l("请选择单位。"))], coerce=str)


class ReasonForm(Form):
    reason = TextAreaField(_l("原因"), [DataRequired(REASON), Length(max=300)])


class AskForm(Form):
    abilities = AbilitiesField(_l("想在哪些方面得到帮助"), [may_be_left_out])
    note = StringField(_l("想说的话"), [Optional(), Length(max=300)])


class HouseholdForm(Form):
    phone = TelField(
        _l("对方的手机号"),
        [DataRequired(_l("请填写手机号。")), Regexp(r"^1[0-9]{10}$", message=_l("手机号应为 11 位数字。"))],
    )


def facts_of(mentor: Mentor) -> dict[str, Any]:
    """A profile as a form begins with it."""
    return {
        "background": mentor.background.value,
        "abilities": list(mentor.abilities),
        "experience": mentor.experience,
        "works": mentor.works,
        "availability": mentor.availability,
        "capacity": mentor.capacity,
        "reach": str(mentor.reach_id),
    }
