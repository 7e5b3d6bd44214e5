"""`lms roster …`: check or load a roster from a terminal. Findings are sentences, or JSON; never a traceback."""

import json
from pathlib import Path
from typing import Any

import click

from lms.core import clock
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import system_actor
from lms.roster import actions, findings
from lms.roster.checking import Checked
from lms.roster.models import RosterLoad
from lms.roster.understanding import NotARoster
from lms.units.models import Unit
from lms.units.queries import find_by_code

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_SHOWN = 50
#: What a form asks before it goes on, and the option that answers it here.
CONSENTS = {"accept_sound": "--accept-sound-rows", "confirm_endings": "--confirm-endings"}


@click.group()
def roster() -> None:
    """A county's list of its community workers: check a file, load it."""


@roster.command()
@click.argument("file", type=FILE)
@click.option("--unit", "code", required=True, help="Division code of the unit whose roster it is, such as 990101.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def check(context: click.Context, file: Path, code: str, as_json: bool) -> None:
    """Say what FILE holds, what is wrong with it, and what loading it would do. Writes nothing about people."""
    told, reason = _check(file, code, progress=not as_json)
    if as_json or told["rows"] or reason is None:  # of a file that is no roster the reason alone is true
        _print(told, as_json=as_json)
    if reason is not None:
        click.echo(reason, err=True)
        context.exit(1)


@roster.command()
@click.argument("file", type=FILE)
@click.option("--unit", "code", required=True, help="Division code of the unit whose roster it is, such as 990101.")
@click.option("--accept-sound-rows", is_flag=True, help="Load the sound rows although others have errors.")
@click.option("--confirm-endings", is_flag=True, help="End posts although they are more than 2 % of those open.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def load(
    context: click.Context, file: Path, code: str, accept_sound_rows: bool, confirm_endings: bool, as_json: bool
) -> None:
    """Load FILE. The same file again changes nothing."""
    told, refusal = _load(file, code, accept_sound_rows, confirm_endings, progress=not as_json)
    _print({**told, "loaded": refusal is None}, as_json=as_json)
    if refusal is not None:
        click.echo(refusal.message, err=True)
        if refusal.field in CONSENTS:
            click.echo(_("确认要这样做时，加上 %(option)s 再执行一次。", option=CONSENTS[refusal.field]), err=True)
        context.exit(1)
    if not as_json:
        plan = told["plan"]
        idle = not any(plan[key] for key in ("create", "change", "appoint", "end"))
        click.echo(_("没有任何变化：这份文件与现有记录一致。") if idle else _("已载入。"))
        if told.get("sign_ins"):
            click.echo(_("%(count)s 人的登录名随手机号更改，原来的登录已退出。", count=told["sign_ins"]))


@in_unit_of_work
def _check(file: Path, code: str, *, progress: bool) -> tuple[dict[str, Any], str | None]:
    load, checked = _examine(file, code, progress)
    told = _told(load, code)
    actions.discard(load, actor=system_actor("command line"), now=clock.now())
    if checked.understanding.missing:
        return told, NotARoster(checked.understanding.missing).message
    return told, _("有 %(count)s 行存在错误。", count=len(checked.rows_out)) if checked.blocks else None


@in_unit_of_work
def _load(
    file: Path, code: str, accept_sound: bool, confirm_endings: bool, *, progress: bool
) -> tuple[dict[str, Any], Refused | None]:
    actor, now = system_actor("command line"), clock.now()
    load, _checked = _examine(file, code, progress)
    told = _told(load, code)
    try:
        if progress:
            click.echo(_("正在载入……"), err=True)
        actions.carry_out(load, accept_sound=accept_sound, confirm_endings=confirm_endings, actor=actor, now=now)
    except Refused as refusal:
        actions.discard(load, actor=actor, now=now)
        return told, refusal
    return {**told, "sign_ins": load.understood["sign_ins"]}, None


def _examine(file: Path, code: str, progress: bool) -> tuple[RosterLoad, Checked]:
    if progress:
        click.echo(_("正在读取 %(file)s……", file=file.name), err=True)
    return actions.check(_unit(code), file.read_bytes(), file.name, actor=system_actor("command line"), now=clock.now())


def _unit(code: str) -> Unit:
    unit = find_by_code(code)
    if unit is None:
        raise Refused(_("没有代码为 %(code)s 的单位。", code=code))
    return unit


def _told(load: RosterLoad, code: str) -> dict[str, Any]:
    """The JSON of a check: its keys are a contract."""
    understood = load.understood
    return {
        "file": load.file_name,
        "unit": code,
        "sheet": understood["sheet"],
        "header_rows": understood["header_rows"],
        "columns": understood["columns"],
        "rows": understood["rows"],
        "sound": understood["sound"],
        "findings": [_finding(findings.from_json(one)) for one in load.findings],
        "plan": understood["plan"],
    }


def _finding(one: findings.Finding) -> dict[str, Any]:
    return {
        "severity": one.severity.value,
        "code": one.code.value,
        "row": one.row,
        "column": one.column,
        "message": one.message,
    }


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    first, last = told["header_rows"]
    click.echo(_("工作表“%(sheet)s”，表头第 %(first)s 至 %(last)s 行。", sheet=told["sheet"], first=first, last=last))
    for one in told["findings"][:MOST_SHOWN]:
        place = _("第 %(row)s 行 %(column)s", row=one["row"] or "", column=one["column"])
        click.echo(f"{findings.Severity(one['severity']).label}  {place}  {one['message']}")
    if len(told["findings"]) > MOST_SHOWN:
        click.echo(_("另有 %(count)s 条，用 --json 查看全部。", count=len(told["findings"]) - MOST_SHOWN))
    click.echo(_("共 %(rows)s 行，其中 %(sound)s 行没有错误。", rows=told["rows"], sound=told["sound"]))
    plan = told["plan"]
    click.echo(
        _(
            "新建 %(create)s 人，变更 %(change)s 人，新任职 %(appoint)s 项，结束任职 %(end)s 项，"
            "不变 %(unchanged)s 人，表中没有的 %(missing)s 人。",
            **plan,
        )
    )
