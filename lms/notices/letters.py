"""The words of a digest: titles only, in the language of its person. What a notice says is read on the platform."""

from collections.abc import Sequence

from flask import current_app

from lms.core import site
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext

#: Titles in a digest; the others are counted.
SHOWN = 10


def subject(count: int) -> str:
    return ngettext("%(site)s：您有 %(num)d 条未读消息", "%(site)s：您有 %(num)d 条未读消息", count, site=site.name())


def text(name: str, titles: Sequence[str]) -> str:
    """An e-mail to one person."""
    lines = [_("%(name)s，您好：", name=name), ""]
    lines += [_("平台上有您还没有看的消息："), "", *(f"· {title}" for title in titles[:SHOWN])]
    if len(titles) > SHOWN:
        more = len(titles) - SHOWN
        lines.append(ngettext("另有 %(num)d 条。", "另有 %(num)d 条。", more))
    lines += ["", _where_to_read(), _("每周最多一封，夜间不发。不想再收到，请在平台的“消息设置”中关闭。")]
    return "\n".join(lines) + "\n"


def group_text() -> str:
    """A message to a group: it names nobody and says nothing of anybody's notices."""
    return "\n".join([_("%(site)s上有新消息。", site=site.name()), _where_to_read()])


def confirmation_subject() -> str:
    return _("%(site)s：请确认您的电子邮箱", site=site.name())


def confirmation(code: str) -> str:
    """What goes to an address before anything else does: to whom it belongs is not known yet, so it names nobody."""
    lines = [
        _("有人在%(site)s填写了这个邮箱，用来接收消息摘要。", site=site.name()),
        _("如果是您本人，请在平台的“消息设置”中填写确认码：%(code)s", code=code),
        _("如果不是，请不必理会：不填写确认码，就不会再有邮件发到这里。"),
    ]
    return "\n".join(lines) + "\n"


def trial(unit_name: str) -> str:
    """What the administrator of a channel sends to see whether it works."""
    return _("这是%(site)s为“%(unit)s”发出的测试消息。收到它，说明渠道可以使用。", site=site.name(), unit=unit_name)


def _where_to_read() -> str:
    base: str = current_app.config["LMS"].site_url
    path = current_app.url_map.bind("localhost").build("notices.index")
    return _("登录后查看：%(url)s", url=base.rstrip("/") + path) if base else _("登录平台，在“消息”中查看。")
