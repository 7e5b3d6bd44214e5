"""How training becomes hours: a pure function of facts and a rule, and the reading of rule files.

Rules differ by place and year, so they are versioned data with their source; see `credit_rules/` for the default and
two examples of practice. A rule that lacks the facts it counts by falls back on the declared hours.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lms.core.i18n import lazy_gettext as _l
from lms.units import local_rules
from lms.units.local_rules import RuleFault, RuleFile, refuse_unknown

SHIPPED = Path(__file__).parent / "credit_rules"
DECLARED: dict[str, Any] = {"method": "declared"}
CENT = Decimal("0.01")
MOST = Decimal(1000)


@dataclass(frozen=True)
class Training:
    """What is known of a completed training.

    :param declared: hours that its organizer states.
    :param lesson_minutes: nominal length of each lesson, if the course states them; never measured.
    :param half_days: length of a class.
    :param taught: the person was the lecturer, or the mentor.
    :param mentoring_minutes: nominal length of the meetings of a completed term that both sides confirmed.
    :param mentor_lectures: lectures of a mentor that the unit confirmed.
    """

    declared: Decimal
    lesson_minutes: tuple[int, ...] = ()
    quiz_passed: bool = False
    half_days: int = 0
    taught: bool = False
    mentoring_minutes: int = 0
    mentor_lectures: int = 0


def credit(rule: dict[str, Any], training: Training) -> Decimal:
    """Hours of `training` under `rule`, with two decimals."""
    method = rule["method"]
    if training.mentoring_minutes or training.mentor_lectures:
        return _mentoring(MENTORING | rule.get("mentoring", {}), training)
    if method == "lesson_bands" and training.lesson_minutes:
        hours = sum((_band(rule["bands"], minutes) for minutes in training.lesson_minutes), Decimal(0))
        hours += Decimal(rule["passed_quiz"]) if training.quiz_passed else 0
    elif method == "days" and training.half_days:
        hours = Decimal(rule["half_day"]) * training.half_days
        hours *= Decimal(rule["teaching_factor"]) if training.taught else 1
        hours = min(hours, Decimal(rule["cap"]))
    else:
        hours = training.declared
    return hours.quantize(CENT)


def _mentoring(rule: dict[str, str], training: Training) -> Decimal:
    """The hours of one person for a term: confirmed meetings by their nominal length, up to the cap; or of lectures."""
    hours = Decimal(training.mentoring_minutes) / Decimal(rule["minutes_per_hour"])
    hours *= Decimal(rule["mentor_factor"]) if training.taught else 1
    hours += Decimal(rule["lecture"]) * training.mentor_lectures
    return max(CENT, min(hours, Decimal(rule["cap"])).quantize(CENT))


def _band(bands: list[dict[str, Any]], minutes: int) -> Decimal:
    """The hours of the highest band that `minutes` reaches."""
    reached = [band for band in bands if minutes >= band["at_least_minutes"]]
    return Decimal(max(reached, key=lambda band: int(band["at_least_minutes"]))["hours"])


#: The keys of each method, beside `method`; amounts are text so that a quarter stays a quarter.
AMOUNTS = {"declared": (), "lesson_bands": ("passed_quiz",), "days": ("half_day", "teaching_factor", "cap")}
#: What [rule.mentoring] may say (导师帮带), and what holds where a rule says nothing of it. No source fixes a number.
MENTORING = {"minutes_per_hour": "45", "mentor_factor": "1", "cap": "12", "lecture": "2"}
MAY_BE_ZERO = frozenset({"passed_quiz"})


def read(path: Path) -> RuleFile:
    """:raise RuleFault: naming the key that is missing, unknown or out of range."""
    return local_rules.read(path, _checked)


def _checked(rule: dict[str, Any]) -> dict[str, Any]:
    method = rule.get("method")
    if method not in AMOUNTS:
        raise RuleFault(_l("rule.method 应为 %(choices)s 之一。", choices=", ".join(AMOUNTS)))
    bands = ("bands",) if method == "lesson_bands" else ()
    refuse_unknown(rule, {"method", "mentoring", *AMOUNTS[method], *bands})
    _check_mentoring(rule.get("mentoring", {}))
    for key in AMOUNTS[method]:
        _check_amount(key, rule.get(key), least=Decimal(0) if key in MAY_BE_ZERO else CENT)
    if method == "lesson_bands":
        _check_bands(rule.get("bands"))
    return rule


def _check_mentoring(given: Any) -> None:
    if not isinstance(given, dict):
        raise RuleFault(_l("缺少 %(key)s，或者类型不对。", key="rule.mentoring"))
    refuse_unknown(given, set(MENTORING))
    for key, amount in given.items():
        _check_amount(key, amount, least=CENT)


def _check_bands(bands: Any) -> None:
    bands = [band for band in bands if isinstance(band, dict)] if isinstance(bands, list) else []
    for band in bands:
        refuse_unknown(band, {"at_least_minutes", "hours"})
        if type(band.get("at_least_minutes")) is not int or band["at_least_minutes"] < 0:
            raise RuleFault(_l("at_least_minutes 应为不小于 0 的整数。"))
        _check_amount("hours", band.get("hours"), least=CENT)
    if not any(band["at_least_minutes"] == 0 for band in bands):
        raise RuleFault(_l("rule.bands 缺少从 0 分钟起的一档。"))


def _check_amount(key: str, text: Any, *, least: Decimal) -> None:
    """A rule that gave nothing for completed training would leave it without an entry, so most amounts are positive."""
    try:
        amount = Decimal(text if isinstance(text, str) else "NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not least <= amount <= MOST or amount != amount.quantize(CENT):
        sentence = _l(
            "%(key)s 应为 %(least)s 至 %(most)s 之间、最多两位小数的数，写成文字。", key=key, least=least, most=MOST
        )
        raise RuleFault(sentence)
