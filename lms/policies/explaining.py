"""A standing in one sentence that its person can read, from the numbers that are kept and the rule they came from.

2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日
"""

from datetime import date
from typing import Protocol

from lms.core.i18n import gettext as _
from lms.core.i18n import locale_name, show_date
from lms.policies.cycles import DAY, FAR, PERSONAL
from lms.policies.kinds import CycleKind, State
from lms.policies.rules import Requirement
from lms.policies.states import Dated, state_on
from lms.policies.wording import hours_text, training_words


class Told(Dated, Protocol):
    """What the sentence is made of: a row of `standings`, or a computed one; hours in hundredths."""

    @property
    def cycle_start(self) -> date: ...
    @property
    def cycle_end(self) -> date: ...
    @property
    def done(self) -> int: ...
    @property
    def hours(self) -> int: ...
    @property
    def carried(self) -> int: ...


def explain(standing: Told, requirement: Requirement, day: date) -> str:
    """The cycle, what is owed, what was done, and where that leaves the person on `day`."""
    parts = [*_amounts(standing, requirement), _outcome(standing, requirement, day)]
    return cycle_label(requirement, standing.cycle_start, standing.cycle_end) + _("：") + _("，").join(parts)


def cycle_label(requirement: Requirement, start: date, end: date) -> str:
    """2026 年度, 2024—2026 年, 连续 3 年, 初任."""
    kind, last = requirement.cycle.kind, end.year - 1
    if kind is CycleKind.ONCE:
        return _("新到岗")
    if kind is CycleKind.ROLLING:
        return _("连续 %(years)s 年", years=requirement.cycle.years)
    if start.year == last:
        return _("%(year)s 年度", year=last)
    return _("%(first)s—%(last)s 年", first=start.year, last=last)


def _amounts(standing: Told, requirement: Requirement) -> list[str]:
    """Owed and done, of trainings and of hours."""
    counts, parts = requirement.counts, []
    if counts.trainings:
        parts.append(_("应参加%(trainings)s %(count)s 次", trainings=training_words(counts), count=counts.trainings))
        parts.append(_("已完成 %(done)s 次", done=standing.done))
    if counts.hours:
        parts.append(_("应完成 %(hours)s 学时", hours=hours_text(counts.hours)))
        parts.append(_("已有 %(hours)s 学时", hours=hours_text(standing.hours)))
    if standing.carried:
        parts.append(_("其中上一周期结转 %(hours)s 学时", hours=hours_text(standing.carried)))
    return parts


def _outcome(standing: Told, requirement: Requirement, day: date) -> str:
    state = state_on(standing, day)
    if state is State.MET:
        return _met(standing, requirement)
    if state is State.WAIVED:
        if standing.waived_until is None or standing.waived_until + DAY >= FAR:
            return _("本周期免训")
        return _("免训到 %(day)s", day=show_date(standing.waived_until))
    if state is State.OVERDUE:
        return _("从 %(day)s起逾期", day=show_date(standing.due_on + DAY))
    if state is State.NOT_YET_DUE:
        return _("从 %(day)s起计算", day=show_date(standing.owed_from))
    return _("截止 %(day)s", day=deadline(standing, requirement))


def _met(standing: Told, requirement: Requirement) -> str:
    if requirement.cycle.kind is CycleKind.ROLLING and standing.met_on == standing.cycle_start:
        return _("已达到，有效至 %(day)s", day=show_date(standing.due_on))
    return _("已于 %(day)s达到", day=show_date(standing.met_on))


def deadline(standing: Told, requirement: Requirement) -> str:
    """12 月 31 日; with its year where that is not the cycle's own."""
    due = standing.due_on
    if requirement.cycle.kind not in PERSONAL and due.year == standing.cycle_start.year and locale_name() != "en":
        return _("%(month)s 月 %(day)s 日", month=due.month, day=due.day)
    return show_date(due)
