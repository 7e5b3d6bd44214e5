"""The one act of this module: taking its numbers out of the site leaves a row in the audit trail."""

from datetime import date, datetime

from lms.core import audit
from lms.core.web import Actor
from lms.units.models import Unit


def record_export(unit: Unit, day: date, *, actor: Actor, now: datetime) -> None:
    """Remember who took which unit's numbers."""
    detail, on = {"day": day.isoformat()}, ("unit", unit.id)
    audit.record("workforce.export", actor=actor, now=now, on=on, unit_id=unit.id, detail=detail)
