"""Boards of large units: counted once a day by the job, read by pages and workbooks, with the moment they speak of.

What a board withholds depends on the subtree of its unit alone, so one count of the largest unit gives the boards of
all large units below it, each as it would be counted by itself.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from lms.core import clock, db
from lms.core.db import Database
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.units.models import Unit
from lms.units.paths import tops_of
from lms.units.queries import list_children
from lms.workforce import queries
from lms.workforce.dimensions import Dimension, categories_of
from lms.workforce.models import StoredBoard
from lms.workforce.queries import Board, Counts, Line

#: Units with fewer people are counted when somebody asks: below a second, whatever the dimension.
LARGE = 10_000
#: Where the job has not run for so long, a page counts after all.
OLDEST = timedelta(days=7)


@dataclass(frozen=True)
class Shown:
    """A board, the day of which it speaks, and when it was counted, if that was not just now."""

    board: Board
    day: date
    counted_at: datetime | None = None


def read(unit: Unit, day: date, dimension: Dimension) -> Shown:
    """The board of a unit: that of today is the newest which the job has counted, if the unit is large."""
    if day == clock.today():
        stored = db.session().get(StoredBoard, (unit.id, dimension))
        if stored is not None and stored.day >= day - OLDEST:
            return Shown(_from_body(unit, stored), stored.day, stored.counted_at)
    return Shown(queries.board(unit, day, dimension), day)


def count_large(database: Database, actor: Actor) -> LazyString | None:
    """Count the boards of large units, once a day; each dimension in a unit of work of its own."""
    with db.unit_of_work(database, write=False):
        if _is_done():
            return None
        large = _large_units()
    for dimension in Dimension if large else ():
        with db.unit_of_work(database):
            _store(large, dimension)
    with db.unit_of_work(database):
        _forget_others(large)
    return _l("统计队伍结构 %(count)s 个单位。", count=len(large)) if large else None


def _is_done() -> bool:
    """Whether every dimension was counted today: a job that died midway begins anew."""
    today = select(func.count(func.distinct(StoredBoard.dimension))).where(StoredBoard.day == clock.today())
    return db.session().scalar(today) == len(Dimension)


def _large_units() -> list[int]:
    """Units with many people in and below them, those above first."""
    people: dict[str, int] = {}
    for path, count in queries.count_people(clock.today()):
        for top in tops_of(path):
            people[top] = people.get(top, 0) + count
    return [int(path.split(".")[-2]) for path in sorted(people) if people[path] >= LARGE]


def _store(large: list[int], dimension: Dimension) -> None:
    today, now = clock.today(), clock.now()
    counted: dict[str, Counts] = {}
    for unit in db.session().scalars(select(Unit).where(Unit.id.in_(large)).order_by(Unit.path)).all():
        top = next((path for path in counted if unit.path.startswith(path)), None)
        if top is None:
            counted = {unit.path: queries.count(unit, today, dimension)}
            top = unit.path
        here = {path: counts for path, counts in counted[top].items() if path.startswith(unit.path)}
        board = queries.board_of(unit, list_children(unit), dimension, here)
        stored = StoredBoard(unit_id=unit.id, dimension=dimension, day=today, counted_at=now, body=_body(board))
        db.session().merge(stored)


def _forget_others(large: list[int]) -> None:
    """Units that are large no more are counted again when somebody asks."""
    for stored in db.session().scalars(select(StoredBoard).where(StoredBoard.unit_id.not_in(large))):
        db.session().delete(stored)


def _body(board: Board) -> dict[str, object]:
    lines = [[line.unit.id if line.unit else None, line.total, line.cells] for line in board.lines]
    return {
        "keys": [key for key, _label in board.categories], "total": board.total, "cells": board.cells, "lines": lines,
    }  # fmt: skip


def _from_body(unit: Unit, stored: StoredBoard) -> Board:
    """The board again, with labels in the reader's language and units by their names of today."""
    body, children = stored.body, {child.id: child for child in list_children(unit)}
    labels = dict(categories_of(stored.dimension, body["keys"]))
    lines = [
        Line(children.get(unit_id), total, cells)
        for unit_id, total, cells in body["lines"]
        if unit_id is None or unit_id in children
    ]
    return Board(stored.dimension, [(key, labels[key]) for key in body["keys"]], body["total"], body["cells"], lines)
