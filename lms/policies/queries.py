"""Reading policies and standings for pages."""

from collections.abc import Sequence

from sqlalchemy import select

from lms.core import db
from lms.policies.models import Policy


def list_versions(unit_id: int, name: str) -> Sequence[Policy]:
    """The versions of a policy that a unit adopted itself, in order."""
    mine = select(Policy).where(Policy.unit_id == unit_id, Policy.name == name)
    return db.session().scalars(mine.order_by(Policy.version)).all()
