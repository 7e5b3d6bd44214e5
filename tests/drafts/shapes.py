"""Word files as different makers write them, each with the paragraphs that must arrive."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

STORY = {
    "一、案例背景": "梧桐里是六层老楼，没有电梯，五楼的老人一周下一次楼。",
    "二、主要做法": "社区请一楼、三楼、五楼的人坐到一起，谈了七次。",
    "三、取得成效": "电梯在十一月启用，一楼得到采光补偿。",
    "四、经验启示": "先问清楚怕什么，再算清楚账。",
}
SHAPES: list[Callable[[], Shape]] = []


@dataclass(frozen=True)
class Shape:
    """A file; `lines`: what must be found in it; `sections`: a word that belongs to each of the four."""

    name: str
    data: bytes
    lines: tuple[str, ...]
    sections: tuple[str, str, str, str] | None = ("没有电梯", "谈了七次", "采光补偿", "再算清楚账")


def shape(make: Callable[[Document], None]) -> Callable[[Document], None]:
    def made() -> Shape:
        document = docx.Document()
        make(document)
        return Shape(make.__name__, saved(document), lines_of(document))

    SHAPES.append(made)
    return make


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def lines_of(document: Document) -> tuple[str, ...]:
    """Every paragraph that python-docx sees, those of tables and text boxes included; each has its own words only."""
    texts = (
        "".join(node.text or "" for node in p.iter(qn("w:t")) if next(node.iterancestors(qn("w:p"))) is p)
        for p in document.element.iter(qn("w:p"))
    )
    return tuple(text for text in texts if text.strip())


def xml(text: str) -> object:
    return parse_xml(re.sub(r"^<w:(\w+)", rf"<w:\1 {nsdecls('w')}", text))


def picture(
    width: int = 1200, height: int = 800, *, orientation: int = 1, place: bool = False, kind: str = "JPEG"
) -> bytes:
    """A photo of two colors, above and below; turned and with the place where it was taken, where asked."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (0, height // 2, width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    if place:
        exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    out = io.BytesIO()
    image.save(out, kind, exif=exif) if kind == "JPEG" else image.save(out, kind)
    return out.getvalue()


#: As Word writes a text box, and without what it writes beside it for older programs.
NEW_BOX = (
    '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="2000000" cy="600000"/><wp:docPr id="9" name="文本框 9"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:cNvSpPr txBox="1"/>'
    '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2000000" cy="600000"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>{text}</w:t>'
    "</w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
)
ALTERNATIVE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" Requires="wps">{drawn}'
    "</mc:Choice></mc:AlternateContent>"
)


def new_box(text: str) -> str:
    return NEW_BOX.format(text=text)


@shape
def styled_headings(document):
    document.add_heading("电梯装成了", 0)
    for heading, text in STORY.items():
        document.add_heading(heading, 1)
        document.add_paragraph(text)


@shape
def bold_headings(document):
    document.add_paragraph("电梯装成了")
    for heading, text in STORY.items():
        document.add_paragraph().add_run(heading).bold = True
        document.add_paragraph(text)


@shape
def numbered_without_styles(document):
    """As WPS leaves them: every paragraph in the body style."""
    document.add_paragraph("老楼装电梯")
    for heading, text in STORY.items():
        document.add_paragraph(heading)
        document.add_paragraph("    " + text)


@shape
def one_paragraph_of_a_phone(document):
    """A note of a phone, pasted: lines are broken, paragraphs are not."""
    run = document.add_paragraph().add_run()
    for heading, text in STORY.items():
        run.add_text(heading)
        run.add_break()
        run.add_text(text)
        run.add_break()


@shape
def merged_cells(document):
    styled_headings(document)
    table = document.add_table(3, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格子{number}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))


@shape
def table_as_form(document):
    """A form of two columns: the left one says what the right one is."""
    table = document.add_table(0, 2)
    for left, right in (("案例名称", "电梯装成了"), *STORY.items()):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = left, right


@shape
def lists_of_two_depths(document):
    styled_headings(document)
    for style in ("List Number", "List Bullet", "List Bullet 2", "List Number"):
        document.add_paragraph(f"事项，{style}", style=style)


