"""Which kind of device a sign-in came from 登录设备, so that its owner recognizes it.

Only the kind is kept ("wechat android"), never the whole User-Agent: it is personal data
that nobody needs.
"""

from __future__ import annotations

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
