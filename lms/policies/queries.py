"""Reading policies, exemptions and what was counted, for pages."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import db
from lms.core.web import Actor
from lms.hours.models import HourEntry
from lms.policies.access import readable_by
from lms.policies.models import Exemption, Policy
from lms.units.models import Unit


def list_versions(unit_id: int, name: str) -> Sequence[Policy]:
    """The versions of a policy that a unit adopted itself, in order."""
    mine = select(Policy).where(Policy.unit_id == unit_id, Policy.name == name)
    return db.session().scalars(mine.order_by(Policy.version)).all()


def list_adopted(unit: Unit | None = None) -> Sequence[Policy]:
    """Every version that was adopted, from the top unit down; with a unit only what holds there."""
    statement = select(Policy).join(Unit, Unit.id == Policy.unit_id).options(joinedload(Policy.unit))
    if unit is not None:
        statement = statement.where(Unit.id.in_([*unit.ancestor_ids, unit.id]))
    return db.session().scalars(statement.order_by(Unit.path, Policy.name, Policy.version)).all()


def list_readable(actor: Actor) -> Sequence[Policy]:
    """The latest version of each policy that the actor may read, from the top unit down."""
    statement = select(Policy).join(Unit, Unit.id == Policy.unit_id).options(joinedload(Policy.unit))
    ordered = statement.where(readable_by(actor)).order_by(Unit.path, Policy.name, Policy.version)
    latest = {(policy.unit_id, policy.name): policy for policy in db.session().scalars(ordered)}
    return list(latest.values())


def list_exemptions(person_id: int) -> Sequence[Exemption]:
    """Every exemption of a person, the latest first."""
    mine = select(Exemption).where(Exemption.person_id == person_id)
    return db.session().scalars(mine.order_by(Exemption.from_on.desc(), Exemption.id.desc())).all()


def entries_by_id(person_id: int, ids: Collection[int]) -> dict[int, HourEntry]:
    """The entries of a person that duties name."""
    mine = select(HourEntry).where(HourEntry.person_id == person_id, HourEntry.id.in_(ids))
    return {entry.id: entry for entry in db.session().scalars(mine)}
