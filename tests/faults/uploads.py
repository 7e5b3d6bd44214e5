"""Uploads that end half way, and the evidence of training that people upload."""

from __future__ import annotations

import http.client
import random
import re
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import create_engine, text

from lms.core import clock
from tests.faults.clients import TOKEN, is_well
from tests.faults.places import Places
from tests.faults.reckoning import Result, proofs
from tests.faults.site import Site, serving

RUNS = 300
PATH = "/record/back-entries/new"
BOUNDARY = "faults-boundary"
SIZE = 300_000


class Uploads:
    """Evidence sent by one worker, each with its own bytes."""

    def __init__(self, site: Site) -> None:
        self.acknowledged = 0
        self.rude: list[str] = []
        self._site, self._who = site, site.stage.learners[0]
        self._titles: list[str] = []
        _status, page = self._ask("GET", "/", None)
        found = TOKEN.search(page)
        assert found
        self._token = found[1]

    def request(self, title: str) -> bytes:
        """One form with a PDF, as a browser sends it."""
        day = str(clock.today() - timedelta(days=1))
        fields = {
            "csrf_token": self._token, "title": title, "organizer": "演练", "tier": "street",
            "training_type": "in_service", "starts_on": day, "occurred_on": day, "hours": "1", "evidence": "证书",
        }  # fmt: skip
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        disposition = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf'
        data = b"%PDF-1.7\n" + secrets.token_bytes(SIZE)
        return b"".join(
            [*parts, f"--{BOUNDARY}\r\n{disposition}\r\n\r\n".encode(), data, f"\r\n--{BOUNDARY}--\r\n".encode()]
        )

    def send_whole(self, count: int) -> list[int]:
        """The answers' codes."""
        codes = []
        for _number in range(count):
            title = f"演练 {secrets.token_hex(6)}"
            code, page = self._ask("POST", PATH, self.request(title))
            codes.append(code)
            if code == 303:
                self.acknowledged += 1
                self._titles.append(title)
            elif code != 503 or "稍" not in page:
                self.rude.append(f"{code}: {_text(page)[:200]}")
        return codes

    def raw(self, title: str) -> bytes:
        body = self.request(title)
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{self._site.port}\r\nCookie: {self._who.header}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def compare(self) -> tuple[int, int]:
        """(acknowledged and not there, there without having been asked for whole)."""
        engine = create_engine(self._site.stage.database_url)
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT title FROM back_entries WHERE title LIKE '演练 %'")).scalars().all()
        engine.dispose()
        return len(set(self._titles) - set(rows)), len(rows) - len(set(self._titles) & set(rows))

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._site.port, timeout=30)
        headers = {"Cookie": self._who.header, "Accept": "text/html", "Accept-Language": "zh-CN"}
        if body is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, page


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())


def half(places: Places) -> Iterator[Result]:
    """The connection ends at a random byte, hundreds of times."""
    stage, chance = places.sqlite(), random.Random("half")
    result = Result("half upload")
    with serving(stage) as site:
        uploads = Uploads(site)
        uploads.send_whole(3)
        before = {path for path in (stage.data_dir / "files").rglob("*") if path.is_file()}
        longest = 0.0
        for _run in range(RUNS):
            begun = time.monotonic()
            raw = uploads.raw("演练 half")
            with suppress(OSError), socket.create_connection(("127.0.0.1", site.port), timeout=20) as client:
                client.sendall(raw[: chance.randrange(1, len(raw) - 1)])
            longest = max(longest, time.monotonic() - begun)
        well = is_well(site.port)
        uploads.send_whole(3)
        result.sent, result.acknowledged, result.unknown = RUNS + 6, uploads.acknowledged, RUNS
        result.lost, result.duplicated = uploads.compare()
        after = {path for path in (stage.data_dir / "files").rglob("*") if path.is_file()}
    result.notes.append(f"{RUNS} connections ended at a random byte; files left behind: {len(after - before) - 3}")
    if not well or len(after - before) != 3 or uploads.rude or result.lost or result.duplicated:
        result.faults.append(f"well: {well}, new files: {len(after - before)}, {uploads.rude[:2]}")
    result.faults += proofs(stage)
    yield result
