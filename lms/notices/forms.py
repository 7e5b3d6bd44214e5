"""Forms of notices and channels."""

import re
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import Form, SelectChoice, clean
from lms.core.i18n import lazy_gettext as _l
from lms.notices.channels.opening import allowed_hosts
from lms.notices.channels.smtp import STARTTLS, TLS
from lms.notices.channels.wecom import KEY, PATH
from lms.notices.kinds import NoticeKind

#: An address that every mail server takes: ASCII, one @, a dot in the domain, nothing that could end a header.
E_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,186}[A-Za-z0-9])?")
LONGEST_ADDRESS = 254


def mail_address(_form: Any, field: Any) -> None:
    """:raise ValidationError: no mail server would take it."""
    text = field.data or ""
    local, _at, domain = text.partition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in text
    if len(text) > LONGEST_ADDRESS or not E_MAIL.fullmatch(text) or "." not in domain or dots:
        raise ValidationError(_l("请填写完整的电子邮箱，例如 name@example.com。"))


class CheckBoxes(SelectMultipleField):
    """Several of a list, a box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CodeForm(Form):
    code = StringField(
        _l("确认码"),
        [DataRequired(_l("请填写邮件里的 6 位确认码。")), Length(max=12, message=_l("确认码是 6 位数字。"))],
    )


class SettingsForm(Form):
    kinds = CheckBoxes(
        _l("提醒我哪些消息"), description=_l("不勾选的，仍会列在“消息”里，但不计入未读数，也不写进摘要。")
    )
    address = StringField(
        _l("电子邮箱"),
        [Optional(), mail_address],
        description=_l("只用来发送消息摘要。清空就不再发送。"),
    )

    def offer(self, offered: list[NoticeKind]) -> None:
        self.kinds.choices = [SelectChoice(kind.name, str(kind.label)) for kind in offered]
        self._origins = {kind.name: str(kind.origin) for kind in offered}

    @property
    def groups(self) -> dict[str, list[Any]]:
        """The boxes under the words that say where such notices come from, in the order offered."""
        groups: dict[str, list[Any]] = {}
        for box in self.kinds:
            groups.setdefault(self._origins[str(box.data)], []).append(box)
        return groups


class SmtpForm(Form):
    unit = SelectField(_l("为哪个单位设置"), [DataRequired(_l("请选择单位。"))])
    host = SelectField(
        _l("邮件服务器"),
        [DataRequired(_l("请选择邮件服务器。"))],
        description=_l("这里没有的服务器，请系统管理员加入。"),
    )
    security = SelectField(
        _l("加密方式"),
        choices=[
            SelectChoice(STARTTLS, _l("STARTTLS（端口 587）")),
            SelectChoice(TLS, _l("TLS（端口 465）")),
        ],
    )
    sender = StringField(_l("发件地址"), [DataRequired(_l("请填写发件地址。")), mail_address])
    username = StringField(_l("用户名"), [Optional(), Length(max=200)])
    password = PasswordField(
        _l("密码"),
        [Optional(), Length(max=200)],
        description=_l("加密保存，以后不再显示。"),
        render_kw={"autocomplete": "off"},
    )

    def offer(self, units: list[SelectChoice]) -> None:
        self.unit.choices, self.host.choices = units, [SelectChoice(host, host) for host in allowed_hosts()]

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "host": self.host.data,
            "security": self.security.data,
            "sender": self.sender.data,
            "username": self.username.data or "",
        }

    @property
    def secrets(self) -> dict[str, str]:
        return {"password": self.password.data or ""}


class WecomForm(Form):
    unit = SelectField(_l("为哪个单位设置"), [DataRequired(_l("请选择单位。"))])
    address = PasswordField(
        _l("群机器人的 Webhook 地址"),
        [DataRequired(_l("请粘贴群机器人的 Webhook 地址。")), Length(max=400)],
        filters=[clean],
        description=_l("在企业微信群里添加机器人后得到。地址里的密钥加密保存，以后不再显示。"),
        render_kw={"autocomplete": "off"},
    )
    mention = BooleanField(
        _l("在群里@有未读消息的人"), description=_l("群里的人会因此知道谁有未读消息。默认不勾选，只说平台上有新消息。")
    )

    def offer(self, units: list[SelectChoice]) -> None:
        self.unit.choices = units

    def validate_address(self, field: Any) -> None:
        """:raise ValidationError: not an https address of an allowed host with a robot's key."""
        parts = _parts(field.data)
        if parts.scheme != "https" or parts.path != PATH or not KEY.fullmatch(self._key):
            raise ValidationError(_l("这不是群机器人的地址：它以 https:// 开头，结尾是 key=……。"))
        if parts.netloc not in allowed_hosts():
            raise ValidationError(_l("这台服务器不在允许的范围内，请系统管理员加入。"))

    @property
    def _key(self) -> str:
        return parse_qs(_parts(self.address.data).query).get("key", [""])[0]

    @property
    def settings(self) -> dict[str, Any]:
        return {"host": _parts(self.address.data).netloc, "mention": bool(self.mention.data)}

    @property
    def secrets(self) -> dict[str, str]:
        return {"key": self._key}


def _parts(address: str | None) -> SplitResult:
    """The parts of an address; what is none has none."""
    try:
        return urlsplit(address or "")
    except ValueError:
        return urlsplit("")
