"""What LibreOffice is given to make Word files of: a text of each kind, every paragraph told apart by a mark."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.drafts.shapes import picture

SENTENCES = (
    "老楼没有电梯，五楼的老人一周下一次楼",
    "一楼担心采光和噪声，先听她把话说完",
    "物业把账算了三遍：一户一户地算",
    "“谁受益，谁出钱”——这句话写进了公约",
    "到十一月（2023年）电梯启用",
)
FIXED = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
SOURCES: list[Callable[[], Source]] = []


@dataclass
class Source:
    """A text on its way to LibreOffice.

    `lines` must arrive, once, in this order; `loose` ones once, wherever (text boxes, notes); `gone` ones not at all.
    `left` says what the report must name as not carried.
    """

    name: str
    kind: str = "fodt"
    data: bytes = b""
    lines: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    tables: int = 0
    pictures: int = 0
    left: tuple[str, ...] = ()
    made: int = 0

    def __call__(self, ending: str = "。") -> str:
        return self._marked(self.lines, ending)

    def head(self) -> str:
        self.headings.append(self._marked(self.lines, ""))
        return self.headings[-1]

    def aside(self, ending: str = "。") -> str:
        return self._marked(self.loose, ending)

    def never(self) -> str:
        return self._marked(self.gone, "。")

    def _marked(self, kept: list[str], ending: str) -> str:
        self.made += 1
        kept.append(f"{SENTENCES[self.made % len(SENTENCES)]}〔{self.name}{self.made:02}〕{ending}")
        return kept[-1]


def fodt(make: Callable[[Source], str]) -> Callable[[Source], str]:
    """A text of LibreOffice's own: the function gives the body, and fills in the source."""

    def made() -> Source:
        source = Source(make.__name__)
        body = make(source)
        spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in FIXED.items())
        source.data = (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.text">'
            f"{STYLES.format(header=source.never(), footer=source.never())}"
            f"<office:body><office:text>{body}</office:text></office:body></office:document>"
        ).encode()
        return source

    SOURCES.append(made)
    return make


def p(text: str, style: str = "Text_20_body") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(text: str, level: int = 1) -> str:
    return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{text}</text:h>'


def image(kind: str = "JPEG", style: str = "inline", width: int = 300) -> str:
    data = base64.b64encode(picture(width, 200, kind=kind)).decode()
    anchor = "as-char" if style in ("inline", "drawn") else "paragraph"
    return (
        f'<draw:frame draw:style-name="{style}" text:anchor-type="{anchor}" svg:width="6cm" svg:height="4cm">'
        f"<draw:image><office:binary-data>{data}</office:binary-data></draw:image></draw:frame>"
    )


def box(inside: str, anchor: str = "paragraph") -> str:
    return (
        f'<draw:frame draw:style-name="box" text:anchor-type="{anchor}" svg:width="7cm">'
        f'<draw:text-box fo:min-height="2cm">{inside}</draw:text-box></draw:frame>'
    )


STYLES = """<office:font-face-decls/><office:styles>
<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Text_20_body" style:display-name="Text body" style:family="paragraph"
 style:parent-style-name="Standard"/>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
 style:parent-style-name="Standard" style:default-outline-level="1"/>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"
 style:parent-style-name="Standard" style:default-outline-level="2"/>
<style:style style:name="Heading_20_3" style:display-name="Heading 3" style:family="paragraph"
 style:parent-style-name="Standard" style:default-outline-level="3"/>
<style:style style:name="Caption" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Figure" style:family="paragraph" style:parent-style-name="Caption"/>
<style:style style:name="Contents_20_1" style:display-name="Contents 1" style:family="paragraph"
 style:parent-style-name="Standard"/>
<style:style style:name="Ours" style:display-name="一级标题" style:family="paragraph"
 style:parent-style-name="Heading_20_1"/>
<style:style style:name="Graphics" style:family="graphic"/><style:style style:name="Frame" style:family="graphic"/>
<text:list-style style:name="numbers"><text:list-level-style-number text:level="1" style:num-format="1"
 style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>
</text:list-style>
<text:list-style style:name="bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>
<text:list-level-style-bullet text:level="2" text:bullet-char="–"/></text:list-style>
</office:styles><office:automatic-styles>
<style:page-layout style:name="page"><style:header-style/><style:footer-style/></style:page-layout>
<style:style style:name="inline" style:family="graphic" style:parent-style-name="Graphics"/>
<style:style style:name="anchored" style:family="graphic" style:parent-style-name="Graphics">
<style:graphic-properties style:wrap="parallel"/></style:style>
<style:style style:name="box" style:family="graphic" style:parent-style-name="Frame"/>
<style:style style:name="drawn" style:family="graphic"/><style:style style:name="bold" style:family="text">
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="columns" style:family="section"><style:section-properties>
<style:columns fo:column-count="2" fo:column-gap="0.5cm"/></style:section-properties></style:style>
</office:automatic-styles><office:master-styles>
<style:master-page style:name="Standard" style:page-layout-name="page">
<style:header><text:p>{header}</text:p></style:header>
<style:footer><text:p>{footer}<text:page-number>1</text:page-number></text:p></style:footer></style:master-page>
</office:master-styles>"""


