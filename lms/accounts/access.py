"""Whose account one may touch: one's own, and those of the people one administers."""

from sqlalchemy import select

from lms.accounts.models import ParkedForm, SignIn
from lms.core import clock, db
from lms.core.web import Actor, one_or_404
from lms.people.access import may_administer
from lms.people.models import Grant, Person
from lms.units.models import Unit


def may_manage(actor: Actor, person: Person) -> bool:
    """Whether the actor may reset or disable the account of a person whom they administer.

    Not that of somebody whose own role reaches further than the actor's: a one-time code for it would
    hand that role to the actor.
    """
    return may_administer(actor, person) and _covers_roles_of(actor, person)


def _covers_roles_of(actor: Actor, person: Person) -> bool:
    held = select(Unit.path).join(Grant, Grant.unit_id == Unit.id)
    paths = db.session().scalars(held.where(Grant.person_id == person.id, Grant.revoked_at.is_(None)))
    return actor.has("system") or all(actor.covers(path, "admin") for path in paths)


def get_sign_in(actor: Actor, sign_in_id: int) -> SignIn:
    """:raise Denied: no such sign-in of the actor's own."""
    return one_or_404(select(SignIn).where(SignIn.id == sign_in_id, SignIn.account_id == actor.account_id))


def get_parked(actor: Actor, parked_id: int) -> ParkedForm:
    """:raise Denied: no such form of the actor's own, or it waited too long."""
    own = (ParkedForm.account_id == actor.account_id, ParkedForm.expires_at > clock.now())
    return one_or_404(select(ParkedForm).where(ParkedForm.id == parked_id, *own))
