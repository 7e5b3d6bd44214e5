"""Markdown: what lessons are made of comes out right, bombs are refused in time, and nothing active gets through."""

from __future__ import annotations

import re
import resource

import html5lib
import pytest

from lms.core import markdown
from lms.core.errors import BadInput
from lms.core.markdown_child import convert

N = 10_000
BOMBS = {
    "opening brackets": "[" * N,
    "nested quotations": ">" * N + "a",
    "nested lists": "\n".join("    " * depth + "- a" for depth in range(400)),
    "emphasis": "*a **b " * N,
    "links in links": "[a](" * N,
    "images": "![" * N,
    "backticks": "".join("`" * length + " " for length in range(1, 440)),
    "footnotes": "".join(f"[^{n}]: [^{n + 1}]\n" for n in range(5000)) + "[^0]",
    "call-outs in call-outs": "\n".join("    " * depth + '!!! note "a"' for depth in range(400)),
    "a table of a thousand columns": "\n".join(["|a" * 1000, "|-" * 1000, *["|b" * 1000] * 48]),
    "references": "".join(f"[{n}]: /{n}\n" for n in range(9000)) + "[a][b]" * 2000,
}
LONGEST_WORK = 3  # seconds of a processor, in the child process that does it


def worked_by_children() -> float:
    """Seconds of processor time of the child processes that have ended; a clock on the wall would judge the machine."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_is_refused_or_harmless_within_its_time(what) -> None:
    before = worked_by_children()
    try:
        html = markdown.render(BOMBS[what][: markdown.LONGEST])
    except BadInput:
        html = ""
    assert worked_by_children() - before < LONGEST_WORK
    assert len(html) < 5_000_000


@pytest.mark.parametrize("what", ["opening brackets", "links in links"])
def test_the_worst_bombs_are_refused_in_words(what) -> None:
    with pytest.raises(BadInput) as refusal:
        markdown.render(BOMBS[what][: markdown.LONGEST])
    assert "嵌套过深" in str(refusal.value.message)


def test_too_long_a_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadInput, match="100000"):
        markdown.render("a" * (markdown.LONGEST + 1))


def test_one_bomb_spoils_the_load_and_not_the_server() -> None:
    with pytest.raises(BadInput):
        markdown.render_all(["# 好", "[" * N])
    assert markdown.render("# 好") == "<h2>好</h2>"


HOSTILE = (
    "<script>alert(1)</script>",
    "<ScRiPt\n>alert(1)</sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)>",
    "<object data=x>",
    "<embed src=x>",
    "<form action=/x><button formaction=javascript:alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<base href=//evil>",
    "<meta http-equiv=refresh content=0;url=//evil>",
    "<link rel=stylesheet href=//evil>",
    "<style>*{x:y}</style>",
    "<div style=position:fixed>x</div>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mi xlink:href=javascript:alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](y)',
    '![x](y "a" onerror=alert(1))',
    "[x][1]\n\n[1]: javascript:x",
    "<javascript:alert(1)>",
    '[x](//evil "><script>alert(1)</script>")',
    "`<script>`alert(1)`</script>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    '!!! note "<img src=x onerror=alert(1)>"\n    a',
    '!!! note" onmouseover="alert(1) "b"\n    a',
    "a[^1]\n\n[^1]: <script>alert(1)</script>",
    "# <svg onload=alert(1)>",
    "|<script>|\n|-|\n|<img src=x onerror=1>|",
    "term\n: <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>]]>",
    "<?php echo 1 ?>",
    "\u202e<script>",
    "<a\u00a0onclick=x>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>x</script></template>",
    "<details ontoggle=alert(1) open>",
    "<video><source onerror=alert(1)>",
    "<isindex action=javascript:x>",
    '[x](https://a.b/"onmouseover=alert(1)//)',
    "\\<script>alert(1)</script>",
    "{{7*7}} {0.__class__}",
    '<p id="fn:1" class="modal">',
    '<div class="header">x</div>',
    "![x](y){onclick=alert(1)}",
    "<x:script>alert(1)</x:script>",
)

ELEMENTS = {
    "h2",
    "h3",
    "h4",
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "del",
    "code",
    "pre",
    "blockquote",
    "sup",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
    "img",
    "figure",
    "figcaption",
    "div",
}
ATTRIBUTES = {
    "href",
    "title",
    "id",
    "class",
    "rel",
    "src",
    "alt",
    "loading",
    "width",
    "height",
    "scope",
    "rowspan",
    "colspan",
    "start",
}
SCHEMES = ("https:", "http:", "mailto:", "tel:")


def active(html: str) -> list[str]:
    """What a browser would find in it that is not plain, inert text."""
    found = []
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        if not isinstance(element.tag, str) or element.tag not in ELEMENTS:
            found.append(f"<{element.tag}>")
            continue
        for name, value in element.attrib.items():
            target = re.sub(r"[\x00-\x1f]", "", value).strip().lower()  # as a browser reads an address
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", target)
            foreign = scheme is not None and scheme[0] not in SCHEMES
            if name not in ATTRIBUTES or (name in {"href", "src"} and foreign):
                found.append(f"{element.tag} {name}={value!r}")
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_active_gets_through(text) -> None:
    for shape in (
        "{}",
        "> {}",
        "- {}",
        "a {} b",
        "**{}**",
        "[{}](x)",
        "![{}](x)",
        '!!! tip "t"\n    {}',
        "| {} |\n|-|\n| {} |",
    ):
        [html] = convert([shape.replace("{}", text)])
        assert not active(html), html


def test_the_judge_of_activity_sees_it() -> None:
    for html in ("<script>1</script>", '<a href="javascript:x">', '<img src="y" onerror="x">', "<svg></svg>"):
        assert active(html), html


def test_a_lesson_comes_out_as_it_was_meant() -> None:
    [html] = convert(
        [
            '# 题\n\n![替代](media/a.svg "图 1")\n\n!!! scene "场景"\n    他说**“好。”**然后走了。\n\n'
            "| 甲 |\n|---|\n| 乙 |\n\n话[^1]\n\n[^1]: 注"
        ]
    )
    for part in (
        "<h2>题</h2>",
        "<figcaption>图 1</figcaption>",
        'class="callout callout--scene"',
        'class="callout__title">场景',
        "<strong>“好。”</strong>",
        '<div class="table-wrap"><table>',
        '<th scope="col">甲</th>',
        'class="footnote"',
        'loading="lazy"',
    ):
        assert part in html, part


def test_classes_and_identifiers_are_only_ours() -> None:
    [html] = convert(['!!! modal "x"\n    a\n\n<p class="header" id="main">x</p>'])
    assert "callout--modal" not in html
    assert not [element.tag for element in html5lib.parseFragment(html).iter() if element.attrib.get("id")]
