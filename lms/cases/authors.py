"""The authors of a case: persons of this site and printed names of others, in one order.

Persons may read and change the drafts as long as they are authors. What a version prints stays as it was: its bylines
say which of its names is whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, func, select, union, update
from sqlalchemy.orm import aliased, joinedload

from lms.cases.author_models import CaseAuthor, CaseByline
from lms.cases.models import Case, CaseVersion
from lms.core import db
from lms.core.web import Actor
from lms.people.access import administered_by
from lms.people.models import Person


def standing() -> ColumnElement[bool]:
    """Those who are authors now, as a condition on CaseAuthor."""
    return CaseAuthor.ended_at.is_(None)


def list_authors(case: Case) -> Sequence[CaseAuthor]:
    """The authors as the next version will name them."""
    statement = select(CaseAuthor).where(CaseAuthor.case_id == case.id, standing())
    statement = statement.options(joinedload(CaseAuthor.person), joinedload(CaseAuthor.added_by))
    return db.session().scalars(statement.order_by(CaseAuthor.position, CaseAuthor.id)).all()


def list_person_ids(case_id: int) -> list[int]:
    """The persons among the authors of a case."""
    persons = (CaseAuthor.case_id == case_id, CaseAuthor.person_id.is_not(None), standing())
    return list(db.session().scalars(select(CaseAuthor.person_id).where(*persons).order_by(CaseAuthor.position)))


def list_own(actor: Actor, case_ids: Iterable[int]) -> dict[int, CaseAuthor]:
    """By case: the actor's place among its authors."""
    mine = (CaseAuthor.person_id == (actor.person_id or 0), CaseAuthor.case_id.in_(list(case_ids)), standing())
    return {row.case_id: row for row in db.session().scalars(select(CaseAuthor).where(*mine))}


def has_stepped_back(case: Case, person_id: int) -> bool:
    """Whether the person declined to be named, and did not come back."""
    ended = select(CaseAuthor.ended_by_id).where(CaseAuthor.case_id == case.id, CaseAuthor.person_id == person_id)
    return db.session().scalar(ended.order_by(CaseAuthor.id.desc()).limit(1)) == person_id


def involved() -> CompoundSelect[int, int]:
    """(case, person) of everybody who had a hand in a case: its authors of today, whom a version names, and those who
    wrote and left. Whoever was named, wrote nothing and stepped back before it was handed in had none.
    """
    wrote = standing() | CaseAuthor.wrote_at.is_not(None)
    rows = select(CaseAuthor.case_id, CaseAuthor.person_id).where(CaseAuthor.person_id.is_not(None), wrote)
    named = select(CaseVersion.case_id, CaseByline.person_id).join(CaseVersion, CaseVersion.id == CaseByline.version_id)
    return union(rows, named)


def find_involved(case_id: int) -> set[int]:
    """Everybody who had a hand in a case."""
    hands = involved().subquery()
    return set(db.session().scalars(select(hands.c.person_id).where(hands.c.case_id == case_id)))


def seat(
    case: Case,
    *,
    person_id: int | None = None,
    name: str = "",
    position: int | None = None,
    agrees: bool = False,
    actor: Actor,
    now: datetime,
) -> CaseAuthor:
    """Give somebody a place among the authors, the last one unless it is said otherwise."""
    if position is None:
        highest = select(func.max(CaseAuthor.position)).where(CaseAuthor.case_id == case.id, standing())
        position = (db.session().scalar(highest) or 0) + 1
    row = CaseAuthor(
        case_id=case.id,
        person_id=person_id,
        name=name,
        position=position,
        added_at=now,
        added_by_id=actor.person_id,
        agreed_at=now if agrees else None,
        wrote_at=now if agrees else None,
    )
    db.session().add(row)
    db.session().flush()
    return row


def note_writing(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Remember that an author changed the draft: they cannot judge it, even if they step back."""
    mine = (CaseAuthor.case_id == case_id, CaseAuthor.person_id == (actor.person_id or 0), standing())
    first = update(CaseAuthor).where(*mine, CaseAuthor.wrote_at.is_(None)).values(wrote_at=now)
    db.session().execute(first, execution_options={"synchronize_session": False})


def match_names(case: Case, names: Sequence[str]) -> dict[int, int]:
    """By position among `names`: the author of the case, a person, who has that name and no namesake among them."""
    found: dict[str, list[int]] = {}
    for author in list_authors(case):
        if author.person_id is not None:
            found.setdefault(author.printed, []).append(author.person_id)
    ids = {name: people[0] for name, people in found.items() if len(people) == 1}
    return {position: ids[name] for position, name in enumerate(names, 1) if name in ids}


def sign(version: CaseVersion, persons: Mapping[int, int]) -> None:
    """Keep for good who of those whom a version names is which person."""
    db.session().add_all(
        CaseByline(version_id=version.id, position=position, person_id=person_id)
        for position, person_id in persons.items()
    )


def list_credited(version: CaseVersion) -> list[int]:
    """The persons whom a version names and who still want to be named by it, in its order."""
    statement = select(CaseByline.person_id).where(CaseByline.version_id == version.id, ~_declined().exists())
    return list(dict.fromkeys(db.session().scalars(statement.order_by(CaseByline.position))))


def list_names(version: CaseVersion) -> list[str]:
    """The names of a version's authors, without those who declined since: what was written stays, and is not shown."""
    hidden = _hidden(version)
    return [name for position, name in enumerate(version.authors, 1) if position not in hidden]


def _hidden(version: CaseVersion) -> set[int]:
    statement = select(CaseByline.position).where(CaseByline.version_id == version.id, _declined().exists())
    return set(db.session().scalars(statement))


def _declined() -> Any:
    """The place from which the person of a byline stepped back and to which they did not return."""
    later, version = aliased(CaseAuthor), aliased(CaseVersion)
    newest = (
        select(func.max(later.id))
        .join(version, version.case_id == later.case_id)
        .where(version.id == CaseByline.version_id, later.person_id == CaseByline.person_id)
        .correlate(CaseByline)
        .scalar_subquery()
    )
    return select(CaseAuthor.id).where(CaseAuthor.id == newest, CaseAuthor.ended_by_id == CaseByline.person_id)


@dataclass(frozen=True)
class Printed:
    """A name that a version prints; `person_id` where it is a person whose page the reader may open."""

    name: str
    person_id: int | None = None


def list_printed(actor: Actor, version: CaseVersion) -> list[Printed]:
    """The names of a version's authors, with the persons among them as far as the reader may see them."""
    known: dict[int, int] = {}
    if actor.has("admin"):
        seen = select(CaseByline.position, CaseByline.person_id).join(Person, Person.id == CaseByline.person_id)
        rows = db.session().execute(seen.where(CaseByline.version_id == version.id, administered_by(actor)))
        known = {row.position: row.person_id for row in rows}
    hidden, named = _hidden(version), enumerate(version.authors, 1)
    return [Printed(name, known.get(position)) for position, name in named if position not in hidden]
