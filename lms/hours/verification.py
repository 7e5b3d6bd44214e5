"""The proof that the ledger holds: balances equal the entries that stand, and every invariant is kept.

Each check is one statement over the whole ledger, so that a province is proved in seconds; what breaks a rule is named.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Integer, String, cast, extract, func, or_, select

from lms.core import clock, db
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.proofs import Findings, Proof
from lms.hours.models import Balance, HourEntry, HourReversal
from lms.people.models import Person

MOST_NAMED = 100


@dataclass(frozen=True)
class Breach:
    """Something that breaks a rule of the ledger."""

    rule: str
    what: str

    def __str__(self) -> str:
        return _("%(rule)s：%(what)s", rule=self.rule, what=self.what)


def verify() -> list[Breach]:
    """Every breach, at most MOST_NAMED of each kind; none where the ledger holds."""
    breaches: list[Breach] = []
    for check in CHECKS:
        for breach in check():
            breaches.append(breach)
            if len(breaches) >= MOST_NAMED * len(CHECKS):
                return breaches
    return breaches


def count() -> tuple[int, int]:
    """(entries, balances) in the ledger."""
    entries = db.session().scalar(select(func.count()).select_from(HourEntry)) or 0
    balances = db.session().scalar(select(func.count()).select_from(Balance)) or 0
    return entries, balances


def _balances_equal_entries() -> Iterator[Breach]:
    """Sum and number by person and year, computed from the entries, against the balances kept."""
    year = cast(extract("year", HourEntry.occurred_on), Integer).label("year")
    standing = (
        select(
            HourEntry.person_id,
            year,
            func.sum(HourEntry.hours).label("hours"),
            func.count(HourEntry.id).label("entries"),
        )
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(HourReversal.id.is_(None))
        .group_by(HourEntry.person_id, year)
        .subquery()
    )
    same = (Balance.person_id == standing.c.person_id) & (Balance.year == standing.c.year)
    missing = (
        select(standing)
        .outerjoin(Balance, same)
        .where(
            or_(Balance.person_id.is_(None), Balance.hours != standing.c.hours, Balance.entries != standing.c.entries)
        )
    )
    for row in db.session().execute(missing.limit(MOST_NAMED)):
        yield Breach(_("余额与台账不符"), _sum(row.person_id, row.year, row.hours, row.entries))
    orphaned = (
        select(Balance.person_id, Balance.year, Balance.hours, Balance.entries)
        .outerjoin(standing, same)
        .where(standing.c.person_id.is_(None), or_(Balance.hours != Decimal(0), Balance.entries != 0))
    )
    for row in db.session().execute(orphaned.limit(MOST_NAMED)):
        yield Breach(_("余额没有对应的记录"), _sum(row.person_id, row.year, row.hours, row.entries))


def _sum(person_id: int, year: int, hours: Decimal, entries: int) -> str:
    return _(
        "%(person)s 号人员 %(year)s 年，%(hours)s 学时，%(entries)s 条记录",
        person=person_id, year=year, hours=hours, entries=entries,
    )  # fmt: skip


def _entry(entry_id: int, what: object = "") -> str:
    return _("%(id)s 号记录 %(what)s", id=entry_id, what=what).strip()


def _entries_are_sound() -> Iterator[Breach]:
    """Hours are positive, and nothing was completed after it was recorded (a zone is at most a day ahead of UTC)."""
    statement = select(HourEntry.id, HourEntry.hours).where(HourEntry.hours <= Decimal(0))
    for row in db.session().execute(statement.limit(MOST_NAMED)):
        yield Breach(_("学时不是正数"), _entry(row.id, row.hours))
    ahead = select(HourEntry.id, HourEntry.occurred_on, HourEntry.recorded_at).where(
        cast(HourEntry.occurred_on, String) > func.substr(cast(HourEntry.recorded_at, String), 1, 10)
    )
    for late in db.session().execute(ahead):
        if late.occurred_on > clock.local_date(late.recorded_at):
            yield Breach(_("完成日期晚于登记日期"), _entry(late.id, late.occurred_on))


def _sources_stand_once() -> Iterator[Breach]:
    """Of the entries of a source at most one stands: each later one follows a reversal."""
    statement = (
        select(HourEntry.person_id, HourEntry.source_kind, HourEntry.source_ref, func.count().label("times"))
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(HourReversal.id.is_(None))
        .group_by(HourEntry.person_id, HourEntry.source_kind, HourEntry.source_ref)
        .having(func.count() > 1)
    )
    for row in db.session().execute(statement.limit(MOST_NAMED)):
        source = f"{row.source_kind} {row.source_ref}"
        what = _(
            "%(person)s 号人员，来源 %(source)s，%(times)s 次", person=row.person_id, source=source, times=row.times
        )
        yield Breach(_("同一来源重复计算"), what)


def _everything_belongs_to_somebody() -> Iterator[Breach]:
    """Each entry has its person, each reversal its entry and a reason."""
    lost = select(HourEntry.id).outerjoin(Person, Person.id == HourEntry.person_id).where(Person.id.is_(None))
    for entry_id in db.session().scalars(lost.limit(MOST_NAMED)):
        yield Breach(_("记录没有所属人员"), _entry(entry_id))
    statement = (
        select(HourReversal.id)
        .outerjoin(HourEntry, HourEntry.id == HourReversal.entry_id)
        .where(or_(HourEntry.id.is_(None), HourReversal.reason == ""))
    )
    for reversal_id in db.session().scalars(statement.limit(MOST_NAMED)):
        yield Breach(_("冲销没有对应的记录或原因"), _("%(id)s 号冲销", id=reversal_id))


CHECKS: tuple[Callable[[], Iterator[Breach]], ...] = (
    _balances_equal_entries,
    _entries_are_sound,
    _sources_stand_once,
    _everything_belongs_to_somebody,
)


def prove() -> Findings:
    """The same for `lms verify`."""
    found = Findings(count()[0])
    for breach in verify():
        found.add(str(breach))
    return found


PROOF = Proof(_l("学时台账与余额一致"), prove)
