"""What a load changes of a person, before and after, as it is kept in JSON: what an undo sets back, and compares.

A post is [id, unit, class, title, grade, first day, last day, primary]; facts are [before, after] by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from lms.core import db
from lms.people.models import Appointment, Gender
from lms.people.posts import PostClass
from lms.roster import queries

POST_COLUMNS = ("id", "unit_id", "post", "title", "grade", "starts_on", "ends_on", "is_primary")

Posts = dict[int, list[list[Any]]]


@dataclass(frozen=True)
class PostState:
    """A post as it was kept."""

    id: int
    unit_id: int
    post: PostClass
    title: str
    grade: str | None
    starts_on: date
    ends_on: date | None
    is_primary: bool

    @property
    def is_open_primary(self) -> bool:
        return self.is_primary and self.ends_on is None


def posts_of(person_ids: Iterable[int]) -> Posts:
    """Every post that these people hold or held, by person, oldest first."""
    found: Posts = {}
    columns = [getattr(Appointment, name) for name in POST_COLUMNS]
    for some in queries.batches(person_ids):
        statement = select(Appointment.person_id, *columns).where(Appointment.person_id.in_(some))
        for person_id, *values in db.session().execute(statement.order_by(Appointment.id)):
            found.setdefault(person_id, []).append([plain(value) for value in values])
    return found


def read_post(kept: list[Any]) -> PostState:
    key, unit_id, post, title, grade, starts_on, ends_on, is_primary = kept
    return PostState(key, unit_id, PostClass(post), title, grade, _day(starts_on), _last(ends_on), is_primary)


def plain(value: Any) -> Any:
    """As JSON has it: days in words, kinds by their value."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Gender | PostClass) else value


def fact(name: str, kept: Any) -> Any:
    """A fact of a person again as its column has it."""
    if kept is None:
        return None
    if name == "joined_on":
        return _day(kept)
    return Gender(kept) if name == "gender" else kept


def facts_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """[before, after] of each fact that `after` names."""
    return {name: [plain(before.get(name)), plain(value)] for name, value in after.items()}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _last(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
