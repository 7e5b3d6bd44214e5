"""Commands about questions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from lms.core.i18n import gettext as _
from lms.quizzes import gift
from lms.quizzes.gift import GiftFault, GiftFaults
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.registry import KINDS
from lms.quizzes.questions import Question


@click.group("questions")
def questions() -> None:
    """Questions in Moodle's GIFT format."""


@questions.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(file: Path, as_json: bool) -> None:
    """Read FILE and count its questions by kind, or list what is wrong with it, line by line (exit code 1)."""
    found: Sequence[Question] = ()
    faults: Sequence[GiftFault] = ()
    try:
        found = gift.read(file.read_bytes())
    except GiftFaults as refused:
        faults = refused.faults
    except OSError as error:
        raise click.ClickException(_("无法读取文件：%(reason)s", reason=error.strerror or "")) from error
    if as_json:
        click.echo(json.dumps(_report(found, faults), ensure_ascii=False, indent=2))
    else:
        _say(found, faults)
    if faults:
        raise click.exceptions.Exit(1)


def _report(found: Sequence[Question], faults: Sequence[GiftFault]) -> dict[str, Any]:
    return {
        "questions": len(found),
        "kinds": dict(Counter(question.kind for question in found)),
        "categories": dict(Counter(question.category for question in found)),
        "faults": [{"line": f.line, "code": f.code, "message": f.message} for f in faults],
        "remarks": [{"line": line, "message": message} for line, message in _remarks(found)],
    }


def _say(found: Sequence[Question], faults: Sequence[GiftFault]) -> None:
    for fault in faults:
        click.echo(_("第 %(line)s 行：%(message)s", line=fault.line, message=fault.message), err=True)
    if faults:
        click.echo(_("发现 %(count)s 处错误，没有读入任何题目。", count=len(faults)), err=True)
        return
    for name, count in Counter(question.kind for question in found).items():
        click.echo(f"{KINDS[name].label}  {count}")
    click.echo(_("共 %(count)s 道题，没有错误。", count=len(found)))
    for line, message in _remarks(found):
        click.echo(_("提醒：第 %(line)s 行：%(message)s", line=line, message=message))


def _remarks(found: Sequence[Question]) -> list[tuple[int, str]]:
    """What is allowed, but probably not meant."""
    return [
        (question.line, _("这道多选题全部勾选也能得满分，可以给错误选项写上负的分值。"))
        for question in found
        if isinstance(question.body, MultipleChoice) and question.body.rewards_ticking_all
    ]
