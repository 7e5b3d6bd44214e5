"""Spreadsheets made to eat all memory: a limited child dies of them, and no process that answers."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.core.test_spreadsheets import CROWDED, SHEET_PART, TALL, WIDE, bomb, small
from tests.faults.clients import TOKEN
from tests.faults.places import Places
from tests.faults.reckoning import Result, reckon
from tests.faults.site import Crowd, Site, serving

BOUNDARY = "faults-boundary"
GROWTH = 150_000  # kB of resident memory that a worker may gain


def hostile_sheets(places: Places) -> Iterator[Result]:
    stage = places.sqlite()
    sheets = [small(**{SHEET_PART: part}) for part in (WIDE, TALL, CROWDED)] + [bomb()]
    with serving(stage) as site, Crowd(site) as crowd:
        crowd.wait_for(60)
        before = {worker: _resident(worker) for worker in site.workers()}
        codes = [_upload(site, sheet) for _time in range(3) for sheet in sheets]
        crowd.wait_for(20)
        after = {worker: _resident(worker) for worker in site.workers()}
        result = reckon("hostile spreadsheets", stage, crowd.clients, crowd.finish())
    grown = max(after[worker] - before[worker] for worker in before if worker in after) // 1024
    result.notes.insert(0, f"{len(codes)} uploads answered {sorted(set(codes))}; a worker grew by {grown} MB at most")
    if set(before) != set(after) or set(codes) != {422} or grown * 1024 > GROWTH:
        result.faults.append(f"workers {set(before)} then {set(after)}, answers {codes}, {grown} MB")
    yield result


def _resident(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def _upload(site: Site, sheet: bytes) -> int:
    engine = create_engine(site.stage.database_url)
    with engine.connect() as connection:
        unit = connection.scalar(text("SELECT id FROM units WHERE code = '990101'"))
    engine.dispose()
    token = TOKEN.search(_ask(site, "GET", None)[1])
    assert token
    fields = {"csrf_token": token[1], "unit": str(unit)}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="dim.xlsx"\r\n\r\n'.encode()
    return _ask(site, "POST", b"".join([*parts, head, sheet, f"\r\n--{BOUNDARY}--\r\n".encode()]))[0]


def _ask(site: Site, method: str, body: bytes | None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    headers = {"Cookie": site.stage.administrator.header, "Accept": "text/html"}
    if body is not None:
        headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    connection.request(method, "/roster/new", body, headers)
    answer = connection.getresponse()
    page = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, page
