"""Rules that differ by place and year: versioned data with its source, in force for a unit's subtree or the site.

Training hours and mentorship each keep a table of them (`LocalRule`) and check their own files; how a file is framed,
how a version is adopted and which one is in force is the same for all, and stands here.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import ForeignKey, Select, String, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.units.models import Unit
from lms.units.paths import ids_in

#: As wide as the columns that keep them.
LONGEST = {"name": 64, "title": 120, "source": 200}


class LocalRule:
    """The columns of a version of a rule. What was counted by it names it, so a version never changes."""

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), index=True, comment="for whose subtree it was adopted; empty for the whole site"
    )
    name: Mapped[str] = mapped_column(String(LONGEST["name"]), comment="name of the rule")
    title: Mapped[str] = mapped_column(String(LONGEST["title"]), comment="what people call it")
    version: Mapped[int] = mapped_column(comment="grows with every change")
    valid_from: Mapped[date] = mapped_column(comment="first day on which it holds")
    source: Mapped[str] = mapped_column(String(LONGEST["source"]), comment="the document it comes from")
    body: Mapped[dict[str, Any]] = mapped_column(comment="the rule itself, as rules.py reads it")


R = TypeVar("R", bound=LocalRule)


@dataclass(frozen=True)
class RuleFile:
    """A rule as a file states it; `body` is its table [rule], checked."""

    name: str
    title: str
    version: int
    valid_from: date
    source: str
    body: dict[str, Any]


class RuleFault(Exception):
    """A rule file that cannot be used; `message` says what is wrong with which key."""

    def __init__(self, message: LazyString) -> None:
        super().__init__(str(message))
        self.message = message


def read(path: Path, check: Callable[[dict[str, Any]], dict[str, Any]]) -> RuleFile:
    """The file at `path`; `check` returns what its table [rule] says, or refuses it.

    :raise RuleFault: naming the key that is missing, unknown or out of range.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # no TOML, no text, a number too long or tables too deep to be read
        raise RuleFault(_l("文件不是正确的 TOML：%(reason)s", reason=str(error))) from error
    expected = {"name": str, "title": str, "version": int, "valid_from": date, "source": str, "rule": dict}
    for key, kind in expected.items():
        # Exactly this type: to Python true is a number, and a moment is a date.
        if type(given.get(key)) is not kind or given[key] == "":
            raise RuleFault(_l("缺少 %(key)s，或者类型不对。", key=key))
    refuse_unknown(given, expected)
    for key, longest in LONGEST.items():
        if len(given[key]) > longest:
            raise RuleFault(_l("%(key)s 最多 %(most)s 个字。", key=key, most=longest))
    return RuleFile(body=check(given.pop("rule")), **given)


def refuse_unknown(given: dict[str, Any], expected: Iterable[str]) -> None:
    """:raise RuleFault: naming every key that nobody expects."""
    unknown = sorted(set(given) - set(expected))
    if unknown:
        raise RuleFault(_l("不认识的项目：%(keys)s。", keys=", ".join(unknown)))


def adopt(model: type[R], file: RuleFile, unit: Unit | None) -> tuple[R, bool]:
    """Put a version into force for a unit's subtree, or for the site; the past keeps its own.

    :return: the version, and whether it is new: the caller says so in the audit trail.
    :raise Refused: this version was adopted before with another content.
    """
    here = model.unit_id == unit.id if unit else model.unit_id.is_(None)
    same = select(model).where(model.name == file.name, model.version == file.version, here)
    known = db.session().scalars(same).first()
    if known is not None:
        if known.body != file.body or known.valid_from != file.valid_from:
            raise Refused(_l("版本 %(version)s 已经采用，内容有变请提高版本号。", version=file.version))
        return known, False
    rule = model()
    rule.unit_id, rule.source, rule.body = unit.id if unit else None, file.source, file.body
    rule.name, rule.title, rule.version, rule.valid_from = file.name, file.title, file.version, file.valid_from
    db.session().add(rule)
    db.session().flush()
    return rule, True


def find(model: type[R], unit_path: str | None, on: date) -> R | None:
    """The version in force: that of the nearest unit at or above `unit_path` which adopted one, else the site's."""
    return db.session().scalars(_in_force(model), {"on": on, "units": ids_in(unit_path)}).first()


def _in_force(model: type[R]) -> Select[R]:
    here = or_(model.unit_id.is_(None), model.unit_id.in_(bindparam("units", expanding=True)))
    return (
        select(model)
        .outerjoin(Unit, Unit.id == model.unit_id)
        .where(model.valid_from <= bindparam("on"), here)
        .order_by(func.coalesce(func.length(Unit.path), 0).desc(), model.valid_from.desc(), model.id.desc())
        .limit(1)
    )


def list_adopted(model: type[R]) -> Sequence[R]:
    """Every adopted version, the newest first."""
    return db.session().scalars(select(model).order_by(model.valid_from.desc(), model.id.desc())).all()


class Shelf(Generic[R]):
    """Every adopted version, read once, to be asked for many places and days."""

    def __init__(self, model: type[R]) -> None:
        self._all = list_adopted(model)

    def find(self, unit_path: str | None, on: date) -> R | None:
        """As `find` chooses."""
        ids = ids_in(unit_path)
        depth = {unit_id: place for place, unit_id in enumerate(ids, 1)}
        here = [rule for rule in self._all if rule.valid_from <= on and (rule.unit_id is None or rule.unit_id in depth)]
        return max(here, key=lambda rule: (depth.get(rule.unit_id or 0, 0), rule.valid_from, rule.id), default=None)
