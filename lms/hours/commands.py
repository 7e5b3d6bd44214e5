"""`lms ledger` proves the books; `lms credit` adopts the rules by which training becomes hours."""

import sys
from pathlib import Path

import click

from lms.core import clock
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import system_actor
from lms.hours import actions, queries, rules, verification
from lms.units import queries as units


@click.group()
def ledger() -> None:
    """The ledger of training hours."""


@ledger.command()
@in_unit_of_work
def verify() -> None:
    """Prove that balances equal the ledger and that every invariant holds; name what breaks them and exit with 1."""
    breaches = verification.verify()
    entries, balances = verification.count()
    for breach in breaches:
        click.echo(str(breach), err=True)
    if breaches:
        click.echo(_("台账有 %(count)s 处不符。", count=len(breaches)), err=True)
        sys.exit(1)
    click.echo(_("台账无误：%(entries)s 条记录，%(balances)s 个年度余额。", entries=entries, balances=balances))


@click.group()
def credit() -> None:
    """How completed training becomes hours: versioned rules with their source."""


@credit.command()
@click.argument("rule")
@click.option(
    "--unit", "code", help="Division code of the unit for whose subtree it is adopted; the whole site without."
)
@in_unit_of_work
def adopt(rule: str, code: str | None) -> None:
    """Adopt RULE: a TOML file, or the name of a shipped one (declared, lesson-bands, days)."""
    shipped = rules.SHIPPED / f"{rule}.toml"
    path = shipped if shipped.is_file() else Path(rule)
    if not path.is_file():
        raise Refused(_("找不到规则文件 %(path)s。", path=path))
    unit = units.find_by_code(code) if code else None
    if code and unit is None:
        raise Refused(_("没有代码为 %(code)s 的单位。", code=code))
    try:
        file = rules.read(path)
    except rules.RuleFault as fault:
        raise Refused(f"{path.name}: {fault.message}") from fault
    adopted = actions.adopt_rule(file, unit=unit, actor=system_actor("lms credit adopt"), now=clock.now())
    click.echo(_("已采用“%(title)s”版本 %(version)s。", title=adopted.title, version=adopted.version))


@credit.command()
@in_unit_of_work
def show() -> None:
    """List the adopted rules, the newest first."""
    for rule in queries.list_rules():
        where = str(rule.unit_id) if rule.unit_id else _("全站")
        click.echo(f"{rule.valid_from}  {rule.name} v{rule.version}  {where}  {rule.title}  ({rule.source})")
