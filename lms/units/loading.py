"""Loading a division list: what is new is added, what was renamed is renamed, nothing is closed or moved silently."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, literal, select, update
from sqlalchemy.orm import aliased

from lms.core import audit, db
from lms.core.web import Actor
from lms.units.divisions import Division, DivisionFaults, Fault
from lms.units.models import Level, Unit
from lms.units.paths import PENDING

BATCH = 2000
#: Division lists do not say since when a unit exists.
SINCE_EVER = date(1949, 10, 1)


@dataclass(frozen=True)
class LoadResult:
    created: int
    renamed: int
    unchanged: int


@dataclass(frozen=True)
class _Known:
    id: int
    name: str
    parent_id: int | None
    level: Level


def load(rows: Sequence[Division], *, actor: Actor, now: datetime) -> LoadResult:
    """Bring the tree up to the list, all of it or nothing.

    :param rows: parents before children, as `divisions.read` gives them.
    :raise DivisionFaults: a parent is unknown or not higher, or a unit stands elsewhere in the tree.
    """
    known = _known_units()
    _refuse_misplaced(rows, known)
    renamed = [row for row in rows if row.code in known and known[row.code].name != row.name]
    created = [row for row in rows if row.code not in known]
    for level in Level:
        _insert([row for row in created if row.level is level], known)
    _rename(renamed, known)
    result = LoadResult(len(created), len(renamed), len(rows) - len(created) - len(renamed))
    if created or renamed:
        detail = {"created": result.created, "renamed": [f"{known[r.code].name} → {r.name}" for r in renamed[:100]]}
        audit.record("units.load", actor=actor, now=now, on=("units", "list"), detail=detail)
    return result


def _known_units() -> dict[str, _Known]:
    statement = select(Unit.code, Unit.id, Unit.name, Unit.parent_id, Unit.level).where(Unit.code.is_not(None))
    rows = db.session().execute(statement)
    return {str(row.code): _Known(row.id, row.name, row.parent_id, row.level) for row in rows}


def _refuse_misplaced(rows: Sequence[Division], known: dict[str, _Known]) -> None:
    """Every parent exists, in the list or in the tree, and stands higher."""
    levels = {code: unit.level for code, unit in known.items()} | {row.code: row.level for row in rows}
    codes = {unit.id: code for code, unit in known.items()}
    faults = []
    for row in rows:
        params: dict[str, Any] = {"code": row.parent_code or "—"}
        if row.code in known and codes.get(known[row.code].parent_id or 0, "") != row.parent_code:
            faults.append(Fault(row.file, row.line, "moved", {"code": row.code}))
        elif row.level is Level.PROVINCE and not row.parent_code:
            continue
        elif row.parent_code not in levels:
            faults.append(Fault(row.file, row.line, "parent", params))
        elif levels[row.parent_code].rank >= row.level.rank:
            params = {"level": row.level.label, "parent": levels[row.parent_code].label}
            faults.append(Fault(row.file, row.line, "order", params))
    if faults:
        raise DivisionFaults(faults)


def _insert(rows: Sequence[Division], known: dict[str, _Known]) -> None:
    """Insert one level; their paths and places follow in one statement, once the identifiers are known."""
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        values = [
            {
                "parent_id": known[row.parent_code].id if row.parent_code else None,
                "path": PENDING + row.code,
                "place": PENDING + row.code,
                "level": row.level,
                "kind": row.kind,
                "code": row.code,
                "name": row.name,
                "valid_from": SINCE_EVER,
            }
            for row in batch
        ]
        made = db.session().execute(insert(Unit).returning(Unit.code, Unit.id, Unit.name, Unit.parent_id), values)
        by_code = {row.code: row for row in batch}
        for code, unit_id, name, parent_id in made:
            known[str(code)] = _Known(unit_id, name, parent_id, by_code[str(code)].level)
    if rows:
        _complete_paths()


def _complete_paths() -> None:
    above = aliased(Unit)

    def of_parent(column: Any) -> Any:
        return select(column).where(above.id == Unit.parent_id).correlate(Unit).scalar_subquery()

    own, step = db.text_of(Unit.id) + literal("."), Unit.code + literal(".")  # what is listed has a code
    pending = Unit.path >= PENDING, Unit.path < PENDING[:-1] + ";"
    statement = update(Unit).execution_options(synchronize_session=False)
    db.session().execute(statement.where(*pending, Unit.parent_id.is_(None)).values(path=own, place=step))
    db.session().execute(
        statement.where(*pending, Unit.parent_id.is_not(None)).values(
            path=of_parent(above.path) + own, place=of_parent(above.place) + step
        )
    )


def _rename(rows: Sequence[Division], known: dict[str, _Known]) -> None:
    if rows:
        table = Unit.__table__
        statement = update(table).where(table.c.id == bindparam("unit_id")).values(name=bindparam("new_name"))  # type: ignore[arg-type]
        db.session().execute(statement, [{"unit_id": known[row.code].id, "new_name": row.name} for row in rows])
