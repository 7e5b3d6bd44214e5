"""`lms pairing solve`: the rounds that are too large to be solved while somebody waits; `lms mentoring-rule`."""

from pathlib import Path

import click
from flask import current_app

from lms.core import clock
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import system_actor
from lms.mentors import actions as mentors
from lms.mentors import queries, rules
from lms.pairing import rounds
from lms.units.queries import find_by_code


@click.group()
def pairing() -> None:
    """Proposals of pairs, and the rule of mentorship."""


@pairing.command()
@click.argument("round_id", type=click.IntRange(1), required=False)
def solve(round_id: int | None) -> None:
    """Solve ROUND_ID, or every round that waits; safe at any time."""
    database, actor = current_app.extensions["database"], system_actor("lms pairing solve")
    for one in [round_id] if round_id else rounds.list_queued(database):
        done = rounds.run(database, one, actor=actor)
        click.echo(_("方案 %(number)s 已算好。", number=one) if done else _("方案 %(number)s 没有算成。", number=one))


@pairing.command()
@click.argument("rule")
@click.option("--unit", "code", help="Division code of the unit for whose subtree it is adopted; the site without.")
@in_unit_of_work
def adopt(rule: str, code: str | None) -> None:
    """Adopt RULE: a TOML file, or the name of a shipped one (default)."""
    shipped = rules.SHIPPED / f"{rule}.toml"
    path = shipped if shipped.is_file() else Path(rule)
    if not path.is_file():
        raise Refused(_("找不到规则文件 %(path)s。", path=path))
    unit = find_by_code(code) if code else None
    if code and unit is None:
        raise Refused(_("没有代码为 %(code)s 的单位。", code=code))
    try:
        file = rules.read(path)
    except rules.RuleFault as fault:
        raise Refused(f"{path.name}: {fault.message}") from fault
    adopted = mentors.adopt_rule(file, unit=unit, actor=system_actor("lms pairing adopt"), now=clock.now())
    click.echo(_("已采用“%(title)s”版本 %(version)s。", title=adopted.title, version=adopted.version))


@pairing.command()
@in_unit_of_work
def show() -> None:
    """List the adopted rules, the newest first."""
    for rule in queries.list_rules():
        where = str(rule.unit_id) if rule.unit_id else _("全站")
        click.echo(f"{rule.valid_from}  {rule.name} v{rule.version}  {where}  {rule.title}  ({rule.source})")
