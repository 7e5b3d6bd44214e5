"""The child's side of `word`: a .docx file to blocks of Markdown and safe pictures. Nothing of it is trusted.

The converter (mammoth) reads what the text means, not how it looks. What it should miss is found by counting the
paragraphs of the file itself, and stands at the end: nothing is lost.
"""

from __future__ import annotations

import re
from typing import Any

import mammoth

from lms.core.pictures_child import picture_of
from lms.drafts import word_census, word_simplified, word_styles
from lms.drafts.blocks import Block, blocks_of, escaped, line
from lms.drafts.html_tree import parse
from lms.drafts.word_zip import Fault, check

MOST_CHARACTERS = 60_000
MOST_PARAGRAPHS = 1_500
MOST_PICTURES = 40

STYLES = "\n".join([
    f"p.{word_styles.TITLE} => h1.title:fresh",
    f"p.{word_styles.CAPTION} => p.caption:fresh",
    f"p.{word_styles.CONTENTS} => p.contents:fresh",
    *(f"p.{word_styles.HEADING}{level} => h{level}:fresh" for level in range(1, word_styles.DEEPEST + 1)),
])  # fmt: skip


def document_of(data: bytes, name: str) -> dict[str, Any]:
    """What a file holds: `blocks`, `notes`, `pictures` (name to base64), counts; or `{"fault": code}`."""
    try:
        archive = check(data, name)
        counted = word_census.paragraphs_of(archive)
        plain, left = word_simplified.simplified(archive)
    except Fault as fault:
        return {"fault": fault.code}
    except (SyntaxError, RecursionError, KeyError):  # of XML; of a part that is not there
        return {"fault": "damaged"}
    if len(counted) > MOST_PARAGRAPHS or sum(map(len, counted)) > MOST_CHARACTERS:
        return {"fault": "too_long"}
    pictures: dict[str, str] = {}
    try:
        html = mammoth.convert_to_html(plain, style_map=STYLES, convert_image=_Taking(pictures).element).value
        made, notes = blocks_of(parse(html))
    except Exception:  # whatever a damaged part makes of the converter
        return {"fault": "damaged"}
    arrived = [text for block in made for text in block.plain] + list(notes.values())
    missed = word_census.missing_of(counted, arrived)
    made += [Block("late", line(escaped(text)), [text]) for text in missed]
    made += [Block("left", code, []) for code in left]
    said = {"blocks": [block.as_json() for block in made], "notes": notes, "pictures": pictures}
    return said | {"counted": len(counted), "late": len(missed)}


class _Taking:
    """Takes the pictures of a document one by one."""

    def __init__(self, pictures: dict[str, str]) -> None:
        self.pictures = pictures
        self.element = mammoth.images.img_element(self._attributes)

    def _attributes(self, image: Any) -> dict[str, str]:
        if len(self.pictures) >= MOST_PICTURES:
            return {"src": "lost:many"}
        try:
            with image.open() as opened:
                found = picture_of(opened.read())
        except (KeyError, OSError):  # the picture is somewhere else, on somebody's disk
            found = {"fault": "absent"}
        if "fault" in found:
            return {"src": f"lost:{found['fault']}"}
        self.pictures[found["name"]] = found["data"]
        return {"src": found["name"], "alt": re.sub(r"\s+", " ", image.alt_text or "").strip()}
