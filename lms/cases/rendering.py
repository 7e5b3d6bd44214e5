"""From what a version says to what is kept of it: sections below their headings, HTML, and a digest to compare by."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from lms.cases.kinds import Section
from lms.core import markdown

_HEADING = re.compile(r"^ {0,3}#{1,2}(?=\s)")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_NOTE = re.compile(r'(id="|href="#)(fn(?:ref)?\d*:)')


def below_heading(section: str) -> str:
    """A section whose own headings stand below its heading: # and ## become ###, outside of code."""
    lines, fence = [], ""
    for line in section.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        lines.append(line if fence else _HEADING.sub("###", line))
    return "\n".join(lines)


def render(sections: Mapping[Section, str]) -> dict[str, str]:
    """The HTML of each section; footnotes of one are not taken for those of another."""
    pages = markdown.render_all([sections[section] for section in Section])
    return {s.value: _NOTE.sub(rf"\1\2{s.value}-", html) for s, html in zip(Section, pages, strict=True)}


def digest_of(source: bytes, attached: Mapping[str, str]) -> str:
    """One hex SHA-256 over a file and the digests of what it refers to, by name."""
    total = hashlib.sha256(source)
    for name, digest in sorted(attached.items()):
        total.update(f"\0{name}\0{digest}".encode())
    return total.hexdigest()
