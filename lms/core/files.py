"""Stored files: typed by their bytes, named by the server, handed out so that a browser cannot run them.

A file lives in the data folder under the digest of its content; the row says what it was called. Raster images and
videos may be shown in place; everything else is an attachment in a sandbox, whatever its name claims.
"""

import hashlib
import os
import secrets
from datetime import datetime
from io import BytesIO
from pathlib import Path

from flask import Response, current_app, request, send_file
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import db
from lms.core.db import Base
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import let_browsers_keep

LARGEST = 50 * 1024 * 1024  # bytes
LONGEST_LABEL = 120
#: How a file is called while it is being written.
UNFINISHED = ".part"

#: Content types by leading bytes; the offset matters for the container formats.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftyp", "video/mp4"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
#: What workbooks are handed out as.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: How the names of those end that come with an ending.
ENDINGS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
}
SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4"})


class StoredFile(Base):
    """A file kept by the installation; rows with the same digest share the bytes."""

    __tablename__ = "stored_files"
    __table_args__ = ({"comment": "文件: content by digest, with the label it came under"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    digest: Mapped[str] = mapped_column(String(64), index=True, comment="SHA-256 of the content, its key on disk")
    size: Mapped[int] = mapped_column(comment="bytes")
    content_type: Mapped[str] = mapped_column(String(80), comment="found from the bytes, not from the name")
    label: Mapped[str] = mapped_column(String(160), comment="cleaned file name, for people")
    stored_at: Mapped[datetime] = mapped_column(comment="when")


def content_type_of(data: bytes) -> str:
    """The type that the bytes show: one of ours, SVG, plain text, or unknown binary."""
    for offset, mark, content_type in SIGNATURES:
        if data[offset : offset + len(mark)] == mark:
            return content_type
    head = data[:1024]
    if b"<svg" in head and b"\x00" not in head:
        return "image/svg+xml"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if b"\x00" in data else "text/plain"


def fits(name: str, content_type: str) -> bool:
    """Whether a name with an ending has one of its content's; a name without says nothing wrong."""
    _stem, dot, ending = name.rpartition(".")
    return not dot or ending.lower() in ENDINGS.get(content_type, ())


def clean_label(name: str) -> str:
    """A file name without folders, control and direction characters, short enough for any file system."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in base if char.isprintable() and char not in '<>:"|?*').strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if dot and len(kept) > LONGEST_LABEL:
        kept = stem[: LONGEST_LABEL - len(suffix) - 1] + "." + suffix[:20]
    return kept[:LONGEST_LABEL] or "file"


def store(data: bytes, label: str, *, now: datetime) -> StoredFile:
    """Keep `data`; the same bytes are written once.

    :raise Refused: empty or larger than LARGEST.
    """
    if not data:
        raise Refused(_l("文件是空的。"))
    if len(data) > LARGEST:
        raise Refused(_l("文件超过 %(size)s MB。", size=LARGEST // 1024**2))
    digest = hashlib.sha256(data).hexdigest()
    _keep(path_of(digest), data)
    stored = StoredFile(
        digest=digest, size=len(data), content_type=content_type_of(data), label=clean_label(label), stored_at=now
    )
    db.session().add(stored)
    db.session().flush()  # callers point at the row
    return stored


def _keep(path: Path, data: bytes) -> None:
    """Have the bytes on the disk before a row names them: a reader sees the whole file or none."""
    if path.exists() and path.stat().st_size == len(data):
        os.utime(path)  # somebody is about to name it: the sweep leaves it alone
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{secrets.token_hex(4)}{UNFINISHED}")  # two at once do not share it
    try:
        with scratch.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def find(digest: str) -> StoredFile | None:
    return db.session().scalars(select(StoredFile).where(StoredFile.digest == digest).limit(1)).first()


def read(stored: StoredFile) -> bytes:
    return path_of(stored.digest).read_bytes()


def path_of(digest: str) -> Path:
    root: Path = current_app.config["LMS"].data_dir
    return root / "files" / digest[:2] / digest


def send(stored: StoredFile, *, private_seconds: int = 0) -> Response:
    """The file as an answer, with ranges and conditional requests.

    :param private_seconds: how long this reader's browser may keep it; 0 asks again each time.
    """
    if private_seconds:
        let_browsers_keep(f"private, max-age={private_seconds}")
    shown = stored.content_type in SHOWN_IN_PLACE
    response = send_file(
        path_of(stored.digest),
        mimetype=stored.content_type,
        as_attachment=not shown,
        download_name=stored.label,
        etag=stored.digest,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def hand_out(data: bytes, name: str, content_type: str = XLSX) -> Response:
    """What was made for this reader, to be kept under that name; nothing of it stays here."""
    return send_file(BytesIO(data), mimetype=content_type, as_attachment=True, download_name=clean_label(name))


def posted(field: str) -> tuple[bytes, str] | None:
    """The bytes and the name of an uploaded file, or None where the field was left empty."""
    upload = request.files.get(field)
    if upload is None or not upload.filename:
        return None
    return upload.stream.read(LARGEST + 1), upload.filename
