"""The registry by which what was built on a person's record is found, and by whom it is fed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from lms.core import clock
from lms.core.db import Base
from lms.people import actions as people
from lms.people import traces
from lms.people.models import Person
from lms.people.posts import Role
from lms.people.traces import Trace
from lms.units.models import Unit
from tests.cast import BEGINNING, SYSTEM, Cast


def found(ids: list[int], since: Any = None, **asked: Any) -> dict[int, str]:
    return {person_id: str(reason) for person_id, reason in traces.find_all(ids, since=since, **asked)}


def test_only_those_asked_for_are_found(work: Any, cast: Cast) -> None:
    assert found([cast.alice, cast.wen]) == {}
    assert found([cast.alice, cast.bo, cast.chen]) == dict.fromkeys([cast.bo, cast.chen], "已被授予权限。")


def test_with_a_moment_only_what_came_since(work: Any, cast: Cast) -> None:
    now = clock.now()
    sun, street = work.get_one(Person, cast.sun), work.get_one(Unit, cast.street)
    people.grant(sun, role=Role.TRAINER, unit=street, actor=SYSTEM, now=now)
    work.flush()
    assert found([cast.sun, cast.bo], since=BEGINNING) == dict.fromkeys([cast.sun, cast.bo], "已被授予权限。")
    assert list(found([cast.sun, cast.bo], since=now)) == [cast.sun]


def test_kinds_of_the_way_in_can_be_left_out(work: Any, cast: Cast) -> None:
    assert found([cast.bo], of_sign_in=True) == {}
    assert list(found([cast.bo], of_sign_in=False)) == [cast.bo]


def test_the_same_kind_counts_once(work: Any, cast: Cast) -> None:
    before = list(traces.find_all([cast.bo], since=None))
    traces.register(traces.GRANTS, Trace(traces.GRANTS.label, traces.GRANTS.find))
    assert [str(reason) for _id, reason in traces.find_all([cast.bo], since=None)] == [str(one) for _id, one in before]


def test_no_number_of_a_removed_person_is_given_again() -> None:
    """What the audit trail tells of somebody stays theirs, although SQLite would use a free number again."""
    for name in ("persons", "appointments"):
        table = Base.metadata.tables[name]
        assert isinstance(table.c.id, Column)
        assert table.dialect_options["sqlite"]["autoincrement"] is True
