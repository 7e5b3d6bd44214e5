"""Word files as WPS, phones, Word Online and others really build them: each part by hand, as those programs leave it.

What is known of them comes from the standards (ECMA-376, MS-DOCX, MS-OE376) and from reports of what readers of their
files stumbled over: WPS numbers its styles, writes alternatives without a second way, and may leave the styles out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.drafts.shapes import STRICT, TRANSITIONAL, new_box, picture

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_R = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = (
    f'xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:wpsCustomData="http://www.wps.cn/officeDocument/2013/wpsCustomData" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
MAKERS: list[Callable[[], Made]] = []


@dataclass
class Made:
    """A file, and what must come out of it; `left` is what the report must name."""

    name: str
    lines: list[str]
    body: str
    main: str = "word/document.xml"
    parts: dict[str, str | bytes] = field(default_factory=dict)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    pictures: int = 0
    lost: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    strict: bool = False

    @property
    def data(self) -> bytes:
        relations = STRICT_R if self.strict else R
        folder, _slash, name = self.main.rpartition("/")
        document = f'<w:document xmlns:w="{TRANSITIONAL}" {SPACES}><w:body>{self.body}<w:sectPr/></w:body></w:document>'
        if self.strict:
            document = document.replace(TRANSITIONAL, STRICT).replace(R, STRICT_R)
            document = document.replace("schemas.openxmlformats.org/drawingml/2006", "purl.oclc.org/ooxml/drawingml")
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/></Types>',
            "_rels/.rels": _relationships({"rId1": ("officeDocument", self.main)}, relations),
            f"{folder}/_rels/{name}.rels": _relationships(self.references, relations),
            self.main: document,
            **self.parts,
        }
        return packed(parts)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _relationships(references: Mapping[str, tuple[str, str]], relations: str) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{relations}/{kind}" Target="{target}"/>'
        for key, (kind, target) in references.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def maker(make: Callable[[], Made]) -> Callable[[], Made]:
    MAKERS.append(make)
    return make


def p(*runs: str, style: str = "", more: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{''.join(run if run.startswith('<') else r(run) for run in runs)}</w:p>"


def r(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def w(name: str, *inside: str) -> str:
    return f"<w:{name}>{''.join(inside)}</w:{name}>"


def either(new: str, old: str = "") -> str:
    """For new programs, and for old ones; WPS leaves the old ones out."""
    fallback = f"<mc:Fallback>{old}</mc:Fallback>" if old else ""
    choice = f'<mc:Choice Requires="wps">{new}</mc:Choice>'
    return f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>"


def styles(*known: tuple[str, str, str]) -> str:
    listed = ""
    for key, name, parent in known:
        based = f'<w:basedOn w:val="{parent}"/>' if parent else ""
        listed += f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{based}</w:style>'
    return f'<w:styles xmlns:w="{TRANSITIONAL}">{listed}</w:styles>'


def notes(inside: str, space: str = TRANSITIONAL) -> str:
    return f'<w:footnotes xmlns:w="{space}" {SPACES}><w:footnote w:id="2">{inside}</w:footnote></w:footnotes>'


def inline(reference: str, alt: str = "") -> str:
    return (
        f'<w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="{alt}"/><a:graphic><a:graphicData uri="p">'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{reference}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )


def vml(inside: str, shape: str = "v:shape") -> str:
    return f'<w:r><w:pict><{shape} id="图片 1" style="width:200pt">{inside}</{shape}></w:pict></w:r>'


def boxed(text: str) -> str:
    return f"<v:textbox><w:txbxContent>{p(text)}</w:txbxContent></v:textbox>"


PHOTO = {"word/media/image1.png": picture(60, 40, kind="PNG")}
PHOTO_REFERENCE = {"rId5": ("image", "media/image1.png")}


@maker
def wps_with_numbered_styles() -> Made:
    """WPS on a desk: styles have numbers for names of their own, tables carry data that only WPS reads."""
    known = (
        ("1", "Normal", ""), ("2", "heading 1", "1"), ("3", "heading 2", "1"), ("9", "一级标题", "2"),
        ("7", "toc 1", "1"), ("6", "caption", "1"), ("8", "图题", "6"),
    )  # fmt: skip
    diagonal = (
        '<mc:AlternateContent><mc:Choice Requires="wpsCustomData"><wpsCustomData:diagonals/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    rows = "".join(
        f"<w:tr>{cell.format(diagonal, p(left))}{cell.format('', p(right))}</w:tr>"
        for left, right in (("项目", "户数"), ("同意", "二十四"))
    )
    body = [
        p("案例背景 1", style="7"),
        p("案例背景一", style="2"),
        p("老楼没有电梯。", style="1"),
        p("挨户的做法", style="3"),
    ]
    body += [p("挨户去问。"), p("另一种标题", style="9"), f"<w:tbl>{rows}</w:tbl>", p("表后一句。")]
    body += [p(f"<w:r>{inline('rId5')}</w:r>"), p("图一 会议", style="8"), p("最后一句。")]
    lines = [
        "案例背景 1",
        "案例背景一",
        "老楼没有电梯。",
        "挨户的做法",
        "挨户去问。",
        "另一种标题",
        "项目",
        "户数",
        "同意",
        "二十四",
    ]
    lines += ["表后一句。", "图一 会议", "最后一句。"]
    made = Made(
        "wps_with_numbered_styles",
        lines,
        "".join(body),
        headings=("案例背景一", "挨户的做法", "另一种标题"),
        pictures=1,
    )
    made.parts = {"word/styles.xml": styles(*known), "customXml/item1.xml": "<s:customData xmlns:s='wps'/>", **PHOTO}
    made.references = {"rId1": ("styles", "styles.xml"), **PHOTO_REFERENCE}
    return made


@maker
def wps_without_styles() -> Made:
    """WPS leaves the styles out: numbers alone tell headings, or the level in the outline does."""
    long = "这一段整段都设了大纲级别，但它是一整句话，有四十个字以上，所以它不是标题，而是正文，应当照原样留在正文里。"
    body = p("起因一", style="2") + p("老楼没有电梯。") + p("一次会", style="3") + p("谈了七次。")
    body += p("结果一", more='<w:outlineLvl w:val="0"/>') + p(long, more='<w:outlineLvl w:val="1"/>')
    lines = ["起因一", "老楼没有电梯。", "一次会", "谈了七次。", "结果一", long]
    made = Made("wps_without_styles", lines, body, headings=("起因一", "一次会", "结果一"))
    made.parts = {"word/styles.xml": f'<w:styles xmlns:w="{TRANSITIONAL}"/>'}
    made.references = {"rId1": ("styles", "styles.xml")}
    return made


@maker
def wps_on_a_phone() -> Made:
    """Pictures in the older drawing language, a text box in the newer one alone."""
    picture_of = vml('<v:imagedata r:id="rId5" o:title="IMG_20231105"/>')
    box = either(new_box("框里一句。"))
    body = (
        p("手机上写的。") + p(picture_of) + p("图1 楼道") + p("前半句，", picture_of, "后半句。") + p("框外一句。", box)
    )
    lines = ["手机上写的。", "图1 楼道", "前半句，后半句。", "框外一句。", "框里一句。"]
    return Made("wps_on_a_phone", lines, body, parts={**PHOTO}, references=PHOTO_REFERENCE, pictures=2)


@maker
def word_online() -> Made:
    """The document has another name, and so have its notes."""
    body = p("网页上写的", "<w:r><w:footnoteReference w:id='2'/></w:r>", "后半句。")
    made = Made("word_online", ["网页上写的", "后半句。", "注一句。"], body, main="word/document2.xml")
    made.parts, made.references = (
        {"word/footnotes2.xml": notes(p("注一句。"))},
        {"rId1": ("footnotes", "footnotes2.xml")},
    )
    return made


@maker
def strict_with_everything() -> Made:
    """Word's "Strict Open XML" with styles, a picture and a note: all names are other ones."""
    known = styles(("a3", "heading 1", "")).replace(TRANSITIONAL, STRICT)
    note = notes(p("注一句。"), STRICT)
    body = p("严格的标题", style="a3") + p("正文", "<w:r><w:footnoteReference w:id='2'/></w:r>", "完。")
    body += p(f"<w:r>{inline('rId5')}</w:r>")
    made = Made("strict_with_everything", ["严格的标题", "正文", "完。", "注一句。"], body, strict=True)
    made.parts = {"word/styles.xml": known, "word/notes.xml": note, **PHOTO}
    made.references = {"rId1": ("styles", "styles.xml"), "rId2": ("footnotes", "notes.xml"), **PHOTO_REFERENCE}
    made.headings, made.pictures = ("严格的标题",), 1
    return made


