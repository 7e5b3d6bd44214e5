"""Gathering what claims are compared with: posts, what is on record, the credit rules. A few statements for any number
of people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from lms.core import db
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.hours.models import CreditRule, HourEntry, HourReversal
from lms.people.models import Appointment
from lms.records.claims import Alike, Claim, Dossier, Known, Post, Rule, alike
from lms.records.models import BackEntry, BackEntryDecision
from lms.units import local_rules
from lms.units.models import Unit

BATCH = 500  # values in one condition: SQLite takes some thousand
SOURCE = "back_entry"


def gather(person_ids: Sequence[int]) -> dict[int, Dossier]:
    """A dossier for each person."""
    posts: dict[int, list[Post]] = {one: [] for one in person_ids}
    known: dict[int, list[Known]] = {one: [] for one in person_ids}
    for some in _batches(person_ids):
        for person_id, post in _posts(some):
            posts[person_id].append(post)
        for person_id, one in _ledger(some):
            known[person_id].append(one)
        for person_id, one in _waiting(some):
            known[person_id].append(one)
    return {one: Dossier(posts[one], known[one]) for one in posts}


def without(dossier: Dossier, back_entry_id: int) -> Dossier:
    """The dossier of somebody but for one back-entry and what it earned."""
    return replace(dossier, known=[one for one in dossier.known if one.back_entry_id != back_entry_id])


class Rules:
    """The adopted credit rules, read once for many claims."""

    def __init__(self) -> None:
        self._shelf = local_rules.Shelf(CreditRule)

    def for_claim(self, claim: Claim, dossier: Dossier) -> CreditRule | None:
        """Chosen by the place of the post at the time."""
        post = dossier.post_on(claim.occurred_on)
        return self._shelf.find(post.unit_path if post else None, claim.occurred_on)

    def stated(self, claim: Claim, dossier: Dossier) -> Rule | None:
        found = self.for_claim(claim, dossier)
        return Rule(found.title, found.body) if found else None


def claim_of(entry: BackEntry) -> Claim:
    """What a stored back-entry claims."""
    return Claim(
        title=entry.title,
        organizer=entry.organizer,
        tier=entry.tier,
        training_type=entry.training_type,
        abilities=[Ability(one) for one in entry.abilities],
        starts_on=entry.starts_on,
        occurred_on=entry.occurred_on,
        half_days=entry.half_days,
        hours=entry.hours,
        evidence=entry.evidence,
    )


def build(person_id: int, claim: Claim, dossier: Dossier, *, actor: Actor, now: datetime) -> BackEntry:
    """The row of a claim, not yet added."""
    post = dossier.post_on(claim.occurred_on)
    return BackEntry(
        person_id=person_id,
        unit_id=post.unit_id if post else None,
        title=claim.title,
        organizer=claim.organizer,
        tier=claim.tier,
        training_type=claim.training_type,
        abilities=[one.value for one in claim.abilities],
        starts_on=claim.starts_on,
        occurred_on=claim.occurred_on,
        half_days=claim.half_days,
        hours=claim.hours,
        evidence=claim.evidence,
        entered_at=now,
        entered_by_id=actor.person_id,
    )


def alike_to(entry: BackEntry) -> list[Alike]:
    """What a stored back-entry may repeat: shown before it is approved."""
    dossier = gather([entry.person_id])[entry.person_id]
    return alike(claim_of(entry), without(dossier, entry.id))


def _batches(items: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(items)
    while some := list(islice(rest, BATCH)):
        yield some


def _posts(person_ids: Sequence[int]) -> Iterator[tuple[int, Post]]:
    columns = (Appointment.starts_on, Appointment.ends_on, Appointment.is_primary)
    statement = (
        select(Appointment.person_id, Unit.id, Unit.path, *columns)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.person_id.in_(person_ids))
    )
    for row in db.session().execute(statement):
        yield row.person_id, Post(row.id, row.path, row.starts_on, row.ends_on, row.is_primary)


def _ledger(person_ids: Sequence[int]) -> Iterator[tuple[int, Known]]:
    """Entries that stand; of those that a back-entry earned, its organizer, days and evidence, too."""
    earned = select(
        BackEntryDecision.entry_id, BackEntry.id, BackEntry.starts_on, BackEntry.organizer, BackEntry.evidence
    )
    back = earned.join(BackEntry, BackEntry.id == BackEntryDecision.back_entry_id).subquery()
    statement = (
        select(HourEntry.person_id, HourEntry.id, HourEntry.title, HourEntry.occurred_on, HourEntry.hours)
        .add_columns(HourEntry.evidence, Unit.name.label("organizer"))
        .add_columns(
            back.c.id.label("back_id"), back.c.starts_on, back.c.organizer.label("said"), back.c.evidence.label("why")
        )
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .outerjoin(Unit, Unit.id == HourEntry.organizer_id)
        .outerjoin(back, back.c.entry_id == HourEntry.id)
        .where(HourEntry.person_id.in_(person_ids), HourReversal.id.is_(None))
    )
    for row in db.session().execute(statement):
        first = row.starts_on or row.occurred_on
        organizer, evidence = row.said or row.organizer or "", row.why or row.evidence or ""
        known = Known(row.title, organizer, row.occurred_on, first, row.hours, evidence, row.id, row.back_id)
        yield row.person_id, known


def _waiting(person_ids: Sequence[int]) -> Iterator[tuple[int, Known]]:
    undecided = ~select(BackEntryDecision.id).where(BackEntryDecision.back_entry_id == BackEntry.id).exists()
    statement = select(BackEntry).where(BackEntry.person_id.in_(person_ids), undecided)
    for one in db.session().scalars(statement):
        known = Known(one.title, one.organizer, one.occurred_on, one.starts_on, one.hours, one.evidence)
        yield one.person_id, replace(known, back_entry_id=one.id)
