"""Every field for a file is sent every kind of trap: it is refused in words or made anew, and lies where we say.

The fields are found by watching what each view reads, so that a new upload is tried without a word here.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.files import StoredFile
from tests.drafts import shapes
from tests.records.test_evidence import enormous_png
from tests.whole import fields
from tests.whole.conftest import House
from tests.whole.matrix import LINES, Line
from tests.whole.test_input import fault_of, read_by, writer

pytestmark = pytest.mark.one_database


CANARY = "canary-in-a-file"
KEY = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")


def package(**parts: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def linked() -> bytes:
    """An archive that holds a symbolic link, and a name that climbs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../../../climbed", CANARY)
    return out.getvalue()


def with_entity(secret: Path) -> str:
    declaration = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}"><!ENTITY c SYSTEM "http://127.0.0.1:9/">]>'
    return f'<?xml version="1.0"?>{declaration}<a>&b;&c;</a>'


def traps(secret: Path) -> dict[str, bytes]:
    """Contents by what they are. `secret` is what a reader of entities would give away."""
    sheet = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
    document = {"[Content_Types].xml": "<Types/>"}
    return {
        "page": b"<!doctype html><script>alert(1)</script>",
        "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>1</script></svg>',
        "picture and page": b"GIF89a/*<script>*/=1;//</script>",
        "picture and archive": shapes.picture(60, 40, kind="PNG") + linked(),
        "climbing archive": linked(),
        "sheet with entity": package(**sheet, **{"xl/worksheets/sheet1.xml": with_entity(secret)}),
        "document with entity": package(**document, **{"word/document.xml": with_entity(secret)}),
        "sheet that swells": package(**sheet, **{"xl/worksheets/sheet1.xml": b" " * 210_000_000}),
        "enormous picture": enormous_png(),
        "half a picture": shapes.picture()[:300],
        "program": b"MZ\x90\x00" + bytes(200),
        "nothing": b"",
        "brackets": b"x = " + b"[" * 90_000,
        "one long line": b'a = """\n[' + b" " * 150_000 + b'\n"""',
        "one long heading": (b"(" * 15_000 + b",") * 30 + b"\n",
    }


NAMES = (
    "../../../../climbed",
    "..\\..\\climbed.xlsx",
    "/etc/climbed.docx",
    "a\x00.png",
    "CON.pdf",
    "长" * 300 + ".xlsx",
    'a"; filename="b.html',
    "\u202egpj.toml",
    "a.csv",
    "a.docx",
    "a.jpg",
)


#: Endings that each module asks for, so that a trap is not refused for its name alone.
RIGHT = {"drafts": "a.docx", "policies": "a.toml"}


def uploads(house: House) -> list[tuple[Line, str, str]]:
    """(line, role, field) of each field for a file."""
    writers = [(line, role) for line in LINES if (role := writer(house, line))]
    names = fields.of_files()
    found = [(line, role, name) for line, role in writers for name in read_by(house, role, line) if name in names]
    return [
        (line, role, name)
        for line, role, name in found
        if send(house, role, line, name, b"a", "a")[0].status_code != 400
    ]


def send(house: House, role: str, line: Line, name: str, data: bytes, label: str) -> Any:
    given = house.filled(line.form)
    if line.endpoint == "policies.adopt":
        given["pack"] = "file"
    with house.undone():
        answer = house.client(role).post(
            house.address(line), data={**given, name: (io.BytesIO(data), label)}, buffered=True,
            content_type="multipart/form-data", query_string=house.filled(line.where),
        )  # fmt: skip
        with db.unit_of_work(house.app.extensions["database"], write=False) as session:
            labels = list(session.scalars(select(StoredFile.label)))
    return answer, labels


def lying(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(CANARY)
    return path


def test_every_field_for_a_file_withstands_every_trap(house: House, secret: Path) -> None:
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    folder: Path = house.app.config["LMS"].data_dir
    before, around = lying(folder), {path.name for path in folder.parent.iterdir()}
    found, all_traps, wrong = uploads(house), traps(secret), []
    assert {line.endpoint for line, _role, _name in found} >= {
        "roster.new", "records.new_load", "records.propose", "policies.adopt", "drafts.new", "drafts.add_picture",
    }  # fmt: skip
    for number, (line, role, name) in enumerate(found):
        right = RIGHT.get(line.endpoint.partition(".")[0], "a.xlsx")
        sent = [(what, data, right) for what, data in all_traps.items()]
        sent += [("a harmless picture", shapes.picture(60, 40, kind="PNG"), label) for label in NAMES[number::4]]
        for what, data, label in sent:
            answer, labels = send(house, role, line, name, data, label)
            fault = fault_of(answer)
            if CANARY in answer.text or [one for one in labels if re.search(r"[/\\\x00-\x1f\u202e]|^\.", one)]:
                fault += " gave something away"
            if fault:
                wrong.append(f"{line.endpoint} {name}, {what} called {label[:20]!r}: {fault}")
    assert not wrong
    assert not {path for path in lying(folder) - before if not KEY.fullmatch(path)}
    assert {path.name for path in folder.parent.iterdir()} == around
