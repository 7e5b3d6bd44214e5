"""The child's side of `lms.core.markdown`: text to safe HTML, importing only the parser and the sanitizer.

Python-Markdown reads Chinese punctuation beside bold rightly, where the CommonMark engines do not; nh3 keeps the tags
and attributes below and nothing else. Raw HTML in the text is shown as text.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

CALLOUTS = ("note", "tip", "warning", "scene", "steps", "form")
TAGS = {
    *("h2", "h3", "h4", "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "sup"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "img", "figure", "figcaption", "div"),
}
ATTRIBUTES = {
    "a": {"href", "title", "id", "class"},
    "img": {"src", "alt", "title", "loading", "width", "height"},
    "th": {"scope"},
    "td": {"rowspan", "colspan"},
    "ol": {"start"},
    "div": {"class"},
    "p": {"class"},
    "li": {"id"},
    "sup": {"id"},
}
CLASSES = re.compile(
    rf"callout(?: callout--(?:{'|'.join(CALLOUTS)}))?|callout__title|footnote|footnote-ref|footnote-backref|table-wrap"
)


class _Figures(Treeprocessor):
    """An image alone in its paragraph becomes a figure with its title as caption; headings start below the page's."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "p" and len(element) == 1 and not (element.text or "").strip():
                image = element[0]
                if image.tag == "img" and not (image.tail or "").strip():
                    self._frame(element, image)
            if element.tag == "img":
                element.set("loading", "lazy")
            if element.tag == "h1":
                element.tag = "h2"
            if element.tag == "th":
                element.set("scope", "col")

    def _frame(self, element: Element, image: Element) -> None:
        caption = image.attrib.pop("title", "")
        element.tag = "figure"
        if caption:
            line = Element("figcaption")
            line.text = caption
            element.append(line)


class _House(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  (the library's name)
        md.preprocessors.deregister("html_block")  # raw HTML is text here
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Figures(md), "figures", 5)


def convert(texts: Sequence[str]) -> list[str]:
    """Render and sanitize, in this process: called by the limited child."""
    return [_convert(text) for text in texts]


def _convert(text: str) -> str:
    reader = markdown.Markdown(
        extensions=["tables", "admonition", "fenced_code", "footnotes", "sane_lists", "def_list", _House()],
        output_format="html",
    )
    html = reader.convert(text).replace('class="admonition-title"', 'class="callout__title"')
    html = re.sub(r'class="admonition (\w+)"', r'class="callout callout--\1"', html)
    html = html.replace("<table>", '<div class="table-wrap"><table>').replace("</table>", "</table></div>")
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def _keep(tag: str, name: str, value: str) -> str | None:
    """Classes only from our own list, identifiers only those of footnotes."""
    if name == "class":
        return value if CLASSES.fullmatch(value) else None
    if name == "id":
        return value if re.fullmatch(r"fn(?:ref)?\d*:[\w-]{1,40}", value) else None
    return value
