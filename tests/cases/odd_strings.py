"""Strings that break software, made by rule instead of copied: markup that runs, characters that hide, turn or stack.

`every()` gives more than the 515 that such lists usually have; NUL is not among them, it is refused before all else.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

ELEMENTS = ("img", "svg", "body", "video", "details", "input", "marquee", "a", "math", "iframe", "object", "form")
HANDLERS = ("onerror", "onload", "onclick", "ontoggle", "onfocus", "onmouseover", "onanimationstart", "onbegin")
#: Ways to write a tag that a filter may overlook.
TAGS = (
    "<{element} {handler}=alert(1)>",
    "<{element}/{handler}=alert(1) x=",
    "<{element}\t{handler}\n=\n'alert(1)'>",
    '"\'><{element} src=x {handler}="alert(1)"//',
)
SCHEMES = (
    "javascript",
    "JaVaScRiPt",
    "java\tscript",
    " javascript",
    "vbscript",
    "data",
    "&#106;avascript",
    "jav&#x0A;ascript",
)
LINKS = (
    "[x]({scheme}:alert(1))",
    "![x]({scheme}:alert(1))",
    "<a href={scheme}:alert(1)>x</a>",
    "[x][1]\n\n[1]: {scheme}:a",
)
#: Controls that are no NUL, marks of direction, spaces without width, fillers, variation selectors, noncharacters.
HIDDEN = (
    *range(1, 9),
    11,
    12,
    *range(14, 32),
    *range(127, 160),
    0xAD,
    0x61C,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    *range(0xFE00, 0xFE10),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    0xFFFE,
    0xFFFF,
    0xE0001,
    0x1FFFE,
    0x10FFFD,
)
PIECES = (
    "null",
    "undefined",
    "NaN",
    "Infinity",
    "true",
    "-1",
    "1e309",
    "0x0",
    "1/0",
    "1,000.00",
    "００",
    "١٢٣",
    "",
    "{{7*7}}",
    "{%raw%}",
    "${7*7}",
    "#{7*7}",
    "{0.__class__}",
    "%(x)s",
    "%n%s%d",
    "%00",
    "%0d%0a",
    "..%2f..%2f",
    "../../etc/passwd",
    "C:\\CON",
    "AUX",
    "' OR '1'='1",
    "'; DROP TABLE cases; --",
    "1;--",
    "`id`",
    "$(id)",
    "|id",
    "=1+1",
    "@SUM(1)",
    "+1",
    "-1+1",
    "]]>",
    "<!--",
    "--><b>",
    "<![CDATA[x]]>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "&lt;script&gt;",
    "&#x3c;script>",
    "\\u003cscript",
    "İI",
    "ß",
    "ﬃ",
    "ﷺ",
    "ﷺ" * 40,
    "e" + "\u0301" * 60,
    "각",
    "ก็็็็",
    "田中さんにあげて",
    "𠜎𠜱𠝹",
    "㳇㵲䶮",
    "👩‍👩‍👧‍👦",
    "🏴\U000e0067\U000e007f",
    "🇨🇳🇺",
    "Ω≈ç√",
    "(｡◕ ∀ ◕｡)",
    "￦￥",
    "ı",
    "K",
    "ſ",
    "．．／",
    "＜script＞alert（1）＜／script＞",
    "｛｛7*7｝｝",
    "a" * 3000,
    " " * 500 + "x",
    "\r\nSet-Cookie: a=b",
    "\u2028\u2029",
)


def every() -> list[str]:
    """Each once, in an order that does not change."""
    return list(dict.fromkeys(_all()))


def _all() -> Iterator[str]:
    for tag, element, handler in itertools.product(TAGS, ELEMENTS, HANDLERS):
        yield tag.format(element=element, handler=handler)
    for link, scheme in itertools.product(LINKS, SCHEMES):
        yield link.format(scheme=scheme)
    for code in HIDDEN:
        yield f"字{chr(code)}<b>{chr(code)}符"
    yield from (piece for piece in PIECES if piece)