@fodt
def headings(m: Source) -> str:
    """Styles of headings, one derived from them under a Chinese name, and words in bold."""
    parts = [p(m(""), "Title")]
    for level in (1, 2, 3, 2, 1):
        parts += [h(m.head(), level), p(m()), p(f'{m()}<text:span text:style-name="bold">{m()}</text:span>')]
    return "".join([*parts, p(m.head(), "Ours"), p(m())])


@fodt
def lists(m: Source) -> str:
    """Numbered and bulleted, one inside the other, and two paragraphs in one item."""

    def items(*inside: str) -> str:
        return "".join(f"<text:list-item>{one}</text:list-item>" for one in inside)

    parts = []
    for style in ("numbers", "bullets"):
        parts.append(p(m()))
        first, second = p(m("；")), p(m("；")) + p(m("；"))
        third = p(m("：")) + f"<text:list>{items(p(m('；')), p(m('；')))}</text:list>"
        parts.append(f'<text:list text:style-name="{style}">{items(first, second, third, p(m()))}</text:list>')
    return "".join([*parts, p(m())])


@fodt
def tables(m: Source) -> str:
    """Merged cells, a table within a table, a picture in a cell, two paragraphs in one."""

    def cell(inside: str, more: str = "") -> str:
        return f"<table:table-cell {more}>{inside}</table:table-cell>"

    before, columns = p(m()), '<table:table-column table:number-columns-repeated="3"/>'
    covered = "<table:covered-table-cell/>"
    m.tables, m.pictures = 2, 1
    rows = [
        cell(p(m("")), 'table:number-columns-spanned="2"') + covered + cell(p(m(""))),
        cell(p(m("")), 'table:number-rows-spanned="2"') + cell(p(m()) + p(m())) + cell(p(image())),
        covered + cell(p(m(""))) + cell(p(m(""))),
    ]
    first = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    middle = p(m())
    outer = cell(p(m("")))
    inner = "".join(f"<table:table-row>{cell(p(m('')))}{cell(p(m('')))}</table:table-row>" for _ in range(2))
    two = '<table:table-column table:number-columns-repeated="2"/>'
    nested = f'<table:table table:name="c">{two}{inner}</table:table>'
    second = (
        f"<table:table-row>{outer}{cell(p('') + nested + p(''))}</table:table-row>"
        f"<table:table-row>{cell(p(m('')))}{cell(p(m('')))}</table:table-row>"
    )
    return (
        f'{before}<table:table table:name="a">{columns}{first}</table:table>{middle}'
        f'<table:table table:name="b">{two}{second}</table:table>{p(m())}'
    )


@fodt
def frames(m: Source) -> str:
    """Pictures with captions in frames of text, as the menu makes them; and boxes with nothing but words."""
    m.pictures = 4

    def captioned(kind: str) -> str:
        return box(p(image(kind, "anchored") + f"图 <text:sequence>1</text:sequence>：{m.aside('')}", "Figure"))

    return "".join([
        p(m()),
        p(captioned("JPEG") + m()),
        p(m() + captioned("PNG")),
        p(image()),
        p("图2 " + m(""), "Caption"),
        p(image("PNG", "anchored") + m()),
        p(box(p(m.aside()) + p(m.aside())) + m()),
        p(box(p(m.aside(), "Text_20_body"), "as-char")),
        p(m()),
    ])  # fmt: skip


@fodt
def drawn(m: Source) -> str:
    """Shapes with words, alone and as a group, and pictures that count as shapes."""
    m.pictures, m.left = 2, ("shapes",)
    shape = (
        '<draw:custom-shape text:anchor-type="paragraph" svg:width="4cm" svg:height="2cm" draw:style-name="drawn">'
        '{}<draw:enhanced-geometry draw:type="ellipse" svg:viewBox="0 0 21600 21600"/></draw:custom-shape>'
    )
    group = (
        '<draw:g text:anchor-type="paragraph"><draw:rect svg:x="0cm" svg:y="0cm" svg:width="3cm" svg:height="1cm">{}'
        '</draw:rect><draw:rect svg:x="4cm" svg:y="0cm" svg:width="3cm" svg:height="1cm">{}</draw:rect></draw:g>'
    )
    return "".join([
        p(m()),
        p(image(style="drawn")),
        p("图1 " + m(""), "Caption"),
        p(image("PNG", "drawn") + m()),
        p(shape.format(f"<text:p>{m.aside('')}</text:p>") + m()),
        p(group.format(f"<text:p>{m.aside('')}</text:p>", f"<text:p>{m.aside('')}</text:p>") + m()),
        p(m()),
    ])  # fmt: skip


