"""The one act of this module: taking numbers or names out of the site leaves a row in the audit trail."""

from datetime import datetime

from lms.core import audit
from lms.core.web import Actor
from lms.reports.inquiry import Inquiry


def record_export(page: str, inquiry: Inquiry, *, actor: Actor, now: datetime) -> None:
    """Remember who took which table of which unit."""
    audit.record(
        "reports.export",
        actor=actor,
        now=now,
        on=("report", page),
        unit_id=inquiry.unit.id,
        detail={"year": inquiry.year, "course": inquiry.course_id},
    )
