"""All that an answer says: its headers, its text, and what is packed in a workbook or an archive."""

from __future__ import annotations

import io
import zipfile

from werkzeug.test import TestResponse


def said(answer: TestResponse) -> str:
    body = answer.get_data()
    if not body.startswith(b"PK"):
        return f"{answer.headers}\n{body.decode(errors='replace')}"
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        parts = [packed.read(name).decode(errors="replace") for name in packed.namelist()]
        return "\n".join([str(answer.headers), *packed.namelist(), *parts])
