"""Where somebody works: street and community texts against the units at hand. Pure.

Names repeat (城关镇 exists 88 times, 光明社区 under two streets of one county), so a name alone only decides where it
is the only one; else the candidates are named with their codes, and a code may be written instead of a name.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.roster.cells import squeezed
from lms.roster.findings import Code, Note
from lms.roster.mapping import Field
from lms.units.models import Level

MOST_CANDIDATES = 5
CODE = re.compile(r"\d{6,12}", re.ASCII)
STREET_ENDINGS = ("街道办事处", "街道", "镇人民政府", "乡人民政府", "办事处", "地区", "镇", "乡")
COMMUNITY_ENDINGS = ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区党委", "社区", "村委会", "村")


@dataclass(frozen=True)
class Place:
    """A unit at or below the one for which a file is loaded.

    :param street: name of the street above it, to tell equal names apart; its own name for a street.
    """

    id: int
    path: str
    level: Level
    name: str
    code: str
    street: str

    @property
    def described(self) -> str:
        """光明社区（和平街道，990101001001）."""
        above = self.street if self.street and self.street != self.name else ""
        inside = "，".join(part for part in (above, self.code) if part)
        return f"{self.name}（{inside}）" if inside else self.name


@dataclass(frozen=True)
class Found:
    """The place that a text means, if it means one, and what there is to say; notes come with their field."""

    place: Place | None
    notes: tuple[tuple[Field, Note], ...] = ()


def stem(name: str, endings: Sequence[str]) -> str:
    """光明社区居委会 -> 光明; a name that is nothing but an ending stays whole."""
    for ending in endings:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


class Directory:
    """The units within reach of a load: `top` and everything open below it."""

    def __init__(self, top: Place, below: Iterable[Place]) -> None:
        self.top = top
        everything = [top, *below]
        self.streets = [place for place in everything if place.level is Level.STREET]
        self.communities = [place for place in everything if place.level is Level.COMMUNITY]
        self.by_id = {place.id: place for place in everything}
        self._by_code = {place.code: place for place in everything if place.code}
        self._known: dict[tuple[str, str, str], Found] = {}

    def find(self, street: str, community: str, unit: str = "") -> Found:
        """The place meant by these texts; equal texts are looked up once."""
        key = squeezed(street), squeezed(community), squeezed(unit)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, street_text: str, community_text: str, unit_text: str) -> Found:
        text, field = (community_text, Field.COMMUNITY) if community_text else (unit_text, Field.UNIT)
        if CODE.fullmatch(text) and text in self._by_code:
            return Found(self._by_code[text])
        street, notes = self._street(street_text)
        if any(note[1][0] in (Code.STREET_UNKNOWN, Code.UNIT_AMBIGUOUS) for note in notes):
            return Found(None, notes)
        if not text:
            return Found(street, notes) if street else Found(None, ((Field.COMMUNITY, (Code.UNIT_MISSING, {})),))
        inside = [one for one in self.communities if street is None or one.path.startswith(street.path)]
        found = self._community(text, inside, field)
        return Found(found.place, (*notes, *found.notes))

    def _street(self, text: str) -> tuple[Place | None, tuple[tuple[Field, Note], ...]]:
        """The street, or the one that the load is for where none is written."""
        if not text:
            return (self.top if self.top.level is Level.STREET else None), ()
        if CODE.fullmatch(text) and text in self._by_code:
            return self._by_code[text], ()
        matches, exact = _matches(text, self.streets, STREET_ENDINGS)
        if len(matches) == 1:
            told = (Code.UNIT_ABBREVIATED, {"text": text, "name": matches[0].name})
            return matches[0], () if exact else ((Field.STREET, told),)
        if not self.streets and not matches:  # a load for one community: its street is not below it
            return None, ()
        code = Code.UNIT_AMBIGUOUS if matches else Code.STREET_UNKNOWN
        candidates = matches or _similar(text, self.streets, STREET_ENDINGS)
        return None, ((Field.STREET, (code, {"text": text, "candidates": _listed(candidates)})),)

    def _community(self, text: str, inside: Sequence[Place], field: Field) -> Found:
        """A community of those inside the street, if one was given; else a street that the text names."""
        matches, exact = _matches(text, inside, COMMUNITY_ENDINGS)
        if not matches and field is Field.UNIT:
            matches, exact = self._written_together(text)
        if len(matches) == 1:
            told = (Code.UNIT_ABBREVIATED, {"text": text, "name": matches[0].described})
            return Found(matches[0], () if exact else ((field, told),))
        if matches:
            return Found(None, ((field, (Code.UNIT_AMBIGUOUS, {"text": text, "candidates": _listed(matches)})),))
        near = _similar(text, inside, COMMUNITY_ENDINGS)
        near += [one for one in _similar(text, self.communities, COMMUNITY_ENDINGS) if one not in near]
        return Found(None, ((field, (Code.UNIT_UNKNOWN, {"text": text, "candidates": _listed(near)})),))

    def _written_together(self, text: str) -> tuple[list[Place], bool]:
        """和平街道光明社区 in one cell, or the street alone."""
        bare = text.removeprefix(squeezed(self.top.name))
        whole = [one for one in self.communities if squeezed(one.street + one.name) in (text, bare)]
        if whole:
            return whole, True
        alone = [one for one in self.streets if squeezed(one.name) in (text, bare)]
        return alone, True


def _matches(text: str, places: Sequence[Place], endings: Sequence[str]) -> tuple[list[Place], bool]:
    """Places of that very name, else those whose name without its ending is the text; whether it was the very name.

    光明 and 光明居委会 mean 光明社区; 光明小区 does not.
    """
    exact = [place for place in places if squeezed(place.name) == text]
    if exact:
        return exact, True
    short = stem(text, endings)
    return [place for place in places if stem(squeezed(place.name), endings) == short], False


def _similar(text: str, places: Sequence[Place], endings: Sequence[str]) -> list[Place]:
    """The places whose names look most like the text, best first."""
    short = text[:-2] if text.endswith("小区") and len(text) > 2 else stem(text, endings)

    def likeness(place: Place) -> float:
        return difflib.SequenceMatcher(None, short, stem(squeezed(place.name), endings)).ratio()

    ranked = sorted(((likeness(place), place) for place in places), key=lambda pair: -pair[0])
    return [place for score, place in ranked if score >= 0.5][:MOST_CANDIDATES]


def _listed(places: Sequence[Place]) -> str:
    return "、".join(place.described for place in places[:MOST_CANDIDATES]) or "—"
