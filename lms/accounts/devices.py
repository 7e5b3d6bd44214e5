"""Which kind of device a sign-in came from 登录设备, so that its owner recognizes it.

Only the kind is kept ("wechat android"), never the whole User-Agent: it is personal data
that nobody needs.
"""

from __future__ import annotations

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

# The first mark that is found wins, so an app stands before the browser that it is built on.
BROWSERS = (
    ("micromessenger", "wechat"),
    ("dingtalk", "dingtalk"),
    ("aliapp", "alipay"),
    ("mqqbrowser", "qq"),
    ("ucbrowser", "uc"),
    ("miuibrowser", "xiaomi"),
    ("huaweibrowser", "huawei"),
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("opr/", "opera"),
    ("crios", "chrome"),
    ("chrome", "chrome"),
    ("safari", "safari"),
)
SYSTEMS = (
    ("openharmony", "harmonyos"),
    ("harmonyos", "harmonyos"),
    ("android", "android"),
    ("iphone", "iphone"),
    ("ipad", "ipad"),
    ("windows", "windows"),
    ("mac os x", "mac"),
    ("cros", "chromeos"),
    ("linux", "linux"),
)
OTHER = "other"


def kind_of(user_agent: str | None) -> str:
    """The kind of browser and system in two words, such as `wechat android`."""
    text = (user_agent or "")[:500].lower()
    return f"{_first(BROWSERS, text)} {_first(SYSTEMS, text)}"


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((kind for mark, kind in marks if mark in text), OTHER)


#: Names of products are the same in both languages; the others are translated.
NAMES: dict[str, str | LazyString] = {
    "wechat": _l("微信"),
    "dingtalk": _l("钉钉"),
    "alipay": _l("支付宝"),
    "qq": _l("QQ 浏览器"),
    "uc": _l("UC 浏览器"),
    "xiaomi": _l("小米浏览器"),
    "huawei": _l("华为浏览器"),
    "edge": "Edge",
    "firefox": "Firefox",
    "opera": "Opera",
    "chrome": "Chrome",
    "safari": "Safari",
    "harmonyos": _l("鸿蒙设备"),
    "android": _l("安卓设备"),
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": _l("Windows 电脑"),
    "mac": _l("苹果电脑"),
    "chromeos": "ChromeOS",
    "linux": _l("Linux 电脑"),
}


def label_of(kind: str) -> str:
    """The kind of device as its owner would name it: 微信 · 安卓设备."""
    words = [str(NAMES[part]) for part in kind.split() if part in NAMES]
    return " · ".join(words) if words else str(_l("其他设备"))
