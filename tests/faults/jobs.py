"""Long work that dies on its way: a roster being loaded, standings being computed, tables being made."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from sqlalchemy import create_engine, inspect, text

from lms.core.db import Base
from lms.migrations import models  # noqa: F401
from tests.faults.places import Places
from tests.faults.reckoning import Result, proofs, run_lms
from tests.faults.stage import Stage, settings
from tests.installation import ROOT

PEOPLE = 2000
SHARES = (0.3, 0.5, 0.7, 0.85, 0.95)
#: Runs `lms db upgrade` and dies at a statement of it.
DYING = """
import os, signal, sys
from sqlalchemy import Engine, event
from lms.core.commands import upgrade_tables
left = int(sys.argv[2])
def count(*_args):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "before_cursor_execute", count)
upgrade_tables(sys.argv[1])
"""


def roster(places: Places) -> Iterator[Result]:
    """kill -9 of `lms roster load` at several moments; then it is run again, twice."""
    file = _roster(places.folder / "roster.xlsx")
    for name, stage in (("sqlite", places.sqlite()), ("postgresql", places.postgresql())):
        words = ["roster", "load", str(file), "--unit", "990101"]
        trial = places.sqlite() if name == "sqlite" else places.postgresql()
        begun = time.monotonic()
        run_lms(trial, *words)
        whole = time.monotonic() - begun
        result = Result(f"roster load killed, {name}", sent=PEOPLE)
        seen = []
        for share in SHARES:
            _run_and_kill(stage, words, whole * share)
            seen.append(_loaded(stage)[0])
        result.unknown = sum(0 < count < PEOPLE for count in seen)
        for _time in range(2):
            done = run_lms(stage, *words)
            result.faults += [done.stderr[-300:]] if done.returncode else []
        people, posts = _loaded(stage)
        result.acknowledged, result.lost = people, max(0, PEOPLE - people)
        result.duplicated = max(0, people - PEOPLE) + abs(posts - people)
        result.notes.append(f"{whole:.0f} s whole; people after each of {len(SHARES)} kills: {seen}")
        if result.unknown or result.lost or result.duplicated:
            result.faults.append(f"half a load, or not one: {seen}, {people}, {posts}")
        result.notes.append(_recompute(stage, result))
        result.faults += proofs(stage)
        yield result


def _recompute(stage: Stage, result: Result) -> str:
    """Standings of everybody, computed anew by a job that is killed on its way."""
    chance = random.Random(7)
    for _time in range(3):
        _run_and_kill(stage, ["policies", "recompute"], 1.5 + chance.random() * 2)
    done = run_lms(stage, "policies", "recompute")
    if done.returncode:
        result.faults.append(done.stderr[-300:])
    return "then recomputing killed 3 times"


def _run_and_kill(stage: Stage, words: list[str], seconds: float) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "lms", *words], cwd=ROOT, env=environment | settings(stage.database_url, stage.data_dir),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    threading.Event().wait(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _loaded(stage: Stage) -> tuple[int, int]:
    """(people of the file, their posts)."""
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:
        people = connection.scalar(text("SELECT count(*) FROM persons WHERE phone LIKE '1950%'")) or 0
        posts = connection.scalar(
            text("SELECT count(*) FROM appointments a JOIN persons p ON p.id = a.person_id WHERE p.phone LIKE '1950%'")
        )
    engine.dispose()
    return int(people), int(posts or 0)


def _roster(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("花名册")
    for column, words in enumerate(("姓名", "性别", "所在街道", "所在社区", "职务", "入职时间", "联系电话")):
        sheet.write_string(0, column, words)
    surnames, given = "赵钱孙李周吴郑王冯陈", "安宁平和清明文华春秋"
    for number in range(PEOPLE):
        name = surnames[number % 10] + given[number // 10 % 10] + given[number // 100 % 10]
        cells = (name, "女", "和平街道", "光明社区", "网格员", "2021.03", f"1950{number:07}")
        for column, words in enumerate(cells):
            sheet.write_string(number + 1, column, words)
    book.close()
    return path


def migration(places: Places) -> Iterator[Result]:
    """kill -9 of `lms db upgrade` at several statements of it."""
    cluster = places.server().cluster
    for name in ("sqlite", "postgresql"):
        result, tables = Result(f"upgrade killed, {name}"), len(Base.metadata.tables)
        seen = []
        for number, statement in enumerate((3, tables, 2 * tables, 3 * tables)):
            if name == "postgresql":
                cluster.create(f"killed_{number}")
                url = cluster.url(f"killed_{number}")
            else:
                url = f"sqlite:///{places.folder / f'killed{number}.sqlite3'}"
            done = subprocess.run([sys.executable, "-c", DYING, url, str(statement)], cwd=ROOT, capture_output=True)
            seen.append(_tables(url))
            stage = Stage(url, places.folder / f"killed-{name}-{number}", 0, (), None)  # type: ignore[arg-type]
            again = run_lms(stage, "db", "upgrade")
            if again.returncode or _tables(url) < tables:
                result.faults.append(f"killed ({done.returncode}) at {statement}: {again.stdout}{again.stderr[-300:]}")
        result.notes.append(f"tables after kills at four statements: {seen}; upgraded again: {tables} of {tables}")
        if any(0 < count < tables for count in seen):
            result.faults.append(f"a half upgrade: {seen}")
        yield result


def _tables(url: str) -> int:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names()) & set(Base.metadata.tables)
    engine.dispose()
    return len(names)
