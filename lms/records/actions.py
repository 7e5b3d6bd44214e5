"""Enter, approve, reject and withdraw back-entries; each with its row in the audit trail and its notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.files import StoredFile
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.hours import actions as hours
from lms.hours.kinds import Ability, HourKind
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind
from lms.people.models import Person
from lms.records import claims, dossiers, kinds, queries
from lms.records.access import may_decide
from lms.records.claims import Claim, Dossier
from lms.records.findings import say
from lms.records.models import BackEntry, BackEntryDecision, BackEntryLoad, State


def enter(person: Person, claim: Claim, *, file: StoredFile | None = None, actor: Actor, now: datetime) -> BackEntry:
    """Keep a claim about a person until somebody else decides on it.

    :raise Refused: with the field and what is wrong; nothing is kept.
    """
    _lock(person.id)
    dossier, rules = dossiers.gather([person.id])[person.id], dossiers.Rules()
    _refuse_faults(claim, dossier, rules, now=now)
    entry = dossiers.build(person.id, claim, dossier, actor=actor, now=now)
    entry.file_id = file.id if file else None
    db.session().add(entry)
    db.session().flush()  # its number is in the audit row and the notices
    _record("records.enter", entry, actor=actor, now=now)
    here = dossier.post_on(clock.local_date(now)) or dossier.post_on(claim.occurred_on)
    tell(
        queries.list_reviewers(here.unit_path if here else "", [person.id, actor.person_id]),
        kind=kinds.WAITING.name,
        params={"name": actor.name, "title": entry.title},
        link=Link("records.show", {"back_entry_id": entry.id}),
        source=(dossiers.SOURCE, str(entry.id)),
        why="reviewer",
        actor=actor,
        now=now,
    )
    return entry


def approve(entry: BackEntry, *, distinct: bool, note: str = "", actor: Actor, now: datetime) -> BackEntryDecision:
    """Let a claim earn its hours, after looking once more whether it may.

    :param distinct: the approver has compared it with what it may repeat.
    :raise Refused: decided already, not by a second person, faulty by now, or perhaps a repetition.
    """
    _require_decidable(entry, actor=actor)
    _lock(entry.person_id)
    claim, rules = dossiers.claim_of(entry), dossiers.Rules()
    dossier = dossiers.without(dossiers.gather([entry.person_id])[entry.person_id], entry.id)
    _refuse_faults(claim, dossier, rules, now=now)
    if claims.alike(claim, dossier) and not distinct:
        raise Refused(_l("有可能重复的记录。请逐条核对，确认不是同一次培训再批准。"), "distinct")
    rule = rules.for_claim(claim, dossier)
    earned = hours.award(
        person_id=entry.person_id,
        hours=entry.hours,
        occurred_on=entry.occurred_on,
        kind=HourKind.IMPORT,
        title=entry.title,
        source=(dossiers.SOURCE, str(entry.id)),
        tier=entry.tier,
        training_type=entry.training_type,
        abilities=[Ability(one) for one in entry.abilities],
        organizer_id=None,
        evidence=f"{entry.organizer}：{entry.evidence}",
        rule_id=rule.id if rule else None,
        actor=actor,
        now=now,
    )
    decision = _decide(entry, State.APPROVED, note, entry_id=earned.id, actor=actor, now=now)
    _record("records.approve", entry, actor=actor, now=now)
    _tell(entry, kinds.APPROVED, actor=actor, now=now, hours=str(entry.hours))
    return decision


def approve_sound(load: BackEntryLoad, entries: Sequence[BackEntry], *, actor: Actor, now: datetime) -> int:
    """Approve these of a file, but for those that turn out to be faulty or to repeat something; gives how many."""
    approved = 0
    for entry in entries:
        try:
            with db.session().begin_nested():
                approve(entry, distinct=False, actor=actor, now=now)
            approved += 1
        except Refused:
            continue
    on, detail = ("back_entry_load", load.id), {"approved": approved}
    audit.record("records.approve_file", actor=actor, now=now, on=on, unit_id=load.unit_id, detail=detail)
    return approved


def reject(entry: BackEntry, *, reason: str, actor: Actor, now: datetime) -> BackEntryDecision:
    """Say no, and why.

    :raise Refused: decided already, or not by a second person.
    """
    _require_decidable(entry, actor=actor)
    decision = _decide(entry, State.REJECTED, reason, actor=actor, now=now)
    _record("records.reject", entry, actor=actor, now=now, reason=reason)
    _tell(entry, kinds.REJECTED, actor=actor, now=now, reason=reason)
    return decision


def withdraw(entry: BackEntry, *, reason: str, actor: Actor, now: datetime) -> BackEntryDecision:
    """Take back what one entered, and say why.

    :raise Refused: it was decided on already.
    """
    decision = _decide(entry, State.WITHDRAWN, reason, actor=actor, now=now)
    _record("records.withdraw", entry, actor=actor, now=now, reason=reason)
    _tell(entry, kinds.WITHDRAWN, actor=actor, now=now, reason=reason)
    return decision


def _refuse_faults(claim: Claim, dossier: Dossier, rules: dossiers.Rules, *, now: datetime) -> None:
    """:raise Refused: the first fault, at its field."""
    today = clock.local_date(now)
    for field, note in claims.faults(claim, dossier, rules.stated(claim, dossier), today=today):
        raise Refused(say(note), field)


def _require_decidable(entry: BackEntry, *, actor: Actor) -> None:
    if entry.state is not State.WAITING:
        raise Refused(_l("这条补录刚才已有处理结果，请刷新页面查看。"))
    if not may_decide(actor, entry):
        raise Refused(_l("补录须由登记人和本人以外的管理员审批。"))


def _decide(
    entry: BackEntry, verdict: State, reason: str, *, entry_id: int | None = None, actor: Actor, now: datetime
) -> BackEntryDecision:
    decision = BackEntryDecision(
        back_entry_id=entry.id,
        verdict=verdict,
        reason=reason,
        decided_at=now,
        decided_by_id=actor.person_id,
        entry_id=entry_id,
    )
    try:
        with db.session().begin_nested():
            db.session().add(decision)
    except IntegrityError as error:  # somebody else was faster
        raise Refused(_l("这条补录刚才已有处理结果，请刷新页面查看。")) from error
    db.session().expire(entry, ["decision"])
    return decision


def _lock(person_id: int) -> None:
    """One claim of a person at a time, so that none is stored twice (SQLite has one writer anyway)."""
    db.session().execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _tell(entry: BackEntry, kind: NoticeKind, *, actor: Actor, now: datetime, **params: str) -> None:
    """The person, and whoever entered it; nobody about what they did themselves."""
    told = {entry.person_id: "person"}
    if entry.entered_by_id is not None:
        told.setdefault(entry.entered_by_id, "entered")
    for person_id, why in told.items():
        if person_id == actor.person_id:
            continue
        tell(
            [person_id],
            kind=kind.name,
            params={"title": entry.title, **params},
            link=Link("records.show", {"back_entry_id": entry.id}),
            source=("back_entry_decision", str(entry.id)),
            why=why,
            actor=actor,
            now=now,
        )


def _record(verb: str, entry: BackEntry, *, actor: Actor, now: datetime, **detail: str) -> None:
    on, said = ("back_entry", entry.id), {"title": entry.title, "hours": str(entry.hours), **detail}
    audit.record(verb, actor=actor, now=now, on=on, unit_id=entry.unit_id, person_id=entry.person_id, detail=said)
