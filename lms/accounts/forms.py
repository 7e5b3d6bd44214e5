"""The forms of accounts: shape and words."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from lms.core.forms import Form
from lms.core.i18n import lazy_gettext as _l


class SignInForm(Form):
    """One name and one secret: a password, or the one-time code of the slip."""

    name = StringField(
        _l("手机号"),
        [DataRequired(_l("请填写手机号。"))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 64},
    )
    secret = PasswordField(
        _l("密码或一次性激活码"),
        [InputRequired(_l("请填写密码。第一次登录时，请填写激活单上的激活码。"))],
        render_kw={"autocomplete": "current-password", "maxlength": 200},
    )
    next = HiddenField()


class NewPasswordForm(Form):
    """The first password, after a one-time code."""

    password = PasswordField(
        _l("新密码"),
        [InputRequired(_l("请填写新密码。"))],
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )
    again = PasswordField(
        _l("再输入一次"),
        [InputRequired(_l("请把新密码再输入一次。")), EqualTo("password", _l("两次输入的新密码不一样。"))],
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )
    next = HiddenField()


class ChangePasswordForm(NewPasswordForm):
    """Another password: whoever picked up an open phone does not know the present one."""

    present = PasswordField(
        _l("现在的密码"),
        [InputRequired(_l("请填写现在的密码。"))],
        render_kw={"autocomplete": "current-password", "maxlength": 200},
    )


class DisableForm(Form):
    """Why an account is disabled: for the audit trail."""

    reason = StringField(_l("停用原因"), [Length(max=200, message=_l("原因最多 200 个字。"))])
