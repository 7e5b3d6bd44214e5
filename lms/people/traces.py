"""What keeps a record of people from being taken back: modules above register what they hold of a person.

The undo of a roster load asks all of them, so that it knows none of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, false, select

from lms.core import db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.people.models import Grant

BATCH = 500  # values in one condition: SQLite takes some thousand


@dataclass(frozen=True)
class Trace:
    """One kind of thing that may have been built on a person's record.

    :param label: the reason, as a sentence to be read after a name.
    :param find: those of the given people (at most BATCH) who have it; with a moment, only what came since.
    :param of_sign_in: it is built on the way in, not on what the record says: it does not keep somebody who was there
        before from getting their former education back.
    """

    label: LazyString
    find: Callable[[Sequence[int], datetime | None], set[int]]
    of_sign_in: bool = False


def column_trace(label: LazyString, person_id: Any, at: Any = None) -> Trace:
    """The usual one: rows with a person and a moment, given as columns.

    :param at: None where such rows keep a person's record from being removed, but not from being set back.
    """

    def find(person_ids: Sequence[int], since: datetime | None) -> set[int]:
        conditions: list[ColumnElement[bool]] = [person_id.in_(person_ids)]
        if since is not None:
            conditions.append(at >= since if at is not None else false())
        return set(db.session().scalars(select(person_id).where(*conditions).distinct()))

    return Trace(label, find)


#: This module's own.
GRANTS = column_trace(_l("已被授予权限。"), Grant.person_id, Grant.granted_at)

_traces: list[Trace] = [GRANTS]


def register(*traces: Trace) -> None:
    """Add kinds of traces; the same one counts once."""
    _traces.extend(trace for trace in traces if trace not in _traces)


def find_all(
    person_ids: Iterable[int], *, since: datetime | None, of_sign_in: bool | None = None
) -> Iterator[tuple[int, LazyString]]:
    """Person and reason, for each kind of trace that somebody of `person_ids` has.

    :param since: None asks for any, at any time.
    :param of_sign_in: only those kinds, or only the others; None asks for both.
    """
    rest = iter(person_ids)
    asked = [trace for trace in _traces if of_sign_in is None or trace.of_sign_in is of_sign_in]
    while some := list(islice(rest, BATCH)):
        for trace in asked:
            yield from ((person_id, trace.label) for person_id in sorted(trace.find(some, since)))
