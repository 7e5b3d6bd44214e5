"""A backup: a folder with the database at one moment, every stored file, and a manifest that proves both.

    manifest.json   what it is, of which version, and the digest of the database
    database        a SQLite database, or an archive of pg_dump
    files/ab/ab…    stored files under the digest of their content, as in the data folder
    secret_key      only where the installation keeps its key in the data folder

The database is taken first. Stored files are written before the rows that name them and never change, so that whatever
the database knows is among the files that are copied after it. People go on working meanwhile. The folder appears under
its name when it is whole. Restoring goes into an empty place only, checks every digest on the way, and never half.

Sources: SQLite's online backup API; the PostgreSQL manual on pg_dump, pg_restore and libpq's environment variables.
"""

from __future__ import annotations

import hmac
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, inspect, make_url

from lms.config import Config
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.proofs import digest_of

FORMAT = 1
MANIFEST, DATABASE, FILES, KEY = "manifest.json", "database", "files", "secret_key"
#: What the key signs, so that a backup knows its key without holding it.
KNOWN_WORDS = b"which secret key this backup belongs to"
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_at: str
    dialect: str
    revision: str
    database_digest: str
    database_size: int
    files: int
    files_size: int
    key: str


@dataclass(frozen=True)
class Place:
    """Where an installation keeps what it must not lose."""

    database: URL
    data_dir: Path
    secret: str

    @classmethod
    def of(cls, config: Config) -> Place:
        return cls(make_url(config.database_url), config.data_dir, config.secret_key)

    @property
    def dialect(self) -> str:
        return self.database.get_backend_name()

    @property
    def sqlite_file(self) -> Path:
        return Path(self.database.database or "")

    @property
    def key(self) -> str:
        """What tells whether a backup was made with this installation's secret."""
        return hmac.new(self.secret.encode(), KNOWN_WORDS, "sha256").hexdigest()

    @property
    def kept_key(self) -> Path | None:
        """The file that holds the secret, where it does not come from the environment."""
        file = self.data_dir / KEY
        return file if file.is_file() and file.read_text().strip() == self.secret else None