@maker
def ruby_and_wrappers() -> Made:
    """拼音指南 above words; words within marks that mean nothing to us."""
    ruby = "<w:r><w:ruby><w:rubyPr/><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>".format(
        r("tóng"), r("垌")
    )
    wrapped = f"<w:smartTag>{r('甲处')}</w:smartTag><w:customXml>{r('乙处')}</w:customXml><w:bdo>{r('丙处')}</w:bdo>"
    control = (
        f"<w:sdt><w:sdtContent>{r('丁处')}</w:sdtContent></w:sdt><w:fldSimple w:instr='DATE'>{r('戊处')}</w:fldSimple>"
    )
    broken = "<w:r><w:t>先一行</w:t><w:cr/><w:t>后一行</w:t></w:r>"
    body = p("儒", ruby, "村的事。") + p(wrapped, control, "完。") + p(broken)
    body += w("customXml", p("整段在标记里。")) + w("sdt", w("sdtContent", p("控件里一段。")))
    lines = ["儒垌（tóng）村的事。", "甲处乙处丙处丁处戊处完。", "先一行", "后一行", "整段在标记里。", "控件里一段。"]
    return Made("ruby_and_wrappers", lines, body)


@maker
def formulas() -> Made:
    half = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    body = p("每户出", f"<m:oMath>{half}</m:oMath>", "。") + p(
        "<m:oMathPara><m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath></m:oMathPara>"
    )
    return Made("formulas", ["每户出1/2。", "a=b"], body, left=("formula",))


