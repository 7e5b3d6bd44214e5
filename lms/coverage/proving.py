"""Proof that closed figures are the numbers of the names behind them, for every act there ever was."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from lms.core import db, proofs
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.coverage import figures
from lms.coverage.closings import numbers_of
from lms.coverage.models import ClosedFigure, ClosedPerson, YearClosing
from lms.coverage.queries import NOBODY, Numbers, numbers_from


def prove() -> proofs.Findings:
    """Replay the acts of each cycle: what each wrote and ended, added up, must be what it stated; and at the end, what
    every unit stated last."""
    found = proofs.Findings(0)
    columns = YearClosing.id, YearClosing.duty, YearClosing.cycle_start
    acts: dict[tuple[Any, ...], list[int]] = {}
    for row in db.rows(select(*columns).order_by(YearClosing.id)):
        acts.setdefault((row.duty, row.cycle_start), []).append(row.id)
    for ids in acts.values():
        _replay(ids, found)
    return found


PROOF = proofs.Proof(_l("结账数与结账名单一致"), prove)


def _replay(ids: Sequence[int], found: proofs.Findings) -> None:
    moved = _moved(ids[0])
    counted: dict[int, Numbers] = {}
    stated: dict[int, Numbers] = {}
    units: dict[str, int] = {}
    waiting: dict[str, Numbers] = {}  # places of units that have stated nothing yet
    for act in ids:
        rows = db.rows(select(ClosedFigure).where(ClosedFigure.closing_id == act)).all()
        units |= {row.place: row.unit_id for row in rows}
        changed = figures.added_up(moved.get(act, {}))
        for place, numbers in changed.items():
            waiting[place] = waiting.get(place, NOBODY) + numbers
        for place in [place for place in waiting if place in units]:
            unit_id = units[place]
            counted[unit_id] = counted.get(unit_id, NOBODY) + waiting.pop(place)
        stated |= {row.unit_id: numbers_of(row) for row in rows}
        _compare(act, [row.unit_id for row in rows], stated, counted, found)
    _compare(ids[-1], stated, stated, counted, found)


def _moved(roll_id: int) -> dict[int, dict[str, Numbers]]:
    """By act and place, how many names it wrote, less those that it ended."""
    found: dict[int, list[Any]] = {}
    for act, people in ((ClosedPerson.closing_id, func.count()), (ClosedPerson.ended_by_id, -func.count())):
        columns = act, ClosedPerson.place, ClosedPerson.state
        rows = db.rows(
            select(*columns, people).where(ClosedPerson.roll_id == roll_id, act.is_not(None)).group_by(*columns)
        )
        for act_id, *row in rows:
            found.setdefault(act_id, []).append(row)
    return {act_id: numbers_from(rows) for act_id, rows in found.items()}


def _compare(
    act: int,
    unit_ids: Iterable[int],
    stated: Mapping[int, Numbers],
    counted: Mapping[int, Numbers],
    found: proofs.Findings,
) -> None:
    for unit_id in unit_ids:
        found.looked_at += 1
        if stated[unit_id] != counted.get(unit_id, NOBODY):
            found.add(_("结账 %(act)s、单位 %(unit)s 的数与名单不符。", act=act, unit=unit_id))
