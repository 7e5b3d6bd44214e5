"""Free text of rosters to classes: the words are data with their source, in `categories/`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms.roster.cells import squeezed

FOLDER = Path(__file__).parent / "categories"
UNKNOWN, OTHER = "unknown", "other"


@dataclass(frozen=True)
class Wording:
    """Classes in the order in which they are tried, each with its words."""

    source: str
    classes: tuple[tuple[str, tuple[str, ...]], ...]

    def class_of(self, text: str | None) -> str:
        """The class that a text names; OTHER where none is named, UNKNOWN where nothing was written."""
        said = squeezed(text or "")
        if said in ("", "-", "—", "/"):
            return UNKNOWN
        return next((key for key, words in self.classes if any(word in said for word in words)), OTHER)


@cache
def read(name: str) -> Wording:
    """The table of that name."""
    given = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return Wording(given["source"], tuple((one["key"], tuple(one["words"])) for one in given["class"]))
