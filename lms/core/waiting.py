"""Counts of what waits for a person, for the home page: each module gives its own, and all are asked in one statement.

The home page is the page that people open most, and for most of them nothing waits: one question is enough to know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import g
from sqlalchemy import BindParameter, Select, bindparam, select

from lms.core import db
from lms.core.web import Actor

#: From the parameter that stands for the person to a statement that counts.
Count = Callable[[BindParameter[int]], Select[int]]

_counts: dict[str, Count] = {}


def register(name: str, count: Count) -> None:
    """Let a module say what may wait for somebody. Called in its `setup.py`."""
    _counts[name] = count


def read(actor: Actor) -> Mapping[str, int]:
    """By name: how much of it waits for the actor; read once a request."""
    key = f"waiting_for_{actor.person_id}"
    if key not in g:
        row = db.rows(_all(tuple(_counts)), {"person_id": actor.person_id}).one()
        setattr(g, key, dict(zip(_counts, row, strict=True)))
    found: Mapping[str, int] = g.get(key)
    return found


@cache
def _all(names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    person: BindParameter[int] = bindparam("person_id")
    return select(*(_counts[name](person).scalar_subquery() for name in names))