@shape
def text_box(document):
    styled_headings(document)
    box = xml(
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>文本框里的一句话</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    document.paragraphs[-1]._p.append(box)


@shape
def text_box_of_a_new_program(document):
    """Only in the form for new programs, which the converter does not read: it must not be lost."""
    styled_headings(document)
    document.paragraphs[-1]._p.append(xml(f"<w:r>{ALTERNATIVE.format(drawn=new_box('只在新格式里的文本框'))}</w:r>"))


@shape
def tracked_changes(document):
    styled_headings(document)
    paragraph = document.add_paragraph("原来的话")
    paragraph._p.append(xml('<w:ins w:id="1" w:author="a"><w:r><w:t>，加上的话</w:t></w:r></w:ins>'))
    paragraph._p.append(xml('<w:del w:id="2" w:author="a"><w:r><w:delText>删去的话</w:delText></w:r></w:del>'))
    document.add_paragraph()._p.append(
        xml('<w:moveTo w:id="3" w:author="a"><w:r><w:t>移到这里的话</w:t></w:r></w:moveTo>')
    )


@shape
def pictures_with_captions(document):
    styled_headings(document)
    document.add_picture(io.BytesIO(picture(2400, 1200, orientation=6, place=True)))
    document.add_paragraph("图1 楼道里的议事会", style="Caption")
    document.add_picture(io.BytesIO(picture(kind="PNG")))
    document.add_paragraph("图 2：电梯启用那天")


@shape
def marks_of_markdown(document):
    """Words that mean something in Markdown stay words."""
    styled_headings(document)
    for text in (
        "# 不是标题",
        "1. 不是列表",
        "- 也不是",
        "> 不是引用",
        "**星号** _下划线_ `反引号` [方括号](x)",
        "| 竖线 |",
        "&nbsp; <b>",
        "!!! note",
    ):
        document.add_paragraph(text)


@shape
def controls_and_links(document):
    styled_headings(document)
    document.element.body.insert(
        1,
        xml(
            '<w:sdt><w:sdtPr><w:alias w:val="话"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>内容控件里的话</w:t></w:r>'
            "</w:p></w:sdtContent></w:sdt>"
        ),
    )
    document.add_paragraph()._p.append(xml("<w:smartTag><w:r><w:t>智能标记里的话</w:t></w:r></w:smartTag>"))


@shape
def nested_tables(document):
    styled_headings(document)
    outer = document.add_table(2, 2)
    outer.cell(0, 0).text, outer.cell(1, 1).text = "外面", "里外"
    inner = outer.cell(0, 1).add_table(2, 2)
    inner.cell(0, 0).text, inner.cell(1, 1).text = "里面一", "里面二"


@shape
def numbered_by_the_program(document):
    """Headings are items of a list, as a tap on the button for numbers makes them."""
    document.add_paragraph("电梯装成了")
    for heading, text in STORY.items():
        document.add_paragraph(heading[2:], style="List Number")
        document.add_paragraph(text)


@shape
def frame_around_everything(document):
    """A table of one cell: a border around the page."""
    cell = document.add_table(1, 1).cell(0, 0)
    for heading, text in STORY.items():
        cell.add_paragraph(heading)
        cell.add_paragraph(text)


@shape
def picture_in_a_cell(document):
    styled_headings(document)
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "装以前", "装以后"
    table.cell(1, 0).paragraphs[0].add_run().add_picture(io.BytesIO(picture()))


@shape
def fields_and_bookmarks(document):
    """A link, and a table of contents as Word keeps it: codes and the text that they made."""
    styled_headings(document)
    paragraph = document.add_paragraph()
    for part in (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:instrText> PAGEREF _Toc1 </w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "<w:r><w:t>第三页</w:t></w:r>",
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>', '<w:bookmarkStart w:id="0" w:name="a"/>',
        "<w:hyperlink w:anchor=\"a\"><w:r><w:t>见附表</w:t></w:r></w:hyperlink>",
        "<w:fldSimple w:instr=\" QUOTE 二〇二三年 \"><w:r><w:t>二〇二三年</w:t></w:r></w:fldSimple>",
    ):  # fmt: skip
        paragraph._p.append(xml(part))


@shape
def header_and_footer(document):
    """What stands on every page is no part of the case."""
    styled_headings(document)
    section = document.sections[0]
    section.header.paragraphs[0].text, section.footer.paragraphs[0].text = "内部资料", "第 1 页"


def bare_package() -> Shape:
    """As an app on a phone writes: the text, and nothing about styles."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for pair in STORY.items() for text in pair)
    return Shape("bare_package", packed(body, TRANSITIONAL), tuple(text for pair in STORY.items() for text in pair))


def strict_package() -> Shape:
    """Word's "Strict Open XML": the same under other names."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for pair in STORY.items() for text in pair)
    return Shape("strict_package", packed(body, STRICT), tuple(text for pair in STORY.items() for text in pair))


TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SHAPES += [bare_package, strict_package]


def packed(body: str, namespace: str) -> bytes:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    if namespace == STRICT:
        relation = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relation}" '
        f'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package_file:
        for name, text in parts.items():
            package_file.writestr(name, text)
    return out.getvalue()


def footnoted() -> Shape:
    """Word's own way with footnotes: a part of the package beside the text."""
    document = docx.Document()
    styled_headings(document)
    document.paragraphs[2]._p.append(xml('<w:r><w:footnoteReference w:id="2"/></w:r>'))
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>见当年的会议记录。</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {ns}>{note}</w:footnotes>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    changes = {
        "word/_rels/document.xml.rels": lambda text: text.replace(
            "</Relationships>", f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>'
        ),
    }
    data = repacked(saved(document), changes, {"word/footnotes.xml": notes})
    return Shape("footnoted", data, (*lines_of(document), "见当年的会议记录。"))


SHAPES.append(footnoted)


def repacked(data: bytes, changes: dict[str, Callable[[str], str]], more: dict[str, str] | None = None) -> bytes:
    """The package with some parts changed, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename in changes:
                content = changes[entry.filename](content.decode()).encode()
            new.writestr(entry.filename, content)
        for name, text in (more or {}).items():
            new.writestr(name, text)
    return out.getvalue()


@cache
def every() -> dict[str, Shape]:
    """All of them by name."""
    return {shape.name: shape for shape in (make() for make in SHAPES)}


def simple() -> bytes:
    document = docx.Document()
    styled_headings(document)
    return saved(document)
