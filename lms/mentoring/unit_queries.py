"""What a unit reads of its pairs: numbers for each level below, and lists behind them. No talk is read here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Integer, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from lms.core import clock, db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import Page, keyset
from lms.core.sql import within
from lms.core.web import Actor
from lms.mentoring import departures, evaluations, naming, next_steps, terms
from lms.mentoring.access import names, seen_by_unit
from lms.mentoring.kinds import OPEN, Stage, State
from lms.mentoring.models import Meeting, MeetingConfirmation, Pairing
from lms.mentoring.naming import Names
from lms.mentoring.next_steps import Facts
from lms.mentoring.queries import list_mentored, load_of
from lms.mentors import needs
from lms.mentors import queries as mentors
from lms.mentors.models import Mentor, MentorState
from lms.mentors.needs import USUAL, Need
from lms.mentors.rules import Rule
from lms.people.models import Appointment
from lms.people.queries import count_open_posts
from lms.units import queries as units
from lms.units.models import Unit

PAGE = 30
#: People whose needs a page reads at once, and those of them whom it names.
MOST_READ, MOST_NAMED = 50_000, 50


class Look(StrEnum):
    """Which pairs a list shows."""

    OPEN = "open"
    ORPHANED = "orphaned"
    UNSIGNED = "unsigned"
    SILENT = "silent"
    PAUSED = "paused"
    ENDING = "ending"
    ENDED = "ended"

    @property
    def label(self) -> LazyString:
        return LOOK_LABELS[self]


LOOK_LABELS = {
    Look.OPEN: _l("进行中"),
    Look.ORPHANED: _l("导师有变动"),
    Look.UNSIGNED: _l("待签卡"),
    Look.SILENT: _l("很久没见面"),
    Look.PAUSED: _l("已暂停"),
    Look.ENDING: _l("快到期"),
    Look.ENDED: _l("已结束"),
}


def matching(look: Look, *, rule: Rule, now: datetime) -> ColumnElement[bool]:
    """The pairs that a list shows, as a condition on Pairing."""
    today = clock.local_date(now)
    return {
        Look.OPEN: Pairing.state.in_(OPEN),
        Look.ORPHANED: departures.is_undecided(today),
        Look.UNSIGNED: Pairing.state == State.ACCEPTED,
        Look.SILENT: is_silent(rule.silent_days + terms.UNIT_LATER.days, now=now),
        Look.PAUSED: Pairing.state == State.PAUSED,
        Look.ENDING: Pairing.state.in_(OPEN) & (Pairing.ends_on <= today + terms.CLOSING),
        Look.ENDED: Pairing.state.not_in(OPEN),
    }[look]


def is_silent(days: int, *, now: datetime) -> ColumnElement[bool]:
    """Active for so long, and no meeting of that time was confirmed."""
    since = clock.local_date(now) - timedelta(days=days)
    met = (
        select(Meeting.id)
        .join(MeetingConfirmation, MeetingConfirmation.meeting_id == Meeting.id)
        .where(Meeting.pairing_id == Pairing.id, Meeting.held_on > since)
        .correlate(Pairing)
    )
    return and_(Pairing.state == State.ACTIVE, Pairing.state_at < now - timedelta(days=days), ~met.exists())


@dataclass(frozen=True)
class PairRow:
    """A pair in a list."""

    pairing: Pairing
    facts: Facts
    names: Names


def list_pairs(actor: Actor, unit: Unit, look: Look, *, cursor: str | None, now: datetime) -> Page[PairRow]:
    """Pairs below a unit, the newest first."""
    rule = mentors.rule_at(unit.path, clock.local_date(now))
    shown = matching(look, rule=rule, now=now)
    statement = select(Pairing.id).where(seen_by_unit((unit.path,)), shown)
    page = keyset(statement, Pairing.id, cursor=cursor, size=PAGE, descending=True)
    return Page(load_rows(actor, [row[0] for row in page.items], now=now), page.next_cursor, page.size)


def load_rows(actor: Actor, ids: Sequence[int], *, now: datetime) -> list[PairRow]:
    """These pairs with facts, and names as far as the actor may know them, in the order of `ids`."""
    found = db.session().scalars(select(Pairing).where(Pairing.id.in_(ids)).options(*names())).all()
    facts, by_id = next_steps.read_facts(found, now=now), {pairing.id: pairing for pairing in found}
    known = naming.read(actor, found)
    return [PairRow(by_id[pairing_id], facts[pairing_id], known[pairing_id]) for pairing_id in ids]


@dataclass
class Counts:
    """What a unit has, itself and below."""

    pairs: int = 0
    mentored: int = 0
    silent: int = 0
    unsigned: int = 0
    ending: int = 0
    orphaned: int = 0
    mentors: int = 0
    with_room: int = 0
    #: who should have a mentor and has none; None where there are too many people to read
    lacking: int | None = 0

    def add(self, other: "Counts") -> None:
        for name in self.__dataclass_fields__:
            mine, more = getattr(self, name), getattr(other, name)
            setattr(self, name, None if mine is None or more is None else mine + more)


@dataclass(frozen=True)
class Board:
    """A unit's numbers: in all, for each unit right below, and for what belongs to none of those."""

    unit: Unit
    total: Counts
    rows: Sequence[tuple[Unit | None, Counts]]
    lacking: Sequence[Need]


