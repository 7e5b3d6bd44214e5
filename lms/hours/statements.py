"""学时证明: issuing a statement of hours, and checking one by its code.

The code is 80 random bits, so that none can be guessed, and there is no page that lists them. Whoever holds a code
learns what is printed on the paper, with the name masked, and whether every entry on it still stands.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, one_or_404
from lms.hours import queries
from lms.hours.models import HourEntry, HourReversal, HourStatement, HourStatementLine
from lms.people.access import administered_by
from lms.people.models import Person

#: Crockford's base 32: no letter is taken for a digit.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
LONGEST_SPAN = 30  # years


@dataclass(frozen=True)
class Sheet:
    """A statement with its entries, and how many of them were reversed since."""

    statement: HourStatement
    entries: Sequence[HourEntry]

    @property
    def fallen(self) -> Sequence[HourEntry]:
        """Entries that no longer stand."""
        return [entry for entry in self.entries if entry.reversal is not None]

    @property
    def hours_standing(self) -> Decimal:
        return sum((entry.hours for entry in self.entries if entry.reversal is None), Decimal("0.00"))


def issue(person: Person, *, from_on: date, to_on: date, actor: Actor, now: datetime) -> HourStatement:
    """Issue a statement of the entries that stand in a span, both days included.

    :raise Refused: the span is upside down, ends in the future or is too long, or nothing stands in it.
    """
    if to_on < from_on:
        raise Refused(_l("结束日期早于开始日期。"), "to_on")
    if from_on > clock.local_date(now):
        raise Refused(_l("开始日期不能晚于今天。"), "from_on")
    if to_on.year - from_on.year > LONGEST_SPAN:
        raise Refused(_l("一份证明最多涵盖 %(years)s 年。", years=LONGEST_SPAN), "from_on")
    entries = _standing(person.id, from_on, to_on)
    if not entries:
        raise Refused(_l("这段时间没有学时记录，无法开具证明。"))
    place = queries.find_position(person.id, clock.local_date(now))
    position = " · ".join(part for part in (place.unit_name, str(place.post.label) if place.post else "") if part)
    statement = HourStatement(
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        person_id=person.id,
        person_name=person.name,
        position=position,
        from_on=from_on,
        to_on=to_on,
        hours=sum((entry.hours for entry in entries), Decimal("0.00")),
        issued_at=now,
        issued_by_id=actor.person_id,
        issuer=current_app.config["LMS"].site_name,
    )
    db.session().add(statement)
    db.session().flush()  # the lines point at it
    db.session().add_all(HourStatementLine(statement_id=statement.id, entry_id=entry.id) for entry in entries)
    audit.record(
        "hours.issue_statement", actor=actor, now=now, on=("hour_statement", statement.id), person_id=person.id
    )
    return statement


def get_sheet(actor: Actor, statement_id: int) -> Sheet:
    """A statement about oneself, or about somebody whom the actor administers.

    :raise Denied: no such statement within the actor's reach.
    """
    people = select(Person.id).where(Person.id == HourStatement.person_id, administered_by(actor)).exists()
    mine = HourStatement.person_id == actor.person_id
    return _sheet(one_or_404(select(HourStatement).where(HourStatement.id == statement_id, mine | people)))


def find_sheet(code: str) -> Sheet | None:
    """The statement with this code, however it was typed: spaces, hyphens and case do not matter."""
    tidy = code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    if len(tidy) != CODE_LENGTH or not set(tidy) <= set(ALPHABET):
        return None
    found = db.session().scalars(select(HourStatement).where(HourStatement.code == tidy)).first()
    return _sheet(found) if found else None


def list_statements(person_id: int) -> Sequence[HourStatement]:
    """What was issued about a person, the latest first."""
    statement = select(HourStatement).where(HourStatement.person_id == person_id)
    return db.session().scalars(statement.order_by(HourStatement.id.desc()).limit(50)).all()


def shown(code: str) -> str:
    """A code in groups of four, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def masked(name: str) -> str:
    """林晓梅 -> 林*梅, 罗振 -> 罗*: enough to compare with the person in front of one, not to find them."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _standing(person_id: int, from_on: date, to_on: date) -> Sequence[HourEntry]:
    statement = (
        select(HourEntry)
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(HourEntry.person_id == person_id, HourEntry.occurred_on.between(from_on, to_on))
        .where(HourReversal.id.is_(None))
    )
    return db.session().scalars(statement.order_by(HourEntry.occurred_on, HourEntry.id)).all()


def _sheet(statement: HourStatement) -> Sheet:
    entries = (
        select(HourEntry)
        .join(HourStatementLine, HourStatementLine.entry_id == HourEntry.id)
        .where(HourStatementLine.statement_id == statement.id)
        .options(joinedload(HourEntry.reversal))
        .order_by(HourEntry.occurred_on, HourEntry.id)
    )
    return Sheet(statement, db.session().scalars(entries).all())
