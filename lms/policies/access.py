"""Which policies, standings and exemptions an actor may see, and who may change them."""

from sqlalchemy import ColumnElement, or_, select, true

from lms.core.sql import within
from lms.core.web import Actor, one_or_404
from lms.people import access as people
from lms.people.models import Person
from lms.policies.models import Exemption, Policy
from lms.units.models import Unit
from lms.units.paths import ids_on


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Policies of the units within reach, and those of the units above: whatever binds somebody, they may read.

    A condition on `Policy` joined with its `Unit`.
    """
    if actor.has("system"):
        return true()
    return or_(within(Unit.path, actor.paths("admin", "trainer")), Unit.id.in_(_above(actor)))


def _above(actor: Actor) -> set[int]:
    """Where the actor works or has a role, and the units above."""
    paths = (*actor.homes, *actor.paths("admin", "trainer"))
    return ids_on(paths)


def get_policy(actor: Actor, policy_id: int) -> Policy:
    """:raise Denied: no such policy that the actor may read."""
    statement = select(Policy).join(Unit, Unit.id == Policy.unit_id)
    return one_or_404(statement.where(Policy.id == policy_id, readable_by(actor)))


def may_end(actor: Actor, policy: Policy) -> bool:
    """An administrator of the unit that adopted it, while it has no end."""
    return policy.valid_to is None and (actor.has("system") or actor.covers(policy.unit.path, "admin"))


def get_exemption(actor: Actor, exemption_id: int) -> Exemption:
    """:raise Denied: no such exemption of somebody whom the actor administers."""
    statement = select(Exemption).join(Person, Person.id == Exemption.person_id)
    return one_or_404(statement.where(Exemption.id == exemption_id, people.administered_by(actor)))
