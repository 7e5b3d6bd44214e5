"""`lms policies`: check policy files, load them for a unit, show what is adopted, compute standings anew."""

import sys
from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from lms.core import clock, db
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import system_actor
from lms.policies import actions, policy_toml, queries, recomputing, wording
from lms.policies.faults import PolicyFaults
from lms.policies.policy_toml import PolicyText
from lms.policies.rules import requirements_of
from lms.units.models import Unit
from lms.units.queries import find_by_code

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def policies() -> None:
    """Who must be trained by when: policy files, and what follows from them."""


@policies.command()
@click.argument("policy")
def check(policy: str) -> None:
    """List every fault of POLICY, a TOML file or the name of a shipped pack, with its line, or what it says."""
    text = _read(policy)
    for version in text.versions:
        click.echo(_("版本 %(number)s，从 %(day)s起", number=version.number, day=version.valid_from))
        for requirement in requirements_of(version.body).values():
            click.echo(f"  {requirement.title}")
            for sentence in wording.sentences(requirement):
                click.echo(f"    {sentence}")
    click.echo(_("“%(title)s”可以采用。", title=text.title))


@policies.command()
@click.argument("policy")
@click.option("--unit", "code", required=True, metavar="CODE", help="Division code of the unit that adopts it.")
@click.option("--from", "from_day", type=DAY, help="First day for this unit, where it is later than the file's.")
@in_unit_of_work
def load(policy: str, code: str, from_day: datetime | None) -> None:
    """Adopt POLICY, a TOML file or the name of a shipped pack, for a unit and all below it.

    Versions that are adopted already stay as they are. Standings of many people are computed by `lms policies
    recompute`, or by the next `lms jobs run`.
    """
    text, unit, actor = _read(policy), _unit(code), system_actor("lms policies load")
    first = from_day.date() if from_day else None
    try:
        added = actions.adopt(text, unit=unit, from_day=first, actor=actor, now=clock.now())
    except PolicyFaults as error:
        _refuse(policy, error)
    for one in added:
        values = {"title": one.title, "number": one.version, "unit": unit.name, "day": one.valid_from}
        click.echo(_("%(unit)s已采用“%(title)s”版本 %(number)s，从 %(day)s 起。", **values))
    if not added:
        click.echo(_("没有新的版本。"))


@policies.command()
@click.option(
    "--unit", "code", metavar="CODE", help="Only what holds for this unit: its own, and what stands above it."
)
@in_unit_of_work
def show(code: str | None) -> None:
    """List the adopted policies, from the top unit down, and the packs that ship."""
    for policy in queries.list_adopted(_unit(code) if code else None):
        name, days = f"{policy.name} v{policy.version}", f"{policy.valid_from} – {policy.valid_to or ''}"
        click.echo(f"{policy.unit.name}  {name}  {days}  {policy.title}")
    click.echo(_("随软件提供：%(names)s", names=", ".join(policy_toml.shipped())))


@policies.command()
def recompute() -> None:
    """Compute everybody's standings anew, with progress; stopped, it goes on where it was when it is called again."""
    database = current_app.extensions["database"]
    with db.unit_of_work(database):
        recomputing.begin(now=clock.now())
    done = recomputing.work_off(database, _tell)
    click.echo(_("已重新计算 %(count)s 人。", count=done))


def _tell(done: int, total: int) -> None:
    click.echo(_("%(done)s / %(total)s 人", done=done, total=total), err=True)


def _read(policy: str) -> PolicyText:
    """:raise Refused: there is no such file. A file with faults ends the command, with each fault on a line."""
    if policy in policy_toml.shipped():
        return policy_toml.read_pack(policy)
    path = Path(policy)
    if not path.is_file():
        raise Refused(_("找不到文件 %(path)s。", path=policy))
    try:
        return policy_toml.read_file(path)
    except PolicyFaults as error:
        _refuse(policy, error)
        raise


def _refuse(policy: str, error: PolicyFaults) -> None:
    for fault in error.faults:
        where = policy if fault.line is None else f"{policy}:{fault.line}"
        click.echo(f"{where}: {fault.message}", err=True)
    click.echo(_("%(count)s 处问题，没有采用。", count=len(error.faults)), err=True)
    sys.exit(1)


def _unit(code: str) -> Unit:
    unit = find_by_code(code)
    if unit is None:
        raise Refused(_("没有代码为 %(code)s 的单位。", code=code))
    return unit
