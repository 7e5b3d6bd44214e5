"""`lms person …`: what the engineer who runs the site does to people's roles and accounts.

It is how the first administrator of an installation comes about. Every command acts as "command line" in the
audit trail; what goes wrong is a `Refused`, which the `lms` command says in a sentence, with exit code 1.
"""

from datetime import datetime

import click

from lms.accounts import actions, queries, sign_in_names
from lms.core import clock
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import show_moment
from lms.core.web import Actor, system_actor
from lms.people import actions as people_actions
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from lms.units.queries import find_by_code

ROLE = click.Choice([role.value for role in Role])


@click.group()
def person() -> None:
    """Roles and accounts of people, who are named by what they sign in with (a phone number)."""


@person.command()
@click.argument("sign_in")
@click.argument("role", type=ROLE)
@click.option("--unit", "code", required=True, help="Division code of the unit over whose subtree.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, as 2027-12-31; without it, for good.")
@in_unit_of_work
def grant(sign_in: str, role: str, code: str, until: datetime | None) -> None:
    """Let a person act in a ROLE over a unit and all below it."""
    whom, unit = _person(sign_in), _unit(code)
    expires_on = until.date() if until else None
    people_actions.grant(whom, role=Role(role), unit=unit, expires_on=expires_on, actor=_actor(), now=clock.now())
    click.echo(_("%(name)s 现在是“%(unit)s”的%(role)s。", name=whom.name, unit=unit.name, role=Role(role).label))


@person.command()
@click.argument("sign_in")
@click.argument("role", type=ROLE)
@click.option("--unit", "code", required=True, help="Division code of the unit it was granted for.")
@in_unit_of_work
def revoke(sign_in: str, role: str, code: str) -> None:
    """Take a ROLE back; the person's sign-ins end at once."""
    whom, unit = _person(sign_in), _unit(code)
    people_actions.revoke(whom, role=Role(role), unit=unit, actor=_actor(), now=clock.now())
    click.echo(_("%(name)s 不再是“%(unit)s”的%(role)s。", name=whom.name, unit=unit.name, role=Role(role).label))


@person.command()
@click.argument("sign_in")
@in_unit_of_work
def reset(sign_in: str) -> None:
    """Take the password and all sign-ins away, and print a new one-time code."""
    code = actions.reset(_person(sign_in), actor=_actor(), now=clock.now())
    click.echo(_("登录名：%(name)s", name=code.sign_in))
    click.echo(_("激活码：%(code)s（%(time)s前有效，只能用一次）", code=code.code, time=show_moment(code.expires_at)))


@person.command()
@click.argument("sign_in")
@click.option("--reason", default="", help="Why, for the audit trail.")
@in_unit_of_work
def disable(sign_in: str, reason: str) -> None:
    """Close a person's account and end all its sign-ins; what they learned stays."""
    whom = _person(sign_in)
    actions.disable(whom, reason=reason[:200], actor=_actor(), now=clock.now())
    click.echo(_("%(name)s 的账号已经停用，所有登录都已退出。", name=whom.name))


def _actor() -> Actor:
    return system_actor("command line")


def _person(sign_in: str) -> Person:
    found = queries.find_person(sign_in_names.fold(sign_in))
    if found is None:
        raise Refused(_("没有登录名或手机号为“%(name)s”的人员。", name=sign_in[:64]))
    return found


def _unit(code: str) -> Unit:
    unit = find_by_code(code.strip())
    if unit is None:
        raise Refused(_("没有代码为“%(code)s”的单位。", code=code[:20]))
    return unit
