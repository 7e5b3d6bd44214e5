"""Award and reverse: the two verbs of the ledger."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.hours import queries, rules
from lms.hours.events import ledger_changed
from lms.hours.kinds import Ability, HourKind, Tier, TrainingType
from lms.hours.models import Balance, CreditRule, HourEntry, HourReversal
from lms.units import local_rules
from lms.units.local_rules import RuleFile
from lms.units.models import Unit

CENT = Decimal("0.01")


def award(
    *,
    person_id: int,
    hours: Decimal,
    occurred_on: date,
    kind: HourKind,
    title: str,
    source: tuple[str, str],
    tier: Tier | None,
    training_type: TrainingType | None,
    abilities: Sequence[Ability],
    organizer_id: int | None,
    evidence: str | None = None,
    rule_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> HourEntry:
    """Enter hours for a source, once: asked again, it returns the entry that stands.

    After a reversal the same source may be awarded anew; both entries stay readable.

    :param hours: more than zero, at most rules.MOST, with at most two decimals.
    :param occurred_on: the local date on which the training was completed.
    :param source: what earned them, as (kind, reference); unique for a person.
    :raise Refused: the hours are not a positive number of two decimals, or the date lies ahead.
    """
    _refuse_unsound(hours, occurred_on, now=now)
    latest = queries.find_latest(person_id, source)
    if latest is not None and latest.reversal is None:
        return latest
    entry = HourEntry(
        person_id=person_id,
        hours=hours,
        occurred_on=occurred_on,
        recorded_at=now,
        kind=kind,
        title=title,
        tier=tier,
        training_type=training_type,
        abilities=[ability.value for ability in abilities],
        organizer_id=organizer_id,
        rule_id=rule_id,
        source_kind=source[0],
        source_ref=source[1],
        sequence=latest.sequence + 1 if latest else 1,
        evidence=evidence,
        recorded_by_id=actor.person_id,
    )
    return _enter(entry, actor=actor, now=now)


def award_training(
    training: rules.Training,
    *,
    person_id: int,
    occurred_on: date,
    actor: Actor,
    now: datetime,
    **entry: Any,
) -> HourEntry:
    """Award what the credit rule in force for the person's unit makes of a completed training.

    :param entry: the further arguments of `award`: kind, title, source, tier, training_type, abilities, organizer_id.
    """
    place = queries.find_position(person_id, occurred_on)
    rule = local_rules.find(CreditRule, place.unit_path, occurred_on)
    hours = rules.credit(rule.body if rule else rules.DECLARED, training)
    return award(
        person_id=person_id,
        hours=hours,
        occurred_on=occurred_on,
        rule_id=rule.id if rule else None,
        actor=actor,
        now=now,
        **entry,
    )


def adopt_rule(file: RuleFile, *, unit: Unit | None, actor: Actor, now: datetime) -> CreditRule:
    """Put a version of a credit rule into force for a unit's subtree, or for the site; the past keeps its own.

    :raise Refused: this version was adopted before with another content.
    """
    rule, is_new = local_rules.adopt(CreditRule, file, unit)
    if is_new:
        on = ("credit_rule", f"{file.name} {file.version}")
        audit.record("hours.adopt_rule", actor=actor, now=now, on=on, unit_id=rule.unit_id)
    return rule


def reverse(entry: HourEntry, *, reason: str, actor: Actor, now: datetime) -> HourReversal:
    """Undo an entry. Nothing is deleted: the entry and its reversal both stay in the record.

    :raise Refused: no reason was given, or it was reversed before.
    """
    if not reason.strip():
        raise Refused(_l("请写明冲销的原因。"), "reason")
    if db.session().scalar(select(HourReversal.id).where(HourReversal.entry_id == entry.id)):
        raise Refused(_l("这条记录已经冲销。"))
    reversal = HourReversal(entry_id=entry.id, reversed_at=now, reversed_by_id=actor.person_id, reason=reason.strip())
    try:
        with db.session().begin_nested():
            db.session().add(reversal)
    except IntegrityError as error:  # somebody else reversed it at the same moment
        raise Refused(_l("这条记录已经冲销。")) from error
    db.session().expire(entry, ["reversal"])
    _move_balance(entry.person_id, entry.occurred_on.year, -entry.hours, -1)
    _record("hours.reverse", entry, actor=actor, now=now, reason=reason.strip())
    ledger_changed.send(None, person_id=entry.person_id, now=now)
    return reversal


def _refuse_unsound(hours: Decimal, occurred_on: date, *, now: datetime) -> None:
    if not hours.is_finite() or not 0 < hours <= rules.MOST or hours != hours.quantize(CENT):
        raise Refused(_l("学时必须是大于零、最多两位小数的数。"), "hours")
    if occurred_on > clock.local_date(now):
        raise Refused(_l("完成日期不能晚于今天。"), "occurred_on")


def _enter(entry: HourEntry, *, actor: Actor, now: datetime) -> HourEntry:
    """Write the entry with the unit and the post of its day.

    Of two that are written at once for a source, the second finds that of the first and returns it.
    """
    place = queries.find_position(entry.person_id, entry.occurred_on)
    entry.unit_id, entry.unit_name, entry.post = place.unit_id, place.unit_name, place.post
    try:
        with db.session().begin_nested():
            db.session().add(entry)
    except IntegrityError:
        standing = queries.find_latest(entry.person_id, (entry.source_kind, entry.source_ref))
        if standing is None or standing.reversal is not None:
            raise
        return standing
    _move_balance(entry.person_id, entry.occurred_on.year, entry.hours, 1)
    _record("hours.award", entry, actor=actor, now=now)
    ledger_changed.send(None, person_id=entry.person_id, now=now)
    return entry


def _move_balance(person_id: int, year: int, hours: Decimal, entries: int) -> None:
    """Add to the year's balance in one statement, so that two awards at once both count."""
    values = {"person_id": person_id, "year": year, "hours": hours, "entries": entries}
    db.rows(_moving(db.dialect()), values)


@cache
def _moving(dialect: str) -> Executable:
    insert = postgresql.insert(Balance) if dialect == "postgresql" else sqlite.insert(Balance)
    changed = {"hours": Balance.hours + insert.excluded.hours, "entries": Balance.entries + insert.excluded.entries}
    return insert.on_conflict_do_update(index_elements=["person_id", "year"], set_=changed)


def _record(verb: str, entry: HourEntry, *, actor: Actor, now: datetime, **detail: str) -> None:
    audit.record(
        verb,
        actor=actor,
        now=now,
        on=("hour_entry", entry.id),
        unit_id=entry.unit_id,
        person_id=entry.person_id,
        detail={"hours": str(entry.hours), "title": entry.title, **detail},
    )
