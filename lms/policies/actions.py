"""What is done with policies: adopt for a unit, end. Each leaves an audit row, and marks whose standings may change."""

from datetime import date, datetime

from sqlalchemy import select

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.policies import checking, keeping, queries
from lms.policies.cycles import DAY
from lms.policies.models import Policy
from lms.policies.policy_toml import PolicyText, VersionText
from lms.units.models import Unit


def adopt(text: PolicyText, *, unit: Unit, from_day: date | None = None, actor: Actor, now: datetime) -> list[Policy]:
    """Put the versions of a policy into force for a unit's subtree. What is there already stays as it is.

    :param from_day: the first day for this unit, where it adopts later than the document allows.
    :return: the versions that are new.
    :raise Refused: the unit is closed, or outside the actor's reach, or nothing is in force from that day on.
    :raise PolicyFaults: a version has changed, overlaps another, or weakens the level above: each with its line.
    """
    if not unit.is_open:
        raise Refused(_l("“%(unit)s”已经撤销。", unit=unit.name), "unit")
    if not actor.has("system") and not actor.covers(unit.path, "admin"):
        raise Refused(_l("不能为管理范围以外的单位采用。"), "unit")
    versions = checking.from_day_on(text, from_day)
    if not versions:
        raise Refused(_l("到这一天，这份要求的各个版本都已经终止。"), "from_day")
    _lock(unit.id)
    new = checking.new_versions(text, versions, unit, today=clock.local_date(now))
    added = [_add(text, version, unit, actor=actor, now=now) for version in new]
    if added:
        keeping.mark_below([unit.path], now=now)
    return added


def end(policy: Policy, *, last_day: date, actor: Actor, now: datetime) -> None:
    """Let the last version of a policy end for its unit: cycles that have begun run to their end.

    :raise Refused: it has an end already, or the day lies before today or before its first one.
    """
    _lock(policy.unit_id)
    db.session().refresh(policy, ["valid_to"])
    if policy.valid_to is not None:
        raise Refused(_l("这个版本已经有终止日。"), "last_day")
    if last_day < max(policy.valid_from, clock.local_date(now)):
        raise Refused(_l("终止日不能早于今天，也不能早于施行日。"), "last_day")
    policy.valid_to = last_day
    _record("policies.end", policy, actor=actor, now=now, last_day=last_day.isoformat())
    keeping.mark_below([policy.unit.path], now=now)


def _lock(unit_id: int) -> None:
    """Let nobody else adopt or end for the unit until this unit of work is over."""
    db.session().flush()
    db.session().execute(select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))


def _add(text: PolicyText, version: VersionText, unit: Unit, *, actor: Actor, now: datetime) -> Policy:
    """Store a version; the one before it ends on the day before."""
    before = next(iter(reversed(queries.list_versions(unit.id, text.name))), None)
    if before is not None and (before.valid_to is None or before.valid_to >= version.valid_from):
        before.valid_to = version.valid_from - DAY
    policy = Policy(
        unit_id=unit.id,
        name=text.name,
        title=text.title,
        version=version.number,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        source=text.source,
        is_example=text.example,
        body=version.body,
        adopted_at=now,
        adopted_by_id=actor.person_id,
    )
    db.session().add(policy)
    db.session().flush()
    _record("policies.adopt", policy, actor=actor, now=now, valid_from=version.valid_from.isoformat())
    return policy


def _record(verb: str, policy: Policy, *, actor: Actor, now: datetime, **detail: str) -> None:
    on = ("policy", f"{policy.name} {policy.version}")
    audit.record(verb, actor=actor, now=now, on=on, unit_id=policy.unit_id, detail={"title": policy.title, **detail})