def make(place: Place, to: Path, *, previous: Path | None, revision: str, now: datetime) -> Manifest:
    """Write a backup to the folder `to`, which must not be there yet.

    :param previous: an older backup on the same disk; files that it has are linked instead of copied.
    :raise Refused: `to` is there already, or the database cannot be copied.
    """
    if to.exists():
        raise Refused(_l("%(path)s 已经存在，备份要写到新的位置。", path=to))
    unfinished = to.with_name(f"{to.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True, mode=0o700)
        database = unfinished / DATABASE
        _dump(place, database)
        count, size = _copy_files(place.data_dir / FILES, unfinished / FILES, previous and previous / FILES)
        if place.kept_key:
            shutil.copy2(place.kept_key, unfinished / KEY)
        manifest = Manifest(
            format=FORMAT,
            made_at=now.isoformat(timespec="seconds"),
            dialect=place.dialect,
            revision=revision,
            database_digest=digest_of(database),
            database_size=database.stat().st_size,
            files=count,
            files_size=size,
            key=place.key,
        )
        (unfinished / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
        _settle(unfinished)
        unfinished.rename(to)
    except OSError as error:
        raise Refused(_l("备份没有完成：%(reason)s", reason=error.strerror or error)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def read(folder: Path) -> Manifest:
    """What the backup in `folder` says of itself.

    :raise Refused: it is no backup, or of a format that is not known here.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**said)
    except (OSError, ValueError, TypeError) as error:
        raise Refused(_l("%(path)s 不是完整的备份。", path=folder)) from error
    if manifest.format != FORMAT:
        raise Refused(_l("这份备份的格式（%(format)s）本版本不认识。", format=manifest.format))
    return manifest


def restore(manifest: Manifest, folder: Path, place: Place) -> None:
    """Put a backup into an empty installation.

    :raise Refused: the place is not empty, the backup is of another kind or key, or its content is not what it was.
    """
    _refuse_unfit(manifest, folder, place)
    if digest_of(folder / DATABASE) != manifest.database_digest:
        raise Refused(_l("备份中的数据库与清单不符，没有恢复。"))
    found = list(_stored(folder / FILES))
    damaged = [path.name for path in found if digest_of(path) != path.name]
    if damaged or len(found) != manifest.files:
        raise Refused(
            _l(
                "备份中的文件与清单不符（应有 %(wanted)s 个，现有 %(found)s 个，损坏 %(damaged)s 个），没有恢复。",
                wanted=manifest.files,
                found=len(found),
                damaged=len(damaged),
            )
        )
    try:
        place.data_dir.mkdir(parents=True, exist_ok=True)
        _copy_files(folder / FILES, place.data_dir / FILES, None)
        if (folder / KEY).is_file():
            shutil.copy2(folder / KEY, place.data_dir / KEY)
        _load(folder / DATABASE, place)
    except OSError as error:
        raise Refused(_l("恢复没有完成，可以再运行一次：%(reason)s", reason=error.strerror or error)) from error


def _refuse_unfit(manifest: Manifest, folder: Path, place: Place) -> None:
    if manifest.dialect != place.dialect:
        raise Refused(_l("备份来自 %(theirs)s，这里用的是 %(ours)s。", theirs=manifest.dialect, ours=place.dialect))
    if not _is_empty(place, folder):
        raise Refused(_l("只能恢复到空的位置：这里的数据库或数据目录已有内容。"))
    brings_key = (folder / KEY).is_file() and (place.kept_key is not None or not place.secret)
    if not brings_key and manifest.key != place.key:
        raise Refused(_l("LMS_SECRET_KEY 与做备份时的不同，证件号码将无法解读，没有恢复。"))


def _is_empty(place: Place, folder: Path) -> bool:
    """Nothing is there but files of this very backup, which an interrupted attempt may have left."""
    if any(not (folder / FILES / path.parent.name / path.name).is_file() for path in _stored(place.data_dir / FILES)):
        return False
    if place.dialect == "sqlite":
        return not place.sqlite_file.exists() or not _tables(place.database)
    return not _tables(place.database)


def _tables(url: URL) -> list[str]:
    engine = create_engine(url, poolclass=NullPool)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


# Databases


def _dump(place: Place, to: Path) -> None:
    if place.dialect == "sqlite":
        _dump_sqlite(place.sqlite_file, to)
    else:
        _run_postgresql("pg_dump", place.database, "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def _dump_sqlite(source: Path, to: Path) -> None:
    """In one step: writers are not held up, and what they write meanwhile is not in it."""
    if not source.exists():
        raise Refused(_l("还没有数据库，请先运行 lms db upgrade。"))
    with closing(sqlite3.connect(source, timeout=30)) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        said = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise Refused(_l("数据库本身已损坏：%(said)s", said=said))


def _load(dump: Path, place: Place) -> None:
    if place.dialect != "sqlite":
        words = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run_postgresql("pg_restore", place.database, *words, f"--dbname={place.database.database}", str(dump))
        return
    target = place.sqlite_file
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    scratch = target.with_name(f"{target.name}.part")
    shutil.copyfile(dump, scratch)
    _settle(scratch)
    scratch.replace(target)


def _run_postgresql(program: str, url: URL, *words: str) -> None:
    """:raise Refused: the program is missing, or what it says when it fails."""
    command = [_find(program), "--no-password", *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LMS_"))}
    given: dict[str, object] = {"PGHOST": url.host, "PGPORT": url.port, "PGDATABASE": url.database}
    given |= {"PGUSER": url.username, "PGPASSWORD": url.password}
    given |= {f"PG{name.upper()}": value for name, value in url.query.items()}
    environment |= {name: str(value) for name, value in given.items() if value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(_l("%(program)s 没有成功：%(said)s", program=program, said=done.stderr.strip()[-500:]))


def _find(program: str) -> str:
    """Where the program is: Debian keeps one for each version, and the newest reads all of them."""
    newest = sorted(DEBIAN.glob(f"*/bin/{program}"), key=lambda path: path.parts[-3].zfill(4))
    found = str(newest[-1]) if newest else shutil.which(program)
    if not found:
        raise Refused(_l("找不到 %(program)s，请安装 PostgreSQL 的客户端程序。", program=program))
    return found


# Files


def _stored(folder: Path) -> Iterator[Path]:
    """Stored files; not what is still being written."""
    return (path for path in sorted(folder.glob("??/*")) if path.is_file() and not path.suffix)


def _copy_files(source: Path, to: Path, previous: Path | None) -> tuple[int, int]:
    """(how many, how many bytes); a file that is thrown away meanwhile has no row that names it."""
    count = size = 0
    for path in _stored(source):
        copy = to / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            _copy_or_link(path, copy, previous and previous / path.parent.name / path.name)
            count, size = count + 1, size + copy.stat().st_size
    return count, size


def _copy_or_link(path: Path, copy: Path, older: Path | None) -> None:
    if older is not None and older.is_file() and older.stat().st_size == path.stat().st_size:
        with suppress(OSError):  # on another disk: a copy then
            os.link(older, copy)
            return
    shutil.copyfile(path, copy)


def _settle(path: Path) -> None:
    """Have it on the disk before it gets its name."""
    for entry in [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]:
        with entry.open("rb") as file:
            os.fsync(file.fileno())
