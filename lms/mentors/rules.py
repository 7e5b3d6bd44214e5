"""The rule of mentorship in a place: reading its files, and what it says of a unit on a day."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from lms.core.i18n import lazy_gettext as _l
from lms.units import local_rules
from lms.units.local_rules import RuleFault, RuleFile, refuse_unknown

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


def read(path: Path) -> RuleFile:
    """:raise RuleFault: naming the key that is missing, unknown or out of range."""
    return local_rules.read(path, lambda given: asdict(_rule(given)))


def from_body(body: dict[str, Any]) -> Rule:
    """A rule that was adopted; what it does not say is as by default."""
    known = {field.name for field in fields(Rule)}
    return Rule(**{key: value for key, value in body.items() if key in known})


def _rule(given: dict[str, Any]) -> Rule:
    refuse_unknown(given, {field.name for field in fields(Rule)})
    for key, (low, high) in RANGES.items():
        if key in given and not (type(given[key]) is int and low <= given[key] <= high):
            raise RuleFault(_l("rule.%(key)s 应为 %(low)s 至 %(high)s 之间的整数。", key=key, low=low, high=high))
    if type(given.get("forbid_superior", True)) is not bool:
        raise RuleFault(_l("rule.%(key)s 应为 true 或 false。", key="forbid_superior"))
    return Rule(**given)
