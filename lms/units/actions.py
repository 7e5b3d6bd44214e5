"""What is done to the tree: add, rename, move, close, merge. Each leaves an audit row."""

import secrets
from datetime import date, datetime

from blinker import Signal
from sqlalchemy import exists, func, literal, select, update
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.sql import within
from lms.core.web import Actor
from lms.units.models import Kind, Level, Unit
from lms.units.paths import PENDING, step_of

#: Sent after a unit was closed in favor of a successor, in the same unit of work: (unit, successor, actor, now).
#: Modules that keep open facts about a unit (appointments, grants) carry them over.
unit_merged = Signal()

#: Sent after a unit was hung under another parent with all that is below it, in the same unit of work: (unit, old_path,
#: now).
unit_moved = Signal()

#: Asked before a unit is closed without a successor: receivers raise Refused while something open hangs on it.
unit_closing = Signal()


def add(
    *,
    parent: Unit | None,
    level: Level,
    name: str,
    code: str | None,
    kind: Kind = Kind.ADMINISTRATIVE,
    actor: Actor,
    now: datetime,
) -> Unit:
    """Add a unit below `parent`.

    :raise Refused: it would not stand below its parent, or its code or its name among siblings is taken.
    """
    if parent is not None and level.rank <= parent.level.rank:
        raise Refused(_l("%(level)s不能设在%(parent)s之下。", level=level.label, parent=parent.level.label), "level")
    _refuse_taken(parent, name, code, but=None)
    unit = Unit(
        parent_id=parent.id if parent else None,
        path=PENDING + secrets.token_hex(16),
        place=PENDING + secrets.token_hex(16),
        level=level,
        kind=kind,
        code=code or None,
        name=name,
        valid_from=clock.local_date(now),
    )
    try:
        with db.session().begin_nested():
            db.session().add(unit)  # the path is made of the identifier
    except IntegrityError as error:  # below another parent somebody took the code at the same moment
        raise _code_taken(code) from error
    unit.path = f"{parent.path if parent else ''}{unit.id}."
    unit.place = f"{parent.place if parent else ''}{step_of(unit.code, unit.id)}"
    audit.record(
        "units.add", actor=actor, now=now, on=("unit", unit.id), unit_id=unit.id, detail={"name": name, "code": code}
    )
    return unit


def rename(unit: Unit, *, name: str, actor: Actor, now: datetime) -> None:
    """:raise Refused: a sibling has that name, or the unit is closed: history keeps the names of its time."""
    _refuse_closed(unit)
    if name == unit.name:
        return
    _refuse_taken(unit.parent, name, None, but=unit.id)
    detail = {"from": unit.name, "to": name}
    unit.name = name
    audit.record("units.rename", actor=actor, now=now, on=("unit", unit.id), unit_id=unit.id, detail=detail)


def move(unit: Unit, *, parent: Unit, actor: Actor, now: datetime) -> None:
    """Hang `unit` with all that is below it under `parent`.

    :raise Refused: one of them is closed, or `parent` is below `unit` or not higher than it.
    """
    _refuse_closed(unit)
    if not parent.is_open:
        raise Refused(_l("上级单位已经撤销。"), "parent")
    if parent.path.startswith(unit.path) or parent.level.rank >= unit.level.rank:
        raise Refused(_l("上级单位的层级必须高于本单位。"), "parent")
    _refuse_taken(parent, unit.name, None, but=unit.id)
    old, new = unit.path, f"{parent.path}{unit.id}."
    place = parent.place + step_of(unit.code, unit.id)
    db.session().execute(
        update(Unit)
        .where(within(Unit.path, [old]))
        .values(
            path=literal(new) + func.substr(Unit.path, len(old) + 1),
            place=literal(place) + func.substr(Unit.place, len(unit.place) + 1),
        )
        .execution_options(synchronize_session=False)
    )
    detail = {"from": unit.parent_id, "to": parent.id}
    unit.parent_id = parent.id
    db.session().flush()
    db.session().expire_all()  # every path below has changed
    audit.record("units.move", actor=actor, now=now, on=("unit", unit.id), unit_id=unit.id, detail=detail)
    unit_moved.send(None, unit=unit, old_path=old, now=now)


def close(unit: Unit, *, last_day: date, successor: Unit | None, actor: Actor, now: datetime) -> None:
    """End a unit, merging it into `successor` if there is one: what happened in it stays its own.

    :raise Refused: something open hangs on it, or the successor cannot take its place.
    """
    _refuse_closing(unit, last_day, successor, today=clock.local_date(now))
    unit.valid_to = last_day
    unit.successor_id = successor.id if successor else None
    detail = {"last_day": last_day.isoformat(), "successor": successor.id if successor else None}
    audit.record("units.close", actor=actor, now=now, on=("unit", unit.id), unit_id=unit.id, detail=detail)
    if successor is None:
        unit_closing.send(None, unit=unit)
    else:
        unit_merged.send(None, unit=unit, successor=successor, actor=actor, now=now)


def _refuse_closed(unit: Unit) -> None:
    if not unit.is_open:
        raise Refused(_l("这个单位已经撤销。"))


def _refuse_closing(unit: Unit, last_day: date, successor: Unit | None, *, today: date) -> None:
    _refuse_closed(unit)
    if last_day < unit.valid_from:
        raise Refused(_l("撤销日期早于设立日期。"), "last_day")
    if last_day > today:
        raise Refused(_l("撤销立即生效，最后一天不能晚于今天。"), "last_day")
    if db.session().scalar(select(exists().where(Unit.parent_id == unit.id, Unit.valid_to.is_(None)))):
        raise Refused(_l("下面还有单位，请先撤销或调整它们。"))
    if successor is None:
        return
    if successor.id == unit.id or not successor.is_open:
        raise Refused(_l("并入的单位必须是另一个现有单位。"), "successor")
    if successor.level != unit.level:
        raise Refused(_l("并入的单位必须与本单位同级。"), "successor")


def _refuse_taken(parent: Unit | None, name: str, code: str | None, *, but: int | None) -> None:
    if parent is not None:  # two at once take their turn, so that the second one sees the name of the first
        db.session().scalar(select(Unit.id).where(Unit.id == parent.id).with_for_update(key_share=True))
    other = select(Unit.id).where(Unit.id != (but or 0))
    beside = Unit.parent_id == parent.id if parent else Unit.parent_id.is_(None)
    if db.session().scalar(other.where(beside, Unit.name == name, Unit.valid_to.is_(None)).limit(1)):
        raise Refused(_l("同一上级之下已有“%(name)s”。", name=name), "name")
    if code and db.session().scalar(other.where(Unit.code == code).limit(1)):
        raise _code_taken(code)


def _code_taken(code: str | None) -> Refused:
    return Refused(_l("代码 %(code)s 已被使用。", code=code), "code")
