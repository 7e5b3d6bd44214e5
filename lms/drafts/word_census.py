"""Every paragraph of a Word document, counted without the converter: what it missed is known by name. Pure.

Read from the XML itself: body, tables, text boxes, foot- and endnotes. Not counted: what was deleted with changes
tracked, comments, field codes, headers and footers, which are no part of a case.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

#: As Word writes by default, and as it writes "strict" documents.
_SPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"


def _tags(*names: str) -> frozenset[str]:
    return frozenset(space + name for space in _SPACES for name in names)


_PARAGRAPH, _WORDS, _BREAKS = _tags("p"), _tags("t"), _tags("tab", "br", "cr")
_GONE = _tags("del", "moveFrom", "delText", "instrText")
_APART = _PARAGRAPH | _GONE | _tags("pPr") | {_ALTERNATIVES}
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


def paragraphs_of(archive: zipfile.ZipFile) -> list[str]:
    """The text of each paragraph that has any, in reading order; what stands in a text box follows its paragraph.

    :raise ET.ParseError: the XML is not well formed.
    """
    names = set(archive.namelist())
    found: list[str] = []
    for name in ("word/document.xml", *(note for note in _NOTES if note in names)):
        root = ET.fromstring(archive.read(name))
        for paragraph in _paragraphs(root):
            text = _text_of(paragraph)
            if bare(text):
                found.append(text)
    return found


def holds_drawings(archive: zipfile.ZipFile) -> bool:
    """Whether there are charts, diagrams, formulas or embedded files, which no converter brings along."""
    text = archive.read("word/document.xml")
    return any(mark in text for mark in (b"<c:chart ", b"<dgm:relIds ", b"<m:oMath>", b"<m:oMath ", b"<o:OLEObject "))


def missing_of(counted: Sequence[str], arrived: Sequence[str]) -> list[str]:
    """The paragraphs that stand in `counted` more often than in the lines that arrived."""
    # Without anything between them: where the file breaks a line, the converter may begin a paragraph.
    before, after = "".join(map(bare, counted)), "".join(map(bare, arrived))
    missing: list[str] = []
    for text in dict.fromkeys(counted):
        wanted = bare(text)
        missing += [text] * max(0, before.count(wanted) - after.count(wanted))
    return missing


def bare(text: str) -> str:
    """Letters and digits alone: what no converter may change."""
    return "".join(filter(str.isalnum, text))


def _paragraphs(root: ET.Element) -> Iterator[ET.Element]:
    for child in root:
        if child.tag in _GONE:
            continue
        if child.tag in _PARAGRAPH:
            yield child
        if child.tag == _ALTERNATIVES:
            # The same thing twice, for new and for old programs.
            branches = [list(_paragraphs(branch)) for branch in child]
            yield from max(branches, key=lambda found: sum(len(_text_of(p)) for p in found), default=[])
        else:
            yield from _paragraphs(child)


def _text_of(element: ET.Element) -> str:
    """The words of a paragraph, without those of paragraphs inside it."""
    parts: list[str] = []
    for child in element:
        if child.tag in _APART:
            continue
        if child.tag in _WORDS:
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(" ")
        else:
            parts.append(_text_of(child))
    return "".join(parts).strip()
