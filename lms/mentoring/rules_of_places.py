"""The rules of many places at once: one statement, however many units there are."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from lms.core import db
from lms.mentors.models import MentoringRule
from lms.mentors.rules import Rule, from_body
from lms.units.models import Unit


def rules_at(paths: Iterable[str], on: date) -> dict[str, Rule]:
    """The rule in force on a day at each path, as `mentors.queries.rule_at` finds it for one."""
    statement = (
        select(Unit.path, MentoringRule.body)
        .select_from(MentoringRule)
        .outerjoin(Unit, Unit.id == MentoringRule.unit_id)
        .where(MentoringRule.valid_from <= on)
        .order_by(MentoringRule.valid_from, MentoringRule.id)
    )
    adopted = {top or "": body for top, body in db.session().execute(statement)}
    return {path: _nearest(path, adopted) for path in set(paths)}


def _nearest(path: str, adopted: dict[str, dict[str, object]]) -> Rule:
    """Adopted at the path itself, or at the nearest unit above it, or for the whole site, or nowhere."""
    tops = [top for top in adopted if path.startswith(top)]
    return from_body(adopted[max(tops, key=len)]) if tops else Rule()
