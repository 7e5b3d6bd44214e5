"""The state of a standing on a day: once in Python, once in SQL, the same order of cases.

Met on or before the day comes first: whoever was trained was trained, also on leave. Then waived, overdue, due.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, String, and_, case, literal_column

from lms.policies.kinds import State
from lms.policies.models import Standing


class Dated(Protocol):
    """The dates of a standing, as a row or as a computed one."""

    @property
    def owed_from(self) -> date: ...
    @property
    def due_on(self) -> date: ...
    @property
    def met_on(self) -> date | None: ...
    @property
    def waived_from(self) -> date | None: ...
    @property
    def waived_until(self) -> date | None: ...


def state_on(standing: Dated, day: date) -> State:
    """What `standing` is at the end of `day`."""
    if standing.met_on is not None and standing.met_on <= day:
        return State.MET
    if standing.waived_from is not None and standing.waived_until is not None:
        if standing.waived_from <= day <= standing.waived_until:
            return State.WAIVED
    if standing.due_on < day:
        return State.OVERDUE
    return State.DUE if standing.owed_from <= day else State.NOT_YET_DUE


def state_sql(day: date | BindParameter[date], table: Any = Standing) -> ColumnElement[str]:
    """The same as `state_on`, as an expression on `standings` (or an alias of it) that gives the state's word."""
    words: Iterable[tuple[ColumnElement[bool], State]] = (
        (table.met_on <= day, State.MET),
        (and_(table.waived_from <= day, table.waived_until >= day), State.WAIVED),
        (table.due_on < day, State.OVERDUE),
        (table.owed_from <= day, State.DUE),
    )
    whens = [(condition, _word(state)) for condition, state in words]
    return case(*whens, else_=_word(State.NOT_YET_DUE))


def _word(state: State) -> ColumnElement[str]:
    return literal_column(f"'{state.value}'", String(16))