@maker
def boxes_to_tick() -> Made:
    """Boxes to tick as controls, and signs of a font of signs: those that nobody knows are named."""
    state = '<w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox>'
    ticked = w("sdt", w("sdtPr", state), w("sdtContent", "{}"))
    signs = '<w:sym w:font="Wingdings 2" w:char="F052"/><w:sym w:font="方正符号" w:char="F0A1"/><w:sym w:font="a"/>'
    body = p(ticked.format(1, r("☒")), "同意", ticked.format(0, r("☐")), "不同意") + p("满意", w("r", signs), "完。")
    return Made("boxes_to_tick", ["☑同意☐不同意", "满意☑□□完。"], body, left=("symbols",))


@maker
def drawings_with_words() -> Made:
    """A diagram (SmartArt), a chart, WordArt, and a group of a picture and boxes, in both drawing languages."""
    graphic = w("drawing", "<wp:inline><a:graphic><a:graphicData>{}</a:graphicData></a:graphic></wp:inline>")
    art = vml('<v:textpath string="艺术字标题"/>')
    box = "<wps:wsp><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></wps:wsp>"
    photo = '<pic:pic><pic:blipFill><a:blip r:embed="rId5"/></pic:blipFill></pic:pic>'
    new = graphic.format(f"<wpg:wgp>{box.format(p('组里一。'))}{photo}{box.format(p('组里二。'))}</wpg:wgp>")
    ovals = f'<v:oval>{boxed("组里一。")}</v:oval><v:shape><v:imagedata r:id="rId5"/></v:shape>'
    both = either(new, w("pict", f"<v:group>{ovals}</v:group>"))
    diagram, chart = graphic.format('<dgm:relIds r:dm="rId6"/>'), graphic.format('<c:chart r:id="rId8"/>')
    body = p(art) + p("图前。", w("r", diagram)) + p("图后。", w("r", chart))
    body += p("组外。", both) + p("圆外。", vml(boxed("圆里一句。"), "v:oval")) + p("末尾。")
    data = '<dgm:dataModel xmlns:dgm="d" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{}</dgm:dataModel>'
    steps = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in ("步骤一：入户", "步骤二：算账"))
    made = Made(
        "drawings_with_words", ["艺术字标题", "图前。", "图后。", "组外。", "组里一。", "组里二。", "圆外。"], body
    )
    made.lines += ["圆里一句。", "末尾。", "步骤一：入户", "步骤二：算账"]
    made.parts = {"word/diagrams/data1.xml": data.format(steps), **PHOTO}
    made.references = {"rId6": ("diagramData", "diagrams/data1.xml"), **PHOTO_REFERENCE}
    made.pictures, made.left = 1, ("drawing", "shapes")
    return made


