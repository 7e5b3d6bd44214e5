"""Names of people: 张　三 has a space inside, 阿依古丽•买买提 one of many dots. Pure.

Sources: the dot of names is U+00B7 (GB/T 15834-2011); the Han ranges are those of the Unicode block names.
"""

import re

from lms.core.spreadsheets import Cell
from lms.roster.cells import text_of
from lms.roster.findings import Code, Note, Reading

LONGEST = 80
HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
LATIN = "A-Za-z\u00c0-\u024f"
DOT = "\u00b7"
DOTS = re.compile(f"(?<=[{HAN}])\\s*[\u00b7\u2022\u2027\u30fb\uff65\u2219\u22c5\u2024\uff0e.]\\s*(?=[{HAN}])")
HAN_WITH_SPACES = re.compile(f"[{HAN}\\s]+")
USUAL = re.compile(f"[{HAN}]+(?:{DOT}[{HAN}]+)*|[{LATIN}]+(?:[ .'\u2019-]+[{LATIN}]+)*")


def read_name(cell: Cell) -> Reading[str]:
    """The name as it is kept; text that is no name (a formula, say) is kept as text too, and remarked upon."""
    written = text_of(cell)
    if not written:
        return Reading("", ((Code.NAME_MISSING, {}),))
    notes: list[Note] = []
    name = re.sub(r"\s+", " ", written)
    if HAN_WITH_SPACES.fullmatch(name) and " " in name:
        name = name.replace(" ", "")
        notes.append((Code.NAME_SPACE, {}))
    dotted = DOTS.sub(DOT, name)
    if dotted != name:
        name = dotted
        notes.append((Code.NAME_DOT, {}))
    if len(name) > LONGEST:
        return Reading(name[:LONGEST], ((Code.NAME_TOO_LONG, {}),))
    if not USUAL.fullmatch(name):
        notes.append((Code.NAME_UNUSUAL, {}))
    return Reading(name, tuple(notes))
