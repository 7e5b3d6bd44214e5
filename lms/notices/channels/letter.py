"""What a channel is given, and what can come of it.

A channel returns once the other side has accepted the message. Whatever else happens is one of two things: it certainly
did not leave (`NotSent`: trying again is safe) or nobody can know (`Unsure`: trying again might send it twice).
Errors are codes: what a server answers is not repeated to anybody.
"""

from dataclasses import dataclass
from typing import Protocol

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

#: Seconds to wait for a server, each time it is waited for.
PATIENCE = 10.0


@dataclass(frozen=True)
class Letter:
    """A message to one address, or to the group that a channel leads to."""

    number: int
    subject: str
    text: str
    #: e-mail address; empty for a group
    to: str = ""
    #: people of the group to be mentioned
    mobiles: tuple[str, ...] = ()


class Channel(Protocol):
    def send(self, letter: Letter) -> None:
        """Hand the letter over.

        :raise NotSent: it did not leave.
        :raise Unsure: it may have left.
        """


class NotSent(Exception):
    """It certainly did not leave.

    :param final: the other side will say the same to every further try.
    """

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


class Unsure(Exception):
    """The other side had everything, and then said nothing: it may have been accepted."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


ERRORS: dict[str, LazyString] = {
    "unreachable": _l("连接不上服务器"),
    "slow": _l("服务器没有及时应答"),
    "tls": _l("加密连接没有建立，证书可能不被信任"),
    "login": _l("服务器不接受用户名或密码"),
    "refused": _l("服务器拒绝了这封信"),
    "busy": _l("服务器暂时不能接收"),
    "bad_answer": _l("服务器的应答无法识别"),
    "unsure": _l("发出后没有收到确认，为免重复不再发送"),
    "not_allowed": _l("这台服务器不在允许的范围内"),
    "no_address": _l("收件人没有填写电子邮箱"),
    "ended": _l("渠道已经停用"),
    "sealed": _l("渠道的密码无法解密，请重新设置渠道"),
}


def error_label(code: str) -> LazyString:
    return ERRORS.get(code, ERRORS["bad_answer"])
