"""`lms backup`, `lms restore`, `lms verify`: one engineer, three commands."""

import sys
from pathlib import Path
from typing import Any

import click
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import select, text

from lms.core import backup, clock, db
from lms.core.backup import Place
from lms.core.commands import alembic_config, upgrade_tables
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.proofs import all_proofs

FOLDER = click.Path(file_okay=False, path_type=Path)
PRESENT = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("backup")
@click.argument("to", type=FOLDER)
@click.option("--previous", type=PRESENT, help="An older backup on the same disk: files that it has are linked.")
def make(to: Path, previous: Path | None) -> None:
    """Write the database and every stored file to the new folder TO; people go on working meanwhile."""
    place = Place.of(current_app.config["LMS"])
    manifest = backup.make(place, to, previous=previous, revision=_revision(), now=clock.now())
    click.echo(
        _(
            "已备份到 %(path)s：数据库 %(database)s MB，文件 %(files)s 个共 %(size)s MB。",
            path=to,
            database=_megabytes(manifest.database_size),
            files=manifest.files,
            size=_megabytes(manifest.files_size),
        )
    )


@click.command()
@click.argument("source", metavar="FROM", type=PRESENT)
def restore(source: Path) -> None:
    """Put the backup FROM into this empty installation, bring its tables up to date, and prove everything."""
    config: Any = current_app.config["LMS"]
    manifest = backup.read(source)
    _refuse_unknown(manifest.revision, config.database_url)
    backup.restore(manifest, source, Place.of(config))
    upgrade_tables(config.database_url)
    click.echo(_("已恢复 %(made_at)s 的备份。", made_at=manifest.made_at))
    _prove()


@click.command()
def verify() -> None:
    """Prove that what is kept holds together: database, files, ledger, standings, figures; exit code 1 if not."""
    _prove()


def _prove() -> None:
    wrong = 0
    for proof in all_proofs(current_app):
        with db.unit_of_work(current_app.extensions["database"], write=False):
            found = proof.find()
        wrong += found.wrong
        if found.skipped is not None:
            click.echo(_("%(name)s：跳过。%(why)s", name=proof.name, why=found.skipped))
            continue
        click.echo(
            _(
                "%(name)s：查 %(looked)s 项，%(wrong)s 项有误。",
                name=proof.name,
                looked=found.looked_at,
                wrong=found.wrong,
            )
        )
        for sentence in found.named:
            click.echo(f"  {sentence}", err=True)
    if wrong:
        click.echo(_("共 %(count)s 处不符。", count=wrong), err=True)
        sys.exit(1)


def _revision() -> str:
    """Which migration the database has had."""
    with db.unit_of_work(current_app.extensions["database"], write=False) as opened:
        return str(opened.scalar(select(text("version_num")).select_from(text("alembic_version"))) or "")


def _refuse_unknown(revision: str, url: str) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config(url)).walk_revisions()}
    if revision not in known:
        raise Refused(_("这份备份来自更新的版本（%(revision)s），请用那个版本恢复。", revision=revision))


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f}"


ALL = (make, restore, verify)
