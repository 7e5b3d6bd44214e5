"""Every paragraph of a Word document, counted without the converter: what it missed is known by name. Pure.

Read from the XML itself: body, tables, text boxes, foot- and endnotes, and the words of diagrams (SmartArt) and of
WordArt. Not counted: what was deleted with changes tracked, comments, field codes, headers and footers, which are no
part of a case.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from lms.drafts.word_parts import SPACES, inside, main_of, named, related

_ALTERNATIVES = f"{{{SPACES['mc'][0]}}}AlternateContent"
_ART = f"{{{SPACES['v'][0]}}}textpath"
_PARAGRAPH, _BREAKS = named("p"), named("tab", "br", "cr")
_WORDS = named("t") | {f"{{{space}}}t" for space in SPACES["m"]}
_RUBY = named("ruby")
_GONE = named("del", "moveFrom", "delText", "instrText")
_APART = _PARAGRAPH | _GONE | named("pPr") | {_ALTERNATIVES}


def paragraphs_of(archive: zipfile.ZipFile) -> list[str]:
    """The text of each paragraph that has any, in reading order; what stands in a text box follows its paragraph.

    :raise ET.ParseError: the XML is not well formed.
    """
    main = main_of(archive)
    found: list[str] = []
    for name in (main, *related(archive, main, "footnotes", "endnotes")):
        root = ET.fromstring(archive.read(name))
        found += filter(bare, map(_text_of, _paragraphs(root)))
    for name in related(archive, main, "diagramData"):
        lines = ("".join(one.itertext()) for one in inside(ET.fromstring(archive.read(name)), "a:p", stop=""))
        found += filter(bare, lines)
    return found


def missing_of(counted: Sequence[str], arrived: Sequence[str]) -> list[str]:
    """The paragraphs of `counted` that are not among the lines that arrived; each line stands for one only."""
    lines = [bare(text) for text in arrived]
    waiting: list[str] = []
    for text in counted:
        wanted = bare(text)
        if wanted in lines:
            lines[lines.index(wanted)] = ""
        else:
            waiting.append(text)
    # Where the file breaks a line, the converter begins a paragraph; where an end was deleted, two become one.
    rest, missing = "".join(lines), []
    for text in sorted(waiting, key=len, reverse=True):
        before, found, after = rest.partition(bare(text))
        if found:
            rest = f"{before}\0{after}"
        else:
            missing.append(text)
    return [text for text in waiting if text in missing]


def bare(text: str) -> str:
    """Letters and digits alone: what no converter may change."""
    return "".join(filter(str.isalnum, text))


def _paragraphs(root: ET.Element) -> Iterator[ET.Element]:
    for child in root:
        if child.tag in _GONE:
            continue
        if child.tag in _PARAGRAPH:
            yield child
        if child.tag == _ART:
            yield _art(child)
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
        if child.tag in _RUBY:
            # Where the file has the sound first, readers see the word first.
            parts += [_text_of(part) for part in sorted(child, key=lambda part: not part.tag.endswith("}rubyBase"))]
        elif child.tag in _WORDS:
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(" ")
        else:
            parts.append(_text_of(child))
    return "".join(parts).strip()


def _art(element: ET.Element) -> ET.Element:
    """Words as a drawing (WordArt): a paragraph of its own."""
    paragraph = ET.Element("art")
    ET.SubElement(paragraph, next(iter(named("t")))).text = element.get("string", "")
    return paragraph
