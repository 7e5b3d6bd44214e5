"""`next` leads only to own pages (C6), whatever is tried."""

from __future__ import annotations

from itertools import product
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Map, MapAdapter, Rule

from lms.accounts.next_path import is_local, own_path

URLS: MapAdapter = Map(
    [
        Rule("/", endpoint="home"),
        Rule("/courses/", endpoint="courses"),
        Rule("/courses/<int:id>", endpoint="course"),
        Rule("/search", endpoint="search"),
        Rule("/sign-out", endpoint="out", methods=["POST"]),
        Rule("/anything/<path:rest>", endpoint="anything"),
    ]
).bind("academy.example")

_FOREIGN = """
//evil.example ///evil.example ////evil.example /\\evil.example \\/evil.example \\\\evil.example
/\\/evil.example //evil.example/%2e%2e /%2f%2fevil.example /%2F/evil.example /%5cevil.example
/%5c%5cevil.example /%252f%252fevil.example /%25252f/evil.example http:evil.example http:/evil.example
http://evil.example https://evil.example HTTPS://evil.example https:evil.example https:///evil.example
https:\\\\evil.example javascript:alert(1) JaVaScRiPt:alert(1) data:text/html,x vbscript:x file:///etc/passwd
//evil.example@academy.example https://academy.example@evil.example https://academy.example.evil.example
//academy.example@evil.example /.evil.example/.. /../evil.example /..//evil.example /./evil.example
/courses/../../evil.example /%2e%2e//evil.example .evil.example evil.example @evil.example ?next=//evil.example
//evil%E3%80%82example /anything//evil.example /anything/%2f/evil.example /anything/..%2f..%2f/evil.example
#evil /#//evil.example /;@evil.example /:@evil.example /courses/%00 /courses/%0d%0aSet-Cookie:a=b //[::1] /[::1
http://[::1 /%09/evil.example /%0a/evil.example /%c0%af%c0%af/evil.example x/courses/ courses/
"""
FOREIGN = _FOREIGN.split()
SPACES = ["\t", "\n", "\r", " ", "\0", "\x0b", "\x7f", "\x85", "\u00a0", "\u2028", "\u200b", "\ufeff", "\u202e"]
SPACED = [
    *(f"{sign}//evil.example" for sign in SPACES),
    *(f"/{sign}/evil.example" for sign in SPACES),
    *(f"{sign}/courses/" for sign in SPACES),
    *(f"/courses/{sign}" for sign in SPACES),
    *(f"/{quote(sign)}/evil.example" for sign in SPACES),
]
SEPARATORS = ["/", "\\", "%2f", "%5c", "%252f", "%255c"]
CROSSED = ["".join(parts) + "evil.example" for n in (2, 3) for parts in product(SEPARATORS, repeat=n)]


@pytest.mark.parametrize("text", ["/", "/courses/", "/courses/7", "/search?q=%E5%85%89&page=2", "/search?next=//x"])
def test_own_pages_are_taken_as_they_are(text: str) -> None:
    assert own_path(text, URLS) == text


def test_chinese_in_the_address_arrives_quoted() -> None:
    assert own_path("/anything/光明?q=接待", URLS) == "/anything/%E5%85%89%E6%98%8E?q=%E6%8E%A5%E5%BE%85"


@pytest.mark.parametrize("text", [*FOREIGN, *SPACED, *CROSSED, "", None, "/" + "a" * 5000])
def test_nothing_foreign_is_taken(text: str | None) -> None:
    assert own_path(text, URLS) is None


@pytest.mark.parametrize("text", ["/nowhere", "/sign-out", "/courses", "/courses/x", "/courses/7/"])
def test_what_answers_no_get_is_not_taken(text: str) -> None:
    assert own_path(text, URLS) is None


@given(st.text(st.sampled_from("/\\.:@%2f5c#?evil \t\n"), max_size=12))
def test_what_is_taken_is_always_local(text: str) -> None:
    """A browser's reading: blanks at the ends and tabs and line ends go, backslashes are slashes."""
    taken = own_path("/anything/" + text, URLS) or own_path(text, URLS)
    if taken is None:
        return
    as_browser = taken.strip().translate({9: None, 10: None, 13: None}).replace("\\", "/")
    parts = urlsplit(as_browser)
    assert taken.isascii()
    assert as_browser.startswith("/")
    assert not as_browser.startswith("//")
    assert not parts.scheme
    assert not parts.netloc


@given(st.text(max_size=40))
def test_any_text_gets_a_verdict(text: str) -> None:
    is_local(text)
    own_path(text, URLS)
    own_path("/anything/" + text, URLS)