@fodt
def notes(m: Source) -> str:
    """Foot- and endnotes, comments, links, bookmarks, fields, tabs and broken lines."""

    def note(kind: str, number: int) -> str:
        return (
            f'<text:note text:id="n{number}" text:note-class="{kind}"><text:note-citation>{number}'
            f"</text:note-citation><text:note-body>{p(m.aside())}</text:note-body></text:note>"
        )

    m.left = ("comments",)
    comment = f"<office:annotation><dc:creator>王</dc:creator><text:p>{m.never()}</text:p></office:annotation>"
    link = '<text:a xlink:type="simple" xlink:href="https://example.org/a">{}</text:a>'
    return "".join([
        p(m("") + note("footnote", 1), "Title"),
        h(m.head() + note("footnote", 2)),
        p(m() + note("footnote", 3) + m()),
        p(m() + note("endnote", 4)),
        p(m() + comment),
        p(link.format(m("")) + m()),
        p(f'<text:bookmark-start text:name="b"/>{m()}<text:bookmark-end text:name="b"/>'),
        p(f"{m('')}<text:tab/>{m('')}<text:line-break/>{m('')}<text:s text:c=\"4\"/>{m()}"),
        p(f'{m()}<text:date text:fixed="true" text:date-value="2023-11-05">二〇二三年十一月五日</text:date>'),
        p(m()),
    ])  # fmt: skip


@fodt
def changes(m: Source) -> str:
    """Changes tracked: what was put in stays, what was taken out does not come."""

    def change(number: int, kind: str, inside: str = "") -> str:
        about = (
            "<office:change-info><dc:creator>王</dc:creator><dc:date>2023-11-05T08:00:00</dc:date></office:change-info>"
        )
        return (
            f'<text:changed-region text:id="c{number}"><text:{kind}>{about}{inside}</text:{kind}></text:changed-region>'
        )

    m.left = ("deleted",)
    regions = (
        change(1, "insertion")
        + change(2, "deletion", p(m.never()))
        + change(3, "deletion", p(m.never()) + p("") + p(""))
    )
    return "".join([
        f"<text:tracked-changes>{regions}</text:tracked-changes>",
        p(m()),
        p(f'{m("")}<text:change-start text:change-id="c1"/>{m()}<text:change-end text:change-id="c1"/>'),
        p(f'{m("")}<text:change text:change-id="c2"/>{m()}'),
        p(f'{m()}<text:change text:change-id="c3"/>{m()}'),
        p(m()),
    ])  # fmt: skip


@fodt
def sections(m: Source) -> str:
    """A table of contents, columns, and ruby: the sound of a word above it."""
    contents = "".join(p(f"{m.aside('')}<text:tab/>1", "Contents_20_1") for _ in range(2))
    return "".join([
        p(m(""), "Title"),
        f'<text:table-of-content text:name="t"><text:table-of-content-source text:outline-level="2"/><text:index-body>'
        f'<text:index-title text:name="i">{p(m.aside(""), "Standard")}</text:index-title>{contents}'
        "</text:index-body></text:table-of-content>",
        h(m.head()), p(m()),
        f'<text:section text:style-name="columns" text:name="s">{p(m())}{p(m())}</text:section>',
        h(m.head()),
        p(f"{m('')}<text:ruby><text:ruby-base>垭口</text:ruby-base><text:ruby-text>yakou</text:ruby-text></text:ruby>{m()}"),
        p(m()),
    ])  # fmt: skip


def web_page() -> Source:
    m = Source("web_page", "html")
    m.tables = 1
    items = [f"<h1>{m.head()}</h1><p>{m()}</p>"]
    cells = "".join(f"<tr><td>{m('')}</td><td>{m('')}</td></tr>" for _ in range(2))
    items += [f"<table border=1>{cells}</table><p>{m()}<br>{m()}</p>"]
    items += [f"<ul><li>{m('')}</li><li>{m('')}<ol><li>{m('')}</li></ol></li></ul><blockquote>{m()}</blockquote>"]
    items += [f"<h2>{m.head()}</h2><p><b>{m('')}</b><i>{m()}</i></p><pre>{m('')}\n{m('')}</pre><div>{m()}</div>"]
    m.data = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{"".join(items)}</body></html>'.encode()
    return m


def rich_text() -> Source:
    m = Source("rich_text", "rtf")

    def said(text: str) -> str:
        return "".join(f"\\u{ord(one) if ord(one) < 32768 else ord(one) - 65536}?" for one in text)

    parts = ["{\\rtf1\\ansi\\uc1\\deff0{\\fonttbl{\\f0 SimSun;}}{\\stylesheet{\\s1 heading 1;}}"]
    parts += [f"\\pard\\s1\\b {said(m.head())}\\b0\\par\\pard {said(m())}\\par {said(m())}\\line {said(m())}\\par"]
    row = "\\trowd\\cellx4000\\cellx8000\\intbl {}\\cell {}\\cell\\row"
    m.tables = 1
    parts += [row.format(said(m("")), said(m(""))) for _ in range(2)]
    parts += [f"\\pard {said(m())}\\tab {said(m())}{{\\footnote {said(m.aside())}}}\\par {said(m())}\\par}}"]
    m.data = "\n".join(parts).encode("ascii")
    return m


def plain_text() -> Source:
    """As a note of a phone is sent to a computer of the office, in the national character set."""
    m = Source("plain_text", "txt")
    m.data = "\r\n".join([m(""), "", m(), "　　" + m(), "一、" + m(""), m() + "\t" + m(), "𠮷" + m()]).encode("gb18030")
    return m