@dataclass
class _Tally:
    """Numbers by child; None for the unit itself."""

    children: Sequence[Unit]
    counts: dict[int | None, Counts] = field(default_factory=dict)

    def at(self, path: str) -> Counts:
        child = next((unit.id for unit in self.children if path.startswith(unit.path)), None)
        return self.counts.setdefault(child, Counts())


def read_board(unit: Unit, *, now: datetime) -> Board:
    """The numbers of a unit, counted where the mentee works; mentors, where they are looked after."""
    tally = _Tally(units.list_children(unit))
    _count_pairs(unit, tally, now=now)
    _count_mentors(unit, tally, now=now)
    lacking = list_lacking(unit, now=now)
    for need in lacking or ():
        tally.at(need.unit_path).add(Counts(lacking=1))
    total = Counts()
    for counts in tally.counts.values():
        total.add(counts)
    if lacking is None:
        for counts in (total, *tally.counts.values()):
            counts.lacking = None
    rows: list[tuple[Unit | None, Counts]] = [
        (child, tally.counts.get(child.id, Counts())) for child in tally.children if child.is_open
    ]
    if None in tally.counts:
        rows.append((None, tally.counts[None]))
    return Board(unit, total, rows, (lacking or [])[:MOST_NAMED])


def list_lacking(unit: Unit, *, now: datetime) -> list[Need] | None:
    """Who needs a mentor and has none, by unit and name; None where it would take too long to read so many people."""
    if count_open_posts(unit) > MOST_READ:
        return None
    today = clock.local_date(now)
    wanted = needs.find_needs(unit, rule=mentors.rule_at(unit.path, today), on=today, wanted=USUAL)
    mentored = list_mentored(need.person_id for need in wanted)
    return [need for need in wanted if need.person_id not in mentored]


def _count_pairs(unit: Unit, tally: _Tally, *, now: datetime) -> None:
    """One statement: numbers by the place where the mentee works, else by the unit that looks after the pair."""
    rule, here = mentors.rule_at(unit.path, clock.local_date(now)), aliased(Unit)
    post = and_(Appointment.person_id == Pairing.mentee_id, Appointment.is_primary, Appointment.ends_on.is_(None))
    path = func.coalesce(Unit.path, here.path)
    silent, unsigned, ending, orphaned = (
        func.sum(cast(matching(look, rule=rule, now=now), Integer))
        for look in (Look.SILENT, Look.UNSIGNED, Look.ENDING, Look.ORPHANED)
    )
    mentored = func.count(func.distinct(Pairing.mentee_id))
    statement = (
        select(path, func.count(), mentored, silent, unsigned, ending, orphaned)
        .select_from(Pairing)
        .join(here, here.id == Pairing.unit_id)
        .outerjoin(Appointment, post)
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .where(Pairing.state.in_(OPEN), or_(within(Unit.path, [unit.path]), within(here.path, [unit.path])))
        .group_by(path)
    )
    for row in db.session().execute(statement).all():
        tally.at(row[0]).add(Counts(*row[1:]))


def _count_mentors(unit: Unit, tally: _Tally, *, now: datetime) -> None:
    statement = (
        select(Mentor.id, Mentor.capacity, Unit.path)
        .join(Unit, Unit.id == Mentor.unit_id)
        .where(Mentor.state == MentorState.ACTIVE, within(Unit.path, [unit.path]))
    )
    found = db.session().execute(statement).all()
    load, today = load_of(row.id for row in found), clock.local_date(now)
    rules = mentors.rules_at((row.path for row in found), today)
    for mentor_id, capacity, path in found:
        has_room = load[mentor_id] < rules[path].places(capacity)
        tally.at(path).add(Counts(mentors=1, with_room=int(has_room)))


def list_ready(actor: Actor, unit: Unit, *, now: datetime) -> list[PairRow]:
    """Pairs that the unit may complete today: the last month, both evaluated."""
    last_month = Pairing.ends_on <= clock.local_date(now) + terms.CLOSING
    statement = (
        select(Pairing.id)
        .where(seen_by_unit((unit.path,)), Pairing.state == State.ACTIVE, last_month)
        .where(evaluations.both_wrote(Stage.FINAL))
        .order_by(Pairing.ends_on, Pairing.id)
        .limit(PAGE)
    )
    return load_rows(actor, list(db.session().scalars(statement)), now=now)


def overlapping(year: int) -> ColumnElement[bool]:
    """Terms that were under way in a year."""
    return and_(Pairing.starts_on <= date(year, 12, 31), Pairing.ends_on >= date(year, 1, 1))
