"""Proofs that what is kept holds together: modules register theirs in their `setup`, and `lms verify` runs them all.

A proof only reads, looks at everything, and names what is wrong. After a crash, a restored backup or a full disk they
say whether anything is amiss; on any other day they cost seconds for a county and minutes for a province.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from lms.core import db, files
from lms.core.files import StoredFile
from lms.core.i18n import LazyString
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l

#: Of each proof so many wrong things are named; all are counted.
MOST_NAMED = 100
CHUNK = 1024 * 1024


@dataclass
class Findings:
    """What a proof found: how much it looked at, how much of it is wrong, and what."""

    looked_at: int
    wrong: int = 0
    named: list[str] = field(default_factory=list)
    #: why it did not look, where it cannot at this moment
    skipped: LazyString | None = None

    def add(self, sentence: str) -> None:
        self.wrong += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(sentence)


@dataclass(frozen=True)
class Proof:
    """Something that must hold; `find` runs in a unit of work that only reads."""

    name: LazyString
    find: Callable[[], Findings]


def init_app(app: Flask) -> None:
    register(app, Proof(_l("数据库完好"), database_is_whole), Proof(_l("文件与登记一致"), files_are_whole))


def register(app: Flask, *proofs: Proof) -> None:
    app.extensions.setdefault("proofs", []).extend(proofs)


def all_proofs(app: Flask) -> list[Proof]:
    """In the order of registration."""
    return list(app.extensions["proofs"])


def database_is_whole() -> Findings:
    """SQLite's own check of its pages and references; PostgreSQL enforces references, and checks pages as it reads."""
    return db.on_both(_sqlite_is_whole, lambda: Findings(0))  # type: ignore[no-any-return]


def _sqlite_is_whole() -> Findings:
    found = Findings(1)
    for (said,) in db.session().execute(text("PRAGMA integrity_check")).all():
        if said != "ok":
            found.add(str(said))
    for table, row, _parent, _key in db.session().execute(text("PRAGMA foreign_key_check")).all():
        found.add(_("表 %(table)s 第 %(row)s 行指向不存在的记录。", table=table, row=row))
    return found


def files_are_whole() -> Findings:
    """Each registered file is there, with the content whose digest is its name."""
    found = Findings(0)
    rows = select(StoredFile.digest, func.min(StoredFile.label)).group_by(StoredFile.digest)
    for digest, label in db.session().execute(rows):
        found.looked_at += 1
        path = files.path_of(digest)
        if not path.is_file():
            found.add(_("文件“%(label)s”不见了：%(digest)s", label=label, digest=digest))
        elif digest_of(path) != digest:
            found.add(_("文件“%(label)s”的内容变了：%(digest)s", label=label, digest=digest))
    return found


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    digest = sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
