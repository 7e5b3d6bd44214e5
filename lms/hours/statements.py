"""学时证明 and 结业证明: issuing statements of hours and certificates of a training, and checking one by its code.

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
from lms.hours.models import HourEntry, HourReversal, HourStatement, HourStatementLine, PaperKind
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
    issued = issue_many([person], from_on=from_on, to_on=to_on, actor=actor, now=now)
    if not issued:
        raise Refused(_l("这段时间没有学时记录，无法开具证明。"))
    return issued[0]


def issue_many(
    people: Sequence[Person], *, from_on: date, to_on: date, actor: Actor, now: datetime
) -> list[HourStatement]:
    """Statements of a span for several people, in their order; who has nothing in it gets none."""
    entries = _standing([person.id for person in people], from_on, to_on)
    drafts = [
        Draft(person, PaperKind.HOURS, from_on, to_on, entries[person.id]) for person in people if person.id in entries
    ]
    return _issue(drafts, actor=actor, now=now)


def certify_many(
    people: Sequence[Person], *, title: str, from_on: date, to_on: date, actor: Actor, now: datetime
) -> list[HourStatement]:
    """Certificates of the training of that name which people completed in a span; the latest, if they did so twice."""
    entries = _standing([person.id for person in people], from_on, to_on)
    drafts = []
    for person in people:
        done = [entry for entry in entries.get(person.id, ()) if entry.title == title]
        drafts += [Draft(person, PaperKind.COMPLETION, one.occurred_on, one.occurred_on, [one]) for one in done[-1:]]
    return _issue(drafts, actor=actor, now=now)


def certify(entry: HourEntry, *, actor: Actor, now: datetime) -> HourStatement:
    """A certificate that its person completed the training of an entry.

    :raise Refused: the entry was reversed.
    """
    if entry.reversal is not None:
        raise Refused(_l("这条记录已经冲销，不能开具结业证明。"))
    person = db.session().get_one(Person, entry.person_id)
    draft = Draft(person, PaperKind.COMPLETION, entry.occurred_on, entry.occurred_on, [entry])
    return _issue([draft], actor=actor, now=now)[0]


@dataclass(frozen=True)
class Draft:
    """A paper about to be issued."""

    person: Person
    kind: PaperKind
    from_on: date
    to_on: date
    entries: Sequence[HourEntry]


def _issue(drafts: Sequence[Draft], *, actor: Actor, now: datetime) -> list[HourStatement]:
    """Papers with codes of their own, their lines, and a row of the audit trail for each."""
    places = queries.find_positions([draft.person.id for draft in drafts], clock.local_date(now))
    issued = []
    for draft in drafts:
        place = places.get(draft.person.id, queries.NOWHERE)
        position = " · ".join(part for part in (place.unit_name, str(place.post.label) if place.post else "") if part)
        issued.append(
            HourStatement(
                code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
                kind=draft.kind,
                person_id=draft.person.id,
                person_name=draft.person.name,
                position=position,
                from_on=draft.from_on,
                to_on=draft.to_on,
                hours=sum((entry.hours for entry in draft.entries), Decimal("0.00")),
                issued_at=now,
                issued_by_id=actor.person_id,
                issuer=current_app.config["LMS"].site_name,
            )
        )
    db.session().add_all(issued)
    db.session().flush()  # the lines point at them
    for paper, draft in zip(issued, drafts, strict=True):
        db.session().add_all(HourStatementLine(statement_id=paper.id, entry_id=entry.id) for entry in draft.entries)
        on = ("hour_statement", paper.id)
        audit.record("hours.issue_statement", actor=actor, now=now, on=on, person_id=paper.person_id)
    return issued


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


def get_sheets(statement_ids: Sequence[int]) -> list[Sheet]:
    """Statements in the given order with their entries, in a few statements; the caller has asked who may see them."""
    papers: dict[int, HourStatement] = {}
    entries: dict[int, list[HourEntry]] = {one: [] for one in statement_ids}
    for start in range(0, len(statement_ids), 500):
        some = statement_ids[start : start + 500]
        found = db.session().scalars(select(HourStatement).where(HourStatement.id.in_(some)))
        papers |= {paper.id: paper for paper in found}
        lines = (
            select(HourStatementLine.statement_id, HourEntry)
            .join(HourEntry, HourEntry.id == HourStatementLine.entry_id)
            .where(HourStatementLine.statement_id.in_(some))
            .options(joinedload(HourEntry.reversal))
            .order_by(HourEntry.occurred_on, HourEntry.id)
        )
        for statement_id, entry in db.session().execute(lines):
            entries[statement_id].append(entry)
    return [Sheet(papers[one], entries[one]) for one in statement_ids]


def _standing(person_ids: Sequence[int], from_on: date, to_on: date) -> dict[int, list[HourEntry]]:
    """Entries of people that stand in a span, in their order, by person."""
    found: dict[int, list[HourEntry]] = {}
    for start in range(0, len(person_ids), 500):
        statement = (
            select(HourEntry)
            .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
            .where(HourEntry.person_id.in_(person_ids[start : start + 500]))
            .where(HourEntry.occurred_on.between(from_on, to_on), HourReversal.id.is_(None))
        )
        for entry in db.session().scalars(statement.order_by(HourEntry.occurred_on, HourEntry.id)):
            found.setdefault(entry.person_id, []).append(entry)
    return found


def _sheet(statement: HourStatement) -> Sheet:
    return get_sheets([statement.id])[0]
