"""Forms about people."""

from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from lms.core.forms import DayField, Form, SelectChoice, plausible_day
from lms.core.i18n import lazy_gettext as _l
from lms.people.posts import PostClass, Role

POSTS = [SelectChoice(post.value, post.label) for post in PostClass]


class AppointForm(Form):
    unit = SelectField(_l("单位"))
    post = SelectField(_l("职务类别"), choices=POSTS)
    title = StringField(_l("职务名称"), [Optional(), Length(max=80)], description=_l("与职务类别相同的可以不填。"))
    starts_on = DayField(_l("任职日期"), _l("请填写任职日期。"))


class NewPersonForm(AppointForm):
    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名。")), Length(max=80)])
    phone = StringField(
        _l("手机号"),
        [
            DataRequired(_l("请填写手机号，登录时使用。")),
            Regexp(r"1[0-9]{10}$", message=_l("手机号是 11 位数字。")),
        ],
    )


class EndForm(Form):
    last_day = DayField(_l("最后一天"), _l("请填写最后一天。"))


class GrantForm(Form):
    role = SelectField(_l("权限"), choices=[SelectChoice(role.value, role.label) for role in Role])
    unit = SelectField(_l("范围"), description=_l("权限及于这个单位和它下面的所有单位。"))
    expires_on = DateField(_l("到期日"), [Optional(), plausible_day], description=_l("长期有效的可以不填。"))


class RevokeForm(Form):
    """One button."""
