"""The audit trail: who did what, when, to whom, from where. Written inside each action, never edited.

Kept at least a year (the rules for logs of administrative applications); nothing here deletes.
"""

from datetime import datetime
from typing import Any

from flask import current_app, has_request_context, request
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column
from structlog import get_logger

from lms.core import clock, db, errors
from lms.core.db import Base
from lms.core.web import Actor, find_actor

log = get_logger("lms.audit")


class AuditRow(Base):
    """One act, as it was done."""

    __tablename__ = "audit_rows"
    __table_args__ = (
        Index("ix_audit_rows_unit_id_id", "unit_id", "id"),
        Index("ix_audit_rows_person_id", "person_id"),
        {"comment": "审计记录: who did what, when, on whom, from where; appended, never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    at: Mapped[datetime] = mapped_column(comment="when")
    verb: Mapped[str] = mapped_column(String(64), comment="what was done, as module.verb")
    actor_person_id: Mapped[int | None] = mapped_column(comment="who; empty for a command or a stranger")
    actor_name: Mapped[str] = mapped_column(String(120), comment="the actor's name at the time")
    object_kind: Mapped[str] = mapped_column(String(32), comment="kind of the object acted on")
    object_id: Mapped[str] = mapped_column(String(64), comment="its identifier")
    unit_id: Mapped[int | None] = mapped_column(comment="the unit concerned: whose administrators may read the row")
    person_id: Mapped[int | None] = mapped_column(comment="the person concerned, if one is")
    address: Mapped[str] = mapped_column(String(64), comment="network address of the request")
    detail: Mapped[dict[str, Any]] = mapped_column(comment="what changed; no secrets, no identity numbers")


def record(
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    on: tuple[str, object],
    unit_id: int | None = None,
    person_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append a row in the same unit of work as the act itself: both stand, or neither.

    :param unit_id: whose administrators may read it; where the act concerns no unit, it is that of the actor.
    """
    db.session().add(
        AuditRow(
            at=now,
            verb=verb,
            actor_person_id=actor.person_id,
            actor_name=actor.name,
            object_kind=on[0],
            object_id=str(on[1]),
            unit_id=unit_id if unit_id is not None else _unit_of(actor),
            person_id=person_id,
            address=(request.remote_addr or "") if has_request_context() else "",
            detail=detail or {},
        )
    )


def _unit_of(actor: Actor) -> int | None:
    """Where the actor works; most administrators hold no post, so else the highest unit that they were given."""
    tops = sorted(actor.paths("admin", "trainer"), key=len)
    return actor.unit_id if actor.unit_id or not tops else int(tops[0].split(".")[-2])


@errors.denied.connect
def _record_denial(_sender: object) -> None:
    """Somebody who is signed in asked for what lies outside their reach, or is not there: the trail knows of it.

    A unit of work of its own, because the request's has been rolled back; a busy database does not change the answer.
    """
    try:
        with db.unit_of_work(current_app.extensions["database"]):
            actor = find_actor()
            if actor is not None:
                record("access.denied", actor=actor, now=clock.now(), on=("path", request.path[:64]))
    except errors.UNAVAILABLE as error:
        log.warning("denial not recorded", path=request.path, error=str(error)[:200])
