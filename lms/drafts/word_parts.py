"""The parts of a .docx file and how they refer to one another; the names of what stands in them. Pure.

Word Online calls the document word/document2.xml, "strict" files have other namespaces: what a part is, is said by the
reference to it, and never by its name.

Sources: ECMA-376 part 1 (WordprocessingML, DrawingML), part 2 (packages), part 4 (VML).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

MAIN = "word/document.xml"
#: Each as Word writes by default, and as it writes "strict" documents.
SPACES = {
    "w": (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    "r": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    "a": ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
    "wp": (
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
    ),
    "pic": (
        "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "http://purl.oclc.org/ooxml/drawingml/picture",
    ),
    "m": (
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    ),
    "c": ("http://schemas.openxmlformats.org/drawingml/2006/chart", "http://purl.oclc.org/ooxml/drawingml/chart"),
    "dgm": ("http://schemas.openxmlformats.org/drawingml/2006/diagram", "http://purl.oclc.org/ooxml/drawingml/diagram"),
    "mc": ("http://schemas.openxmlformats.org/markup-compatibility/2006",),
    "v": ("urn:schemas-microsoft-com:vml",),
    "o": ("urn:schemas-microsoft-com:office:office",),
    "wpg": ("http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",),
    "wpc": ("http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas",),
}
_PREFIXES = {space: prefix for prefix, spaces in SPACES.items() for space in spaces}
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True)
class Reference:
    """From one part to another: `kind` is the last word of its type; `target` a name in the package, or an address."""

    id: str
    kind: str
    target: str
    external: bool


def called(element: ET.Element) -> str:
    """The name of an element with its usual prefix, whichever way the file has it: "w:p"."""
    return _short(element.tag)


def get(element: ET.Element, name: str) -> str:
    """An attribute by its usual name ("w:val"), "" where there is none."""
    prefix, _colon, local = name.partition(":")
    return next((found for space in SPACES[prefix] if (found := element.get(f"{{{space}}}{local}")) is not None), "")


def child_of(element: ET.Element | None, name: str) -> ET.Element | None:
    """The first child of this name."""
    return next((child for child in element if called(child) == name), None) if element is not None else None


def value_of(element: ET.Element | None, name: str) -> str:
    """What the first child of this name has as its value."""
    found = child_of(element, name)
    return get(found, "w:val") if found is not None else ""


def full(name: str) -> str:
    """The whole name of "w:p", as Word writes it by default."""
    prefix, _colon, local = name.partition(":")
    return f"{{{SPACES[prefix][0]}}}{local}"


def named(*names: str) -> frozenset[str]:
    """The whole names of "p", "t" … of WordprocessingML, in each namespace."""
    return frozenset(f"{{{space}}}{name}" for space in SPACES["w"] for name in names)


def inside(element: ET.Element, *names: str, stop: str = "w:txbxContent") -> Iterator[ET.Element]:
    """Every element of these names below, in order; not inside a `stop`."""
    for child in element:
        name = called(child)
        if name in names:
            yield child
        if name != stop:
            yield from inside(child, *names, stop=stop)


def main_of(archive: zipfile.ZipFile) -> str:
    """The name of the part that is the document; "" where there is none."""
    names = set(archive.namelist())
    found = [one.target for one in references_of(archive, "") if one.kind == "officeDocument" and one.target in names]
    return next(iter(found), MAIN if MAIN in names else "")


def related(archive: zipfile.ZipFile, main: str, *kinds: str) -> list[str]:
    """The parts that the document refers to as one of these kinds, or that have the usual name of it."""
    names = set(archive.namelist())
    found = [one.target for one in references_of(archive, main) if one.kind in kinds and not one.external]
    found += [f"word/{kind}.xml" for kind in kinds]
    return [name for name in dict.fromkeys(found) if name in names]


def references_of(archive: zipfile.ZipFile, part: str) -> list[Reference]:
    """What a part refers to; the package itself is the part "".

    :raise ET.ParseError: the XML is not well formed.
    """
    name = rels_name(part)
    if name not in archive.namelist():
        return []
    root = ET.fromstring(archive.read(name))
    return [
        Reference(
            found.get("Id", ""),
            found.get("Type", "").rpartition("/")[2],
            _place(part, found.get("Target", "")),
            found.get("TargetMode") == "External",
        )
        for found in root.iter(f"{_RELATIONSHIPS}Relationship")
    ]


def rels_name(part: str) -> str:
    folder, _slash, name = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _place(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _short(tag: str) -> str:
    space, _brace, local = tag[1:].partition("}")
    return f"{_PREFIXES.get(space, '?')}:{local}"
