"""谁需要导师: read from roster and ledger, without asking anybody anything.

Newcomers and new secretaries or directors in their first months, people who asked, and people with an ability in which
they have had no training for years. `reasons_of` is pure; `find_needs` reads a unit's people in some statements.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from lms.core import db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.sql import within
from lms.hours.kinds import Ability
from lms.hours.models import HourEntry, HourReversal
from lms.mentors.hard_rules import LEADING
from lms.mentors.models import Mentor, MentorRequest, MentorState
from lms.mentors.rules import Rule
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units.models import Unit


class Reason(StrEnum):
    """Why somebody needs a mentor."""

    ASKED = "asked"
    NEWCOMER = "newcomer"
    NEW_LEADER = "new_leader"
    GAP = "gap"

    @property
    def label(self) -> LazyString:
        return REASON_LABELS[self]


REASON_LABELS = {
    Reason.ASKED: _l("本人申请"),
    Reason.NEWCOMER: _l("入职第一年"),
    Reason.NEW_LEADER: _l("新任书记、主任"),
    Reason.GAP: _l("能力空缺"),
}

#: Gaps are read from the ledger of everybody; of more people at once they are not.
MOST_WITH_GAPS = 5000
#: Whom a proposal takes in unless told otherwise: in a young ledger everybody has gaps.
USUAL = (Reason.ASKED, Reason.NEWCOMER, Reason.NEW_LEADER)


@dataclass(frozen=True)
class Need:
    """Somebody who needs a mentor, and in what."""

    person_id: int
    name: str
    unit_id: int
    unit_name: str
    unit_path: str
    post: PostClass
    reasons: tuple[Reason, ...]
    abilities: tuple[Ability, ...]


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last of the month where there is no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError  # every month has a 28th


def reasons_of(
    *, began_on: date, leads_since: date | None, led_before: bool, asked: bool, gaps: Collection[Ability], rule: Rule,
    on: date,
) -> tuple[Reason, ...]:  # fmt: skip
    """Why somebody needs a mentor; empty if they do not.

    :param began_on: first day in community work, as far as known.
    :param leads_since: first day of the leading post held now, if one is.
    :param led_before: held a leading post before that.
    """
    since = months_before(on, rule.newcomer_months)
    reasons = [Reason.ASKED] if asked else []
    if began_on > since:
        reasons.append(Reason.NEWCOMER)
    if leads_since is not None and leads_since > since and not led_before:
        reasons.append(Reason.NEW_LEADER)
    if gaps:
        reasons.append(Reason.GAP)
    return tuple(reasons)


def find_needs(unit: Unit, *, rule: Rule, on: date, wanted: Collection[Reason] = tuple(Reason)) -> list[Need]:
    """Everybody of a unit's subtree who needs a mentor on a day, by unit and name; active mentors need none.

    What somebody asks for comes first, then what the ledger lacks.

    :param wanted: those who have one of these reasons, with all their reasons. Without gaps, which everybody may have,
        only the few are read of whom roster and requests say so.
    """
    here = _people_of(unit)
    if Reason.GAP not in wanted:
        here = here.where(_may_need(months_before(on, rule.newcomer_months)))
    people = (
        db.session()
        .execute(
            select(Person.id, Person.name, Person.joined_on, Appointment.post, Unit.id, Unit.name, Unit.path)
            .join(Appointment, Appointment.person_id == Person.id)
            .join(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.is_primary, Appointment.ends_on.is_(None), Person.id.in_(here))
            .where(Person.id.not_in(select(Mentor.person_id).where(Mentor.state == MentorState.ACTIVE)))
            .order_by(Unit.place, Person.name, Person.id)
        )
        .all()
    )
    firsts, leading = _first_days(here), _leading_posts(here)
    trained, asked = _trained(here, months_before(on, 12 * rule.gap_years)), _requests(here)
    found = []
    for person_id, name, joined_on, post, unit_id, unit_name, path in people:
        gaps = [ability for ability in Ability if ability not in trained[person_id]]
        current, before = leading.get(person_id, (None, False))
        reasons = reasons_of(
            began_on=min(day for day in (joined_on, firsts.get(person_id), on) if day is not None),
            leads_since=current,
            led_before=before,
            asked=person_id in asked,
            gaps=gaps,
            rule=rule,
            on=on,
        )
        if set(reasons) & set(wanted):
            abilities = tuple(asked.get(person_id) or gaps)
            found.append(Need(person_id, name, unit_id, unit_name, path, post, reasons, abilities))
    return found


def _people_of(unit: Unit) -> Select[int]:
    """The identifiers of those whose primary post lies in the subtree, as a subquery."""
    return (
        select(Appointment.person_id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.is_primary, Appointment.ends_on.is_(None), within(Unit.path, [unit.path]))
    )


def _may_need(since: date) -> ColumnElement[bool]:
    """Who asked, who began or began to lead after a day; on Appointment. `reasons_of` has the last word."""
    posts = aliased(Appointment)
    own = select(posts.id).where(posts.person_id == Appointment.person_id).correlate(Appointment)
    asked = select(MentorRequest.id).where(
        MentorRequest.person_id == Appointment.person_id, MentorRequest.ended_at.is_(None)
    )
    leads = own.where(posts.post.in_(LEADING), posts.starts_on > since)
    return or_(~own.where(posts.starts_on <= since).exists(), leads.exists(), asked.correlate(Appointment).exists())


def _first_days(here: Select[int]) -> dict[int, date]:
    statement = select(Appointment.person_id, func.min(Appointment.starts_on))
    found = statement.where(Appointment.person_id.in_(here)).group_by(Appointment.person_id)
    return {row[0]: row[1] for row in db.session().execute(found)}


def _leading_posts(here: Select[int]) -> dict[int, tuple[date | None, bool]]:
    """Since when each leads, and whether they led before."""
    columns = select(Appointment.person_id, Appointment.starts_on, Appointment.ends_on)
    posts = columns.where(Appointment.post.in_(LEADING), Appointment.person_id.in_(here))
    found: dict[int, tuple[date | None, bool]] = {}
    for person_id, starts_on, ends_on in db.session().execute(posts.order_by(Appointment.starts_on, Appointment.id)):
        since, before = found.get(person_id, (None, False))
        before = before or since is not None
        found[person_id] = (starts_on, before) if ends_on is None else (since, True)
    return found


def _trained(here: Select[int], since: date) -> Mapping[int, set[str]]:
    """The abilities in which each has hours that stand, since a day."""
    entries = (
        select(HourEntry.person_id, HourEntry.abilities)
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(HourEntry.person_id.in_(here), HourEntry.occurred_on > since, HourReversal.id.is_(None))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, abilities in db.session().execute(entries):
        found[person_id].update(abilities)
    return found


def _requests(here: Select[int]) -> dict[int, Sequence[Ability]]:
    statement = select(MentorRequest.person_id, MentorRequest.abilities).where(MentorRequest.ended_at.is_(None))
    wanted = statement.where(MentorRequest.person_id.in_(here))
    return {person_id: [Ability(value) for value in abilities] for person_id, abilities in db.session().execute(wanted)}
