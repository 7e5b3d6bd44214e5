"""`adopt` and `show`: the two commands of every kind of local rule, for the group of the module that keeps it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import click

from lms.core import clock
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import Actor, system_actor
from lms.units import local_rules
from lms.units.local_rules import LocalRule, RuleFault, RuleFile
from lms.units.models import Unit
from lms.units.queries import find_by_code


class Adopt(Protocol):
    """The action of the module: puts a file into force, and leaves an audit row."""

    def __call__(self, file: RuleFile, *, unit: Unit | None, actor: Actor, now: datetime) -> LocalRule: ...


def add_to(
    group: click.Group, model: type[LocalRule], *, shipped: Path, read: Callable[[Path], RuleFile], adopt: Adopt
) -> None:
    """Give `group` the commands `adopt RULE [--unit CODE]` and `show`.

    :param shipped: the folder of the rules that come with the site, adopted by name.
    """
    names = ", ".join(sorted(path.stem for path in shipped.glob("*.toml")))

    @group.command("adopt", help=f"Adopt RULE: a TOML file, or the name of a shipped one ({names}).")
    @click.argument("rule")
    @click.option("--unit", "code", help="Division code of the unit for whose subtree it holds; else the whole site.")
    @in_unit_of_work
    def _adopt(rule: str, code: str | None) -> None:
        unit, file = _find_unit(code), _find_file(rule, shipped, read)
        adopted = adopt(file, unit=unit, actor=system_actor(f"lms {group.name} adopt"), now=clock.now())
        click.echo(_("已采用“%(title)s”版本 %(version)s。", title=adopted.title, version=adopted.version))

    @group.command("show", help="List the adopted rules, the newest first.")
    @in_unit_of_work
    def _show() -> None:
        for rule in local_rules.list_adopted(model):
            where = str(rule.unit_id) if rule.unit_id else _("全站")
            click.echo(f"{rule.valid_from}  {rule.name} v{rule.version}  {where}  {rule.title}  ({rule.source})")


def _find_unit(code: str | None) -> Unit | None:
    unit = find_by_code(code) if code else None
    if code and unit is None:
        raise Refused(_("没有代码为 %(code)s 的单位。", code=code))
    return unit


def _find_file(rule: str, shipped: Path, read: Callable[[Path], RuleFile]) -> RuleFile:
    known = shipped / f"{rule}.toml"
    path = known if known.is_file() else Path(rule)
    if not path.is_file():
        raise Refused(_("找不到规则文件 %(path)s。", path=path))
    try:
        return read(path)
    except RuleFault as fault:
        raise Refused(f"{path.name}: {fault.message}") from fault
