"""`lms demo`: the demonstration and its sign-ins."""

import json
from pathlib import Path

import click
from flask import current_app

from lms.config import Config
from lms.core import clock, db
from lms.core.commands import is_newest, run_server, upgrade_tables
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import system_actor
from lms.demo import actions, sign_ins
from lms.demo.county import SIGN_INS, UNITS

LABELS = {
    "worker": _l("社区工作者"),
    "secretary": _l("社区党组织书记"),
    "trainer": _l("培训师"),
    "street_admin": _l("街道管理员"),
    "county_admin": _l("区县管理员"),
    "city_admin": _l("市级管理员"),
    "province_admin": _l("省级管理员"),
    "other_county_admin": _l("另一区县的管理员"),
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as JSON.")
@click.option("--serve", "port", type=click.IntRange(1, 65535), metavar="PORT", help="Then serve the site there.")
def demo(as_json: bool, port: int | None) -> None:
    """Set up the demonstration county inside its city and province, and print a sign-in for each role.

    Run again, it changes nothing and prints the same. With --serve one process does both, and starts the sooner.
    """
    config: Config = current_app.config["LMS"]
    if config.env == "production":
        raise Refused(_("示范数据不能放进正式环境。"))
    passwords = sign_ins.kept(config.data_dir)
    if passwords is None or not is_newest(config.database_url):
        passwords = _set_up(config, passwords)
    rows = [
        {"role": m.key, "sign_in": m.phone, "password": passwords[m.key], "unit": _unit_name(m.unit_code)}
        for m in SIGN_INS
    ]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if as_json else _table(rows))
    if port is not None:
        run_server("127.0.0.1", port)


def _set_up(config: Config, passwords: dict[str, str] | None) -> dict[str, str]:
    """Bring the tables up, build what is missing, and keep the passwords once all of it stands."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    click.echo(_("正在准备示范数据……"), err=True)
    upgrade_tables(config.database_url)
    passwords = passwords or sign_ins.make()
    with db.unit_of_work(current_app.extensions["database"]):
        actions.build(
            passwords, shipped("courses"), shipped("case_library"), actor=system_actor("lms demo"), now=clock.now()
        )
    sign_ins.keep(config.data_dir, passwords)
    return passwords


def shipped(name: str) -> Path:
    """The folder of starter courses or cases: of the source tree, or what the wheel carries."""
    package = Path(__file__).parent.parent
    bundled = package / "bundled" / name
    return bundled if bundled.is_dir() else package.parent / name


def _unit_name(code: str) -> str:
    return next(name for other, name, _level, _above in UNITS if other == code)


def _table(rows: list[dict[str, str]]) -> str:
    """Role, sign-in name, password and unit in columns; a Chinese character is two columns wide."""
    lines = [(_("身份"), _("登录名"), _("密码"), _("单位"))]
    lines += [(str(LABELS[row["role"]]), row["sign_in"], row["password"], row["unit"]) for row in rows]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
