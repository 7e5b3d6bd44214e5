"""The web server's clock jumps by an hour, forth and back, while people sit at quizzes of half an hour: libfaketime."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.faults.places import Places
from tests.faults.reckoning import Result, reckon
from tests.faults.site import Crowd, serving
from tests.faults.stage import MINUTES, Stage

LIBRARY = "faketime/libfaketimeMT.so.1"
JUMPS = ("+3600", "+0", "-3600", "+0")
GRACE = timedelta(seconds=31)


def jump(places: Places) -> Iterator[Result]:
    found = [path for folder in Path("/usr/lib").iterdir() if (path := folder / LIBRARY).exists()]
    if not found:
        yield Result("clock ±1 h", faults=["not tried: libfaketime is not installed"])
        return
    for name, stage in (("sqlite", places.sqlite()), ("postgresql", places.postgresql())):
        setting = stage.data_dir / "clock"
        setting.write_text("+0\n")
        faked = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(setting),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        with serving(stage, **faked) as site, Crowd(site, may_be_late=True) as crowd:
            crowd.wait_for(60)
            for offset in JUMPS:
                setting.write_text(f"{offset}\n")
                crowd.wait_for(60)
            result = reckon(f"clock ±1 h, {name}", stage, crowd.clients, crowd.finish())
        result.faults += _strange_times(stage)
        yield result


def _strange_times(stage: Stage) -> list[str]:
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:
        attempts: list[Any] = list(
            connection.execute(text("SELECT id, started_at, deadline_at, submitted_at FROM attempts"))
        )
        days = connection.execute(text("SELECT DISTINCT occurred_on FROM hour_entries WHERE title LIKE '故障%'")).all()
        hours = connection.execute(text("SELECT DISTINCT hours FROM hour_entries WHERE title LIKE '故障%'")).all()
    engine.dispose()
    found = []
    for number, *times in attempts:
        started, deadline, submitted = map(_time, times)
        if deadline is None or started is None:
            continue
        if deadline - started != timedelta(minutes=MINUTES):
            found.append(f"attempt {number}: {deadline - started} to answer in")
        if submitted is not None and not started <= submitted <= deadline + GRACE:
            found.append(f"attempt {number}: {started} to {submitted}, due {deadline}")
    if len(days) > 2 or len(hours) != 1:
        found.append(f"entries on {days}, of {hours} hours")
    return found[:5]


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
