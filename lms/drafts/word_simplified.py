"""A .docx file in the words that the converter knows: one thing that programs write in many ways is written in one.

The converter (mammoth) passes over what it does not know, with all that stands in it. So text boxes and pictures come
out of shapes, groups and canvases; ruby, formulas and simple fields become words; what cannot come along is named.
Pure; runs in the limited child. That nothing got lost is counted afterwards, without this (word_census).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

from mammoth.docx.dingbats import dingbats

from lms.drafts import word_styles
from lms.drafts.word_numbers import Numbers
from lms.drafts.word_parts import SPACES, called, full, get, inside, main_of, references_of, related, rels_name
from lms.drafts.word_styles import Styles

#: A picture that the file refers to and does not hold: the converter will ask for it, and be told.
ABSENT = "lms-absent"
BOX = "□"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_IMAGE = f"{SPACES['r'][0]}/image"
_WRAPPERS = frozenset({"w:smartTag", "w:customXml", "w:fldSimple", "w:dir", "w:bdo"})
_DROPPED = frozenset({"w:bookmarkStart", "w:bookmarkEnd", "w:proofErr", "w:permStart", "w:permEnd"})
_RENAMED = {"w:cr": "w:br", "w:ptab": "w:tab"}
_HOLDERS = frozenset({"w:body", "w:tc", "w:txbxContent", "w:footnote", "w:endnote"})
_UNREAD = ("/embeddings/", "/fonts/")
_PAGES = frozenset("第页共/-—–·PageofOF 0123456789")


def simplified(archive: zipfile.ZipFile) -> tuple[io.BytesIO, list[str]]:
    """The package anew, and codes of what it holds that does not come along (arranging.LEFT).

    :raise ET.ParseError: the XML of a part is not well formed.
    """
    main = main_of(archive)
    known = Styles(_root_of(archive, main, "styles"))
    numbers = Numbers(known, _root_of(archive, main, "numbering"))
    left: dict[str, None] = {}
    changed: dict[str, bytes] = {}
    roots = {name: ET.fromstring(archive.read(name)) for name in related(archive, main, "footnotes", "endnotes")}
    notes = {(called(note), get(note, "w:id")) for root in roots.values() for note in root}
    for name, root in {main: ET.fromstring(archive.read(main)), **roots}.items():
        _settle(root)
        _Part(numbers, {one.id for one in references_of(archive, name)}, notes, left).simplify(root)
        changed[name] = _bytes(root)
        changed[rels_name(name)] = _with_absent(archive, rels_name(name))
    if numbers.changed:
        left["numbers"] = None
    _name_the_rest(archive, main, left)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in dict.fromkeys(archive.namelist()):
            if name not in changed and not any(folder in name for folder in _UNREAD):
                package.writestr(name, archive.read(name))
        for name, data in changed.items():
            package.writestr(name, data)
    return out, list(left)


class _Part:
    """One part of the package, made simpler in place."""

    def __init__(
        self, numbers: Numbers, references: set[str], notes: set[tuple[str, str]], left: dict[str, None]
    ) -> None:
        self.numbers, self.references, self.notes, self.left = numbers, references, notes, left
        self.rules: dict[str, Callable[[ET.Element], list[ET.Element]]] = {
            "w:drawing": self._drawing,
            "w:pict": self._drawing,
            "w:object": self._object,
            "w:ruby": self._ruby,
            "w:sym": self._symbol,
            "w:hyperlink": self._hyperlink,
            "w:footnoteReference": self._note,
            "w:endnoteReference": self._note,
            "w:altChunk": self._chunk,
            "w:subDoc": self._chunk,
            "w:contentPart": self._ink,
            "w:del": self._deleted,
        }

    def simplify(self, element: ET.Element) -> None:
        children: list[ET.Element] = []
        for child in element:
            for made in self._made_of(child):
                loose = called(made) in ("w:r", "w:t") and called(element) in _HOLDERS
                children.append(_paragraph(_text_of(made)) if loose else made)
        element[:] = children

    def _made_of(self, child: ET.Element) -> list[ET.Element]:
        name = called(child)
        if name in _DROPPED:
            return []
        if name in self.rules:
            return self.rules[name](child)
        if name in ("m:oMath", "m:oMathPara"):
            self.left["formula"] = None
            return [_run(_formula(child))]
        if name == "w:sdt" and _is_contents(child):
            for paragraph in inside(child, "w:p"):
                word_styles.give(paragraph, word_styles.CONTENTS)
        self.simplify(child)
        if name in _WRAPPERS:
            return list(child)
        child.tag = full(_RENAMED[name]) if name in _RENAMED else child.tag
        if name == "w:p":
            self._paragraph(child)
        return [child]

    def _paragraph(self, element: ET.Element) -> None:
        words = _text_of(element).strip()
        role = self.numbers.styles.role_of(element, words)
        if words or any(True for _ in inside(element, "w:drawing")):
            self.numbers.see(element, role)
        if role:
            word_styles.give(element, role)

    def _drawing(self, element: ET.Element) -> list[ET.Element]:
        """Its pictures, then the words of its boxes, as far as any are in it."""
        alt = next((found.get("descr", "") or found.get("title", "") for found in inside(element, "wp:docPr")), "")
        made = [self._picture(picture, alt) for picture in inside(element, "a:blip", "v:imagedata")]
        for box in inside(element, "w:txbxContent", "v:textpath"):
            if called(box) == "w:txbxContent":
                self.simplify(box)
                made.append(_box(list(box)))
            elif words := box.get("string", "").strip():
                made.append(_box([_paragraph(words)]))
        if any(True for _ in inside(element, "wpg:wgp", "wpc:wpc", "v:group")):
            self.left["shapes"] = None
        if any(True for _ in inside(element, "c:chart", "dgm:relIds")):
            self.left["drawing"] = None
        return made

    def _object(self, element: ET.Element) -> list[ET.Element]:
        self.left["embedded"] = None
        return self._drawing(element)

    def _picture(self, element: ET.Element, alt: str) -> ET.Element:
        found = get(element, "r:embed") or get(element, "r:id")
        return _drawing_of(found if found in self.references else ABSENT, alt or get(element, "o:title"))

    def _ruby(self, element: ET.Element) -> list[ET.Element]:
        """The words, and how they sound in brackets behind them."""
        words, sound = _ruby_of(element)
        return [_text(f"{words}（{sound}）" if sound else words)]

    def _symbol(self, element: ET.Element) -> list[ET.Element]:
        """A character of a font of signs: what it looks like is known of some fonts only."""
        font, code = get(element, "w:font"), get(element, "w:char").upper()
        digits = code[2:] if code.startswith("F0") and len(code) == 4 else code
        if digits and all(one in "0123456789ABCDEF" for one in digits) and (font, int(digits, 16)) in dingbats:
            return [element]
        self.left["symbols"] = None
        return [_text(BOX)]

    def _hyperlink(self, element: ET.Element) -> list[ET.Element]:
        """A reference that leads nowhere would stop the converter."""
        self.simplify(element)
        return [element] if get(element, "r:id") in self.references else list(element)

    def _note(self, element: ET.Element) -> list[ET.Element]:
        kind = called(element).removesuffix("Reference")
        return [element] if (kind, get(element, "w:id")) in self.notes else []

    def _chunk(self, _element: ET.Element) -> list[ET.Element]:
        self.left["chunk"] = None
        return []

    def _ink(self, _element: ET.Element) -> list[ET.Element]:
        self.left["drawing"] = None
        return []

    def _deleted(self, element: ET.Element) -> list[ET.Element]:
        if any((text.text or "").strip() for text in inside(element, "w:delText", "w:t")):
            self.left["deleted"] = None
        return [element]


def _root_of(archive: zipfile.ZipFile, main: str, kind: str) -> ET.Element | None:
    return next((ET.fromstring(archive.read(name)) for name in related(archive, main, kind)), None)


def _name_the_rest(archive: zipfile.ZipFile, main: str, left: dict[str, None]) -> None:
    """Comments, and words at the head or foot of every page."""
    comments = related(archive, main, "comments")
    if any(_text_of(ET.fromstring(archive.read(name))).strip() for name in comments):
        left["comments"] = None
    for name in related(archive, main, "header", "footer"):
        if set(_text_of(ET.fromstring(archive.read(name)))) - _PAGES:
            left["margins"] = None


def _is_contents(element: ET.Element) -> bool:
    return any(get(found, "w:val") == "Table of Contents" for found in inside(element, "w:docPartGallery", stop="w:p"))


def _settle(element: ET.Element) -> None:
    """The same thing stands there for new and for old programs: keep what says most, of equals the newer."""
    children: list[ET.Element] = []
    for child in element:
        _settle(child)
        is_both = called(child) == "mc:AlternateContent"
        children += list(max(child, key=_worth, default=())) if is_both else [child]
    element[:] = children


def _worth(branch: ET.Element) -> tuple[int, int]:
    words = [text for text in branch.iter() if called(text) in ("w:t", "m:t")]
    return sum(len(text.text or "") for text in words), sum(1 for _ in inside(branch, "a:blip", "v:imagedata", stop=""))


def _ruby_of(element: ET.Element) -> tuple[str, str]:
    def words(name: str) -> str:
        return "".join(_text_of(found).strip() for found in inside(element, name))

    return words("w:rubyBase"), words("w:rt")


def _formula(element: ET.Element) -> str:
    """A formula in one line, for the reader to look at again: what stands above and below a bar, with a stroke."""
    name, parts = called(element), [_formula(child) for child in element]
    if name == "m:t":
        return element.text or ""
    if name in ("m:f", "m:sSup"):
        return ("/" if name == "m:f" else "^").join(filter(None, parts))
    return "".join(parts)


def _text_of(element: ET.Element) -> str:
    """All its words, those in boxes left out."""
    if called(element) == "w:t":
        return element.text or ""
    return "".join(found.text or "" for found in inside(element, "w:t"))


def _drawing_of(reference: str, alt: str) -> ET.Element:
    names = ("w:drawing", "wp:inline", "a:graphic", "a:graphicData", "pic:pic", "pic:blipFill", "a:blip")
    drawing, *rest = (ET.Element(full(name)) for name in names)
    parent = drawing
    for child in rest:
        parent.append(child)
        parent = child
    parent.set(full("r:embed"), reference)
    rest[0].insert(0, ET.Element(full("wp:docPr"), {"descr": alt}))
    return drawing


def _box(paragraphs: Sequence[ET.Element]) -> ET.Element:
    """What the converter puts behind the paragraph that it stands in."""
    pict, shape, textbox, content = (
        ET.Element(full(name)) for name in ("w:pict", "v:shape", "v:textbox", "w:txbxContent")
    )
    content[:] = paragraphs
    textbox.append(content)
    shape.append(textbox)
    pict.append(shape)
    return pict


def _paragraph(text: str) -> ET.Element:
    paragraph = ET.Element(full("w:p"))
    paragraph.append(_run(text))
    return paragraph


def _run(text: str) -> ET.Element:
    run = ET.Element(full("w:r"))
    run.append(_text(text))
    return run


def _text(text: str) -> ET.Element:
    made = ET.Element(full("w:t"))
    made.text = text
    return made


def _with_absent(archive: zipfile.ZipFile, name: str) -> bytes:
    """References of a part under the names that the converter knows, and one to a picture that is not there."""
    root = ET.fromstring(archive.read(name)) if name in archive.namelist() else ET.Element("Relationships")
    root.tag = f"{{{_RELATIONSHIPS}}}Relationships"
    for found in root:
        found.set("Type", found.get("Type", "").replace(SPACES["r"][1], SPACES["r"][0]))
    absent = {"Id": ABSENT, "Type": _IMAGE, "Target": f"{ABSENT}.png"}
    root.append(ET.Element(f"{{{_RELATIONSHIPS}}}Relationship", absent))
    return _bytes(root)


def _bytes(root: ET.Element) -> bytes:
    return ET.tostring(root, encoding="unicode").encode()
