"""The rule of mentorship in a place: reading its files, and what it says of a unit on a day."""

import tomllib
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

SHIPPED = Path(__file__).parent / "mentoring_rules"


@dataclass(frozen=True)
class Rule:
    """What a place says of mentorship; the defaults are those of `mentoring_rules/default.toml`."""

    most_mentees: int = 3
    term_months: int = 12
    forbid_superior: bool = True
    silent_days: int = 60
    newcomer_months: int = 12
    gap_years: int = 3

    def places(self, own: int | None) -> int:
        """How many mentees at a time: what the mentor says, at most what the rule says."""
        return self.most_mentees if own is None else min(own, self.most_mentees)


#: What each number may be.
RANGES = {
    "most_mentees": (1, 20),
    "term_months": (1, 60),
    "silent_days": (7, 730),
    "newcomer_months": (0, 60),
    "gap_years": (1, 20),
}
#: As wide as the columns that keep them.
LONGEST = {"name": 64, "title": 120, "source": 200}


@dataclass(frozen=True)
class RuleFile:
    """A rule as a file states it."""

    name: str
    title: str
    version: int
    valid_from: date
    source: str
    rule: Rule

    @property
    def body(self) -> dict[str, Any]:
        return asdict(self.rule)


class RuleFault(Exception):
    """A rule file that cannot be used; `message` says what is wrong with which key."""

    def __init__(self, message: LazyString) -> None:
        super().__init__(str(message))
        self.message = message


def read(path: Path) -> RuleFile:
    """:raise RuleFault: naming the key that is missing, unknown or out of range."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # no TOML, no text, a number too long or tables too deep to be read
        raise RuleFault(_l("文件不是正确的 TOML：%(reason)s", reason=str(error))) from error
    expected = {"name": str, "title": str, "version": int, "valid_from": date, "source": str, "rule": dict}
    for key, kind in expected.items():
        # Exactly this type: to Python true is a number, and a moment is a date.
        if type(given.get(key)) is not kind or given[key] == "":
            raise RuleFault(_l("缺少 %(key)s，或者类型不对。", key=key))
    _refuse_unknown(given, set(expected))
    for key, longest in LONGEST.items():
        if len(given[key]) > longest:
            raise RuleFault(_l("%(key)s 最多 %(most)s 个字。", key=key, most=longest))
    return RuleFile(**given | {"rule": _rule(given["rule"])})


def from_body(body: dict[str, Any]) -> Rule:
    """A rule that was adopted; what it does not say is as by default."""
    known = {field.name for field in fields(Rule)}
    return Rule(**{key: value for key, value in body.items() if key in known})


def _rule(given: dict[str, Any]) -> Rule:
    _refuse_unknown(given, {field.name for field in fields(Rule)})
    for key, (low, high) in RANGES.items():
        if key in given and not (type(given[key]) is int and low <= given[key] <= high):
            raise RuleFault(_l("rule.%(key)s 应为 %(low)s 至 %(high)s 之间的整数。", key=key, low=low, high=high))
    if type(given.get("forbid_superior", True)) is not bool:
        raise RuleFault(_l("rule.%(key)s 应为 true 或 false。", key="forbid_superior"))
    return Rule(**given)


def _refuse_unknown(given: dict[str, Any], expected: set[str]) -> None:
    unknown = sorted(set(given) - expected)
    if unknown:
        raise RuleFault(_l("不认识的项目：%(keys)s。", keys=", ".join(unknown)))
