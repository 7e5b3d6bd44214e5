"""Drawings: an SVG may draw, and nothing else.

Elements are allowed by name; scripts, foreign content, event handlers, entities and references to anything outside the
drawing are refused with their line. We refuse rather than clean, so that the file given back is the file that came in.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from lms.courses import limits
from lms.courses.faults import FaultLog

_SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_SPACE = "|"  # expat puts it between a namespace and a name

_DRAWING = (
    "svg g defs symbol use title desc style path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop pattern clipPath mask marker filter feGaussianBlur feOffset feMerge "
    "feMergeNode feColorMatrix feBlend feFlood feComposite feDropShadow feMorphology switch"
)
_ELEMENTS = frozenset(_DRAWING.split())
_URL = re.compile(r"url\(\s*(?P<quote>['\"]?)(?P<target>[^)'\"]*)(?P=quote)\s*\)", re.IGNORECASE)
_OUTSIDE_CSS = re.compile(
    r"@import|expression\s*\(|-moz-binding|javascript:|image-set\s*\(|\bsrc\s*\(|\\", re.IGNORECASE
)


def looks_like(data: bytes) -> bool:
    """Whether the bytes begin as an SVG document does."""
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in head


def check(data: bytes, log: FaultLog) -> None:
    """Add to `log` everything in the drawing that is not drawing, each with its line."""
    if len(data) > limits.SVG_BYTES:
        log.add("too_big", size=limits.shown(len(data)), limit=limits.shown(limits.SVG_BYTES))
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        log.add("not_utf8", data.count(b"\n", 0, error.start) + 1)
        return
    _Checker(log).run(data)


class _Checker:
    """Walks one drawing with expat; stops at the first DOCTYPE, so that no entity is ever read."""

    def __init__(self, log: FaultLog) -> None:
        self.log = log
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=_SPACE)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.open: list[str] = []
        self.css: list[str] = []
        self.stopped = False

    def run(self, data: bytes) -> None:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            if not self.stopped:
                self.log.add("svg_invalid", error.lineno, reason=expat.ErrorString(error.code))
        except _Stop:
            return

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def doctype(self, *_declaration: object) -> None:
        self.log.add("svg_doctype", self.line)
        self.stopped = True
        raise _Stop

    def instruction(self, _target: str, _data: str) -> None:
        self.log.add("svg_instruction", self.line)

    def start(self, qualified: str, attributes: dict[str, str]) -> None:
        namespace, _, name = qualified.rpartition(_SPACE)
        self.open.append(name)
        if namespace != _SVG_NAMESPACE or name not in _ELEMENTS:
            self.log.add("svg_element", self.line, name=name)
        for attribute, value in attributes.items():
            self.attribute(attribute.rpartition(_SPACE)[2], value)

    def end(self, _qualified: str) -> None:
        if self.open.pop() == "style":
            self.style("".join(self.css))  # whole: expat hands long text over in pieces
            self.css.clear()

    def text(self, text: str) -> None:
        if self.open and self.open[-1] == "style":
            self.css.append(text)

    def attribute(self, name: str, value: str) -> None:
        if name.lower().startswith("on"):
            self.log.add("svg_attribute", self.line, name=name)
        elif name.lower() in ("href", "src"):
            if not value.strip().startswith("#"):
                self.log.add("svg_reference", self.line, target=value[:80])
        else:
            self.style(value)

    def style(self, css: str) -> None:
        """Style rules and presentation attributes: `url(#inside)` only."""
        for match in _URL.finditer(css):
            if not match["target"].strip().startswith("#"):
                self.log.add("svg_reference", self.line, target=match["target"][:80])
        outside = _OUTSIDE_CSS.search(css)
        if outside or len(re.findall(r"url\s*\(", css, re.IGNORECASE)) != len(_URL.findall(css)):
            self.log.add("svg_reference", self.line, target=outside.group() if outside else css[:80])


class _Stop(Exception):
    """The walk has seen enough."""
