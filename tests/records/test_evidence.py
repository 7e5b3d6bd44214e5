"""The file that proves a training: a document or a picture that is what its name says, and carries nothing along."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from sqlalchemy import select

from lms.core import db
from lms.records.models import BackEntry
from tests.cast import Cast
from tests.drafts.shapes import picture
from tests.records.trainings import form

OWN = "/record/back-entries/new"


def entries(app) -> list[BackEntry]:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        return list(opened.scalars(select(BackEntry)))


def enormous_png() -> bytes:
    """A header that promises 30,000 by 30,000 pixels, and hardly any of them."""
    size = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_evidence_is_a_document_or_a_picture(app, as_, cast: Cast) -> None:
    for data in (b"<svg onload=alert(1)>", b"PK\x03\x04zip", b"text"):
        answer = as_(cast.alice).post(OWN, data=form(file=(io.BytesIO(data), "a.pdf")))
        assert answer.status_code == 422
        assert "PDF 或图片" in answer.text
    assert not entries(app)


def test_evidence_is_what_its_name_says(app, as_, cast: Cast) -> None:
    for data, name in ((picture(), "a.pdf"), (picture(), "a.html"), (b"%PDF-1.4", "a.png")):
        answer = as_(cast.alice).post(OWN, data=form(file=(io.BytesIO(data), name)))
        assert answer.status_code == 422
        assert "与扩展名不符" in answer.text
    assert not entries(app)


def test_a_photo_as_evidence_forgets_where_it_was_taken(app, as_, cast: Cast) -> None:
    """And whatever else was hidden in it: the file that is kept was made here."""
    alice, hidden = as_(cast.alice), b"<script>alert(1)</script>"
    alice.post(OWN, data=form(file=(io.BytesIO(picture(place=True) + hidden), "../证书.JPEG")))
    [entry] = entries(app)
    answer = alice.get(f"/back-entries/{entry.id}/evidence", buffered=True)
    with Image.open(io.BytesIO(answer.data)) as image:
        assert not image.getexif()
    assert hidden not in answer.data
    assert answer.headers["Content-Disposition"].endswith("%E8%AF%81%E4%B9%A6.jpg")


@pytest.mark.parametrize("harm", ["too many pixels", "cut short"])
def test_a_picture_that_is_a_trap_is_refused(app, as_, cast: Cast, harm: str) -> None:
    data = enormous_png() if harm == "too many pixels" else picture()[:200]
    answer = as_(cast.alice).post(OWN, data=form(file=(io.BytesIO(data), "a.png" if data[1:4] == b"PNG" else "a.jpg")))
    assert answer.status_code == 422
    assert not entries(app)
