"""What is done with exemptions (免训): granted, ended. Never by somebody for themselves; nothing is deleted."""

from datetime import date, datetime

from sqlalchemy import func, select

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people.models import Person
from lms.policies import keeping
from lms.policies.cycles import DAY, add_years
from lms.policies.kinds import ExemptionKind
from lms.policies.models import Exemption

MOST_YEARS = 3


def grant(
    person: Person,
    *,
    kind: ExemptionKind,
    from_on: date,
    until_on: date,
    reason: str,
    decided_by: str,
    actor: Actor,
    now: datetime,
) -> Exemption:
    """Enter an exemption that somebody decided.

    :raise Refused: it is for oneself, its days are out of order or too many, or one of those days is exempted already.
    """
    if actor.person_id == person.id:
        raise Refused(_l("不能为自己登记免训，请由其他管理员办理。"))
    if until_on < from_on:
        raise Refused(_l("截止日早于起始日。"), "until_on")
    if until_on >= add_years(from_on, MOST_YEARS):
        raise Refused(_l("一次最多 %(years)s 年，到期后可以再登记。", years=MOST_YEARS), "until_on")
    _lock(person.id)
    last = func.coalesce(Exemption.ended_on, Exemption.until_on)
    same_days = Exemption.from_on <= until_on, last >= from_on, last >= Exemption.from_on
    if db.session().scalar(select(Exemption.id).where(Exemption.person_id == person.id, *same_days).limit(1)):
        raise Refused(_l("这段时间里已经有免训登记，请先结束原来的。"), "from_on")
    exemption = Exemption(
        person_id=person.id,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        reason=reason,
        decided_by=decided_by,
        granted_at=now,
        granted_by_id=actor.person_id,
    )
    db.session().add(exemption)
    db.session().flush()
    days = {"from": from_on.isoformat(), "until": until_on.isoformat()}
    _record("policies.grant_exemption", exemption, actor=actor, now=now, kind=kind.value, **days)
    return exemption


def end(exemption: Exemption, *, last_day: date, reason: str, actor: Actor, now: datetime) -> None:
    """End an exemption early: with the day before its first it never held. What was entered stays readable.

    :raise Refused: it is one's own, it was ended before, or the day is not earlier than the one decided.
    """
    if actor.person_id == exemption.person_id:
        raise Refused(_l("不能为自己办理，请由其他管理员办理。"))
    _lock(exemption.person_id)
    db.session().refresh(exemption, ["ended_on"])
    if exemption.ended_on is not None:
        raise Refused(_l("这项免训已经提前结束。"))
    if not exemption.from_on - DAY <= last_day < exemption.until_on:
        first = exemption.from_on - DAY
        sentence = _l("最后一天应在 %(first)s 至 %(last)s 之间。", first=first, last=exemption.until_on - DAY)
        raise Refused(sentence, "last_day")
    exemption.ended_on, exemption.end_reason = last_day, reason
    exemption.ended_at, exemption.ended_by_id = now, actor.person_id
    _record("policies.end_exemption", exemption, actor=actor, now=now, last_day=last_day.isoformat(), reason=reason)


def is_in_force(exemption: Exemption) -> bool:
    """Whether it still holds, or will."""
    return exemption.ended_on is None and exemption.until_on >= clock.today()


def _lock(person_id: int) -> None:
    """Let nobody else grant or end for the person until this unit of work is over."""
    db.session().flush()
    db.session().execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _record(verb: str, exemption: Exemption, *, actor: Actor, now: datetime, **detail: str) -> None:
    on = ("exemption", exemption.id)
    audit.record(verb, actor=actor, now=now, on=on, person_id=exemption.person_id, detail=detail)
    keeping.mark([exemption.person_id], now=now)