@maker
def references_that_lead_nowhere() -> Made:
    """Pictures that are not in the file, a link and a note without an end: what is there is read all the same."""
    linked = inline("rId5").replace("r:embed", "r:link")
    body = p("前一句。", f"<w:r>{inline('rId77')}</w:r>") + p(f"<w:r>{linked}</w:r>", "后一句。")
    body += p('<w:hyperlink r:id="rId78">' + r("链接一句。") + "</w:hyperlink>", vml("<v:imagedata/>"))
    body += p("注前。", "<w:r><w:footnoteReference w:id='9'/></w:r>", "<w:r><w:commentReference w:id='9'/></w:r>")
    lines = ["前一句。", "后一句。", "链接一句。", "注前。"]
    return Made("references_that_lead_nowhere", lines, body, lost=("absent",) * 3)


@maker
def what_stays_behind() -> Made:
    """Comments, heads and feet of pages, an embedded table, another document: each is named."""
    other = '<w:altChunk r:id="rId9"/>'
    sheet = '<v:shape><v:imagedata r:id="rId5"/></v:shape><o:OLEObject ProgID="Excel.Sheet.12"/>'
    table = w("r", w("object", sheet))
    body = p("一句。", "<w:r><w:commentReference w:id='1'/></w:r>") + other + p(table) + p("末句。")
    spaced = f'xmlns:w="{TRANSITIONAL}"'
    made = Made(
        "what_stays_behind", ["一句。", "末句。"], body, left=("chunk", "comments", "embedded", "margins"), pictures=1
    )
    made.parts = {
        "word/comments.xml": f'<w:comments {spaced}><w:comment w:id="1">{p("批注一句。")}</w:comment></w:comments>',
        "word/header1.xml": f"<w:hdr {spaced}>{p('内部资料')}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {spaced}>{p('第 1 页')}</w:ftr>",
        "word/a.html": "<p>x</p>",
        **PHOTO,
    }
    made.references = {"rId1": ("comments", "comments.xml"), "rId2": ("header", "header1.xml"), **PHOTO_REFERENCE}
    made.references |= {"rId3": ("footer", "footer1.xml"), "rId9": ("aFChunk", "a.html")}
    return made


@maker
def numbers_that_count_themselves() -> Made:
    """A heading that is counted in Chinese numbers, and a list that goes on behind a paragraph."""
    counted = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
    level = '<w:abstractNum w:abstractNumId="{0}"><w:lvl w:ilvl="0"><w:numFmt w:val="{1}"/></w:lvl></w:abstractNum>'
    number = '<w:num w:numId="{0}"><w:abstractNumId w:val="{0}"/></w:num>'
    kinds = ("chineseCounting", "decimal", "bullet")
    inside = "".join(level.format(key, kind) for key, kind in enumerate(kinds, 1))
    inside += "".join(number.format(key) for key, _kind in enumerate(kinds, 1))
    body = p("怎么做的", style="2", more=counted.format(1)) + p("甲一", more=counted.format(2)) + p("中间一句。")
    body += p("甲二", more=counted.format(2)) + p("乙一", more=counted.format(3))
    made = Made(
        "numbers_that_count_themselves", ["怎么做的", "甲一", "中间一句。", "甲二", "乙一"], body, left=("numbers",)
    )
    made.parts = {"word/numbering.xml": f'<w:numbering xmlns:w="{TRANSITIONAL}">{inside}</w:numbering>'}
    made.references, made.headings = {"rId1": ("numbering", "numbering.xml")}, ("怎么做的",)
    return made


@maker
def picture_in_a_note() -> Made:
    note = notes(p("注", w("r", inline("rId5"))))
    body = p("正文", "<w:r><w:footnoteReference w:id='2'/></w:r>", "完。")
    made = Made("picture_in_a_note", ["正文", "完。"], body, pictures=1)
    made.parts = {
        "word/footnotes.xml": note,
        "word/_rels/footnotes.xml.rels": _relationships(PHOTO_REFERENCE, R),
        **PHOTO,
    }
    made.references = {"rId1": ("footnotes", "footnotes.xml")}
    return made
