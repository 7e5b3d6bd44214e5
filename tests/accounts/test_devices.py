"""The device of a sign-in is named by its kind alone."""

from __future__ import annotations

import pytest

from lms.accounts.devices import kind_of

CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        (f"Mozilla/5.0 (Linux; Android 10; V1962A) {CHROMIUM} XWEB MicroMessenger/8.0.2", "wechat android"),
        (f"Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN) {CHROMIUM} HuaweiBrowser/14.0", "huawei harmonyos"),
        (f"Mozilla/5.0 (Linux; Android 10; M2006) {CHROMIUM} MQQBrowser/13", "qq android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_4 like Mac OS X) Version/15.4 Safari/604.1", "safari iphone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0", "edge windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "firefox linux"),
        ("curl/8.0", "other other"),
        ("", "other other"),
        (None, "other other"),
        ("chrome " * 100_000, "chrome other"),
    ],
)
def test_the_kind_of_device_is_recognized(user_agent: str | None, kind: str) -> None:
    assert kind_of(user_agent) == kind
