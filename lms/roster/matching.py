"""Rows to people: where each row works, which rows are one person, and who is on record already. Pure.

A person is known by identity number, else by name and phone number together; never by name alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lms.people.posts import PostClass
from lms.roster.findings import Code
from lms.roster.mapping import Field
from lms.roster.places import Directory, Place
from lms.roster.rows import Row

NamePhone = tuple[str, str]


@dataclass(frozen=True)
class OpenPost:
    """A post that somebody now holds within the unit for which a file is loaded."""

    id: int
    unit_id: int
    post: PostClass
    title: str
    grade: str | None
    starts_on: date
    is_primary: bool


@dataclass(frozen=True)
class Known:
    """Somebody on record.

    :param facts: columns of Person that a roster fills, by name.
    :param elsewhere: holds a post or a role outside of the unit.
    :param has_primary_elsewhere: the post outside is the one that counts where a person is counted once.
    """

    id: int
    name: str
    facts: Mapping[str, Any]
    digest: str | None
    posts: Sequence[OpenPost]
    elsewhere: bool = False
    has_primary_elsewhere: bool = False

    @property
    def is_out_of_reach(self) -> bool:
        """Belongs to others: taking them over needs their consent."""
        return self.elsewhere and not self.posts


@dataclass
class Register:
    """Who is on record: those now within the unit, and those found by what the file says of them."""

    people: Sequence[Known]
    by_digest: dict[str, Known] = field(default_factory=dict)
    by_name_phone: dict[NamePhone, list[Known]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for known in self.people:
            if known.digest:
                self.by_digest[known.digest] = known
            if known.facts.get("phone"):
                self.by_name_phone[known.name, known.facts["phone"]].append(known)

    @property
    def open_posts(self) -> int:
        return sum(len(known.posts) for known in self.people)


@dataclass
class PersonRows:
    """The rows of one person in the order of the file, with the place of each."""

    rows: list[tuple[Row, Place | None]]

    @property
    def first(self) -> Row:
        """The row that speaks for the person: the first that is not marked as a second post."""
        return next((row for row, _place in self.rows if not row.is_second), self.rows[0][0])

    @property
    def is_sound(self) -> bool:
        return all(row.is_sound for row, _place in self.rows)


def place_rows(rows: Iterable[Row], directory: Directory) -> list[tuple[Row, Place | None]]:
    """Each row with the unit that it names; what cannot be placed gets a finding."""
    placed = []
    for row in rows:
        found = directory.find(row.street, row.community, row.unit)
        for wanted, (code, params) in found.notes:
            row.note(code, wanted, **params)
        placed.append((row, found.place))
    return placed


def people_of(placed: Sequence[tuple[Row, Place | None]]) -> list[PersonRows]:
    """Rows grouped by person; doubtful and repeated rows get findings."""
    groups: dict[object, PersonRows] = {}
    numbers = {pair: row.id_number for row, _place in placed if row.id_number and (pair := row.identifiers[1])}
    for row, place in placed:
        number, name_phone = row.identifiers
        key: object = number or (name_phone and numbers.get(name_phone)) or name_phone or row.number
        if key in groups:
            _join(groups[key], row, place)
        else:
            groups[key] = PersonRows([(row, place)])
    _note_shared_phones(groups.values())
    return list(groups.values())


def _join(group: PersonRows, row: Row, place: Place | None) -> None:
    """Add a row to a person who was named above."""
    first = group.rows[0][0]
    if row.name != first.name:
        for one, other in ((row, first), (first, row)):
            one.note(Code.IDENTITY_NAMES_DIFFER, Field.ID_NUMBER, row=other.number, name=other.name)
    twin = next((one for one, at in group.rows if at == place and one.post == row.post), None)
    if twin is not None:
        row.note(Code.DUPLICATE_ROW, row=twin.number)
    elif row.on_duty:
        row.note(Code.SECOND_POST, row=first.number)
    group.rows.append((row, place))


def _note_shared_phones(groups: Iterable[PersonRows]) -> None:
    first_with: dict[str, Row] = {}
    for group in groups:
        row = group.first
        if not row.phone:
            continue
        other = first_with.setdefault(row.phone, row)
        if other is not row:
            row.note(Code.PHONE_SHARED, Field.PHONE, row=other.number, name=other.name)


def find_known(group: PersonRows, register: Register, digest: Callable[[str], str]) -> Known | None:
    """Who this is on record; an ambiguous one gets a finding, and so does one who belongs to others."""
    row = group.first
    number = next((one.id_number for one, _place in group.rows if one.id_number), None)
    known = register.by_digest.get(digest(number)) if number else None
    if known is None and row.phone:
        same = register.by_name_phone.get((row.name, row.phone), [])
        same = [one for one in same if number is None or one.digest is None]
        if len(same) > 1:
            row.note(Code.PERSON_AMBIGUOUS, Field.NAME)
            return None
        known = same[0] if same else None
    if known is not None and known.is_out_of_reach:
        row.note(Code.ELSEWHERE)
    elif known is not None and known.name != row.name and row.name:
        row.note(Code.NAME_CHANGED, Field.NAME, name=known.name)
    return known
