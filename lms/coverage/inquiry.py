"""What a page of the coverage is asked: the unit, the requirement, the cycle and the day that its address names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.core import clock
from lms.core.errors import BadInput, Denied
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import LARGEST_ID, Actor, arg_int, arg_text
from lms.coverage import access, duties
from lms.coverage.duties import Duty, Span
from lms.policies.cycles import Period
from lms.units.models import Unit


@dataclass(frozen=True)
class Inquiry:
    """A question within the actor's reach.

    :param offered: what could be asked instead.
    :param span: None where no policy is in force here.
    :param day: the day of which the numbers speak.
    """

    actor: Actor
    unit: Unit
    today: date
    offered: Sequence[Duty]
    span: Span | None
    day: date

    @property
    def asked(self) -> Span:
        """:raise Denied: there is nothing to ask about."""
        if self.span is None:
            raise Denied()
        return self.span

    def args(self, **changed: Any) -> dict[str, Any]:
        """The query string that asks the same, with changes; None leaves a part out."""
        asked: dict[str, Any] = {"unit": self.unit.id}
        if self.span is not None:
            asked["duty"] = self.span.duty.code
            asked["cycle"] = None if self.span.duty.personal else self.span.cycle_start.isoformat()
            asked["day"] = self.day.isoformat() if self.day != self.today else None
        return {name: value for name, value in {**asked, **changed}.items() if value is not None}


def read(actor: Actor) -> Inquiry:
    """The question of the request.

    :raise Denied: a unit outside the actor's reach, or a requirement or cycle that is not in force there.
    :raise BadInput: what no page of ours can have sent.
    """
    words = {name: arg_text(name) for name in ("duty", "cycle", "day")}
    return ask(actor, unit_id=arg_int("unit", 0, 1, LARGEST_ID), **words)


def ask(actor: Actor, *, unit_id: int, duty: str = "", cycle: str = "", day: str = "") -> Inquiry:
    """The same from the words of an address."""
    today = clock.today()
    unit = access.get_unit(actor, unit_id)
    offered = duties.list_duties(unit, today)
    chosen = next((one for one in offered if one.code == duty or not duty), None)
    if chosen is None:
        if duty:
            raise Denied()
        return Inquiry(actor, unit, today, offered, None, today)
    span = Span(chosen, _period(chosen, read_day(cycle), today))
    return Inquiry(actor, unit, today, offered, span, _day(span, read_day(day), today))


def _period(duty: Duty, start: date | None, today: date) -> Period:
    begun = duty.periods(today)
    if start is None or duty.personal:
        return begun[0]
    found = next((period for period in begun if period.start == start), None)
    if found is None:
        raise Denied()
    return found


def _day(span: Span, day: date | None, today: date) -> date:
    if day is None:
        return today
    if not span.cycle_start <= day <= today:
        raise BadInput(_l("只能查看本周期开始以后、今天以前的情况。"))
    return day


def read_day(text: str) -> date | None:
    """A date of an address, as `2026-11-22`.

    :raise BadInput: it is none.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(_l("地址中的日期不正确，应写成 2026-01-31 这样。")) from error
