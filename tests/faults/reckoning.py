"""The ledgers of the clients against the database: what was acknowledged is there, once, and everything adds up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import create_engine, text

from tests.faults.clients import Client, Write
from tests.faults.stage import Stage, settings
from tests.installation import ROOT


@dataclass
class Result:
    """A line of the table."""

    fault: str
    sent: int = 0
    acknowledged: int = 0
    unknown: int = 0
    lost: int = 0
    duplicated: int = 0
    outage: float | None = None
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        outage = "" if self.outage is None else f"{self.outage:.1f} s"
        counts = f"{self.sent:6} {self.acknowledged:6} {self.unknown:7} {self.lost:5} {self.duplicated:5}"
        return f"{self.fault:26} {counts} {outage:>8}   {'; '.join(self.notes)}"


HEAD = f"{'fault':26} {'sent':>6} {'acked':>6} {'unknown':>7} {'lost':>5} {'twice':>5} {'outage':>8}"


def reckon(fault: str, stage: Stage, clients: Sequence[Client], outage: float | None) -> Result:
    """Compare, and prove the books."""
    result = Result(fault, outage=outage)
    writes = [write for client in clients for write in client.ledger.writes]
    result.sent = len(writes)
    result.acknowledged = sum(write.acknowledged for write in writes)
    result.unknown = sum(write.unknown for write in writes)
    statuses: Counter[int] = sum((client.ledger.statuses for client in clients), Counter())
    result.notes.append(", ".join(f"{count} × {code or 'silence'}" for code, count in sorted(statuses.items())))
    for client in clients:
        if client.failure is not None:
            result.faults.append(f"client: {client.failure!r}")
        result.faults += client.ledger.rude[:3]
    result.lost, result.duplicated = _compare(stage, writes)
    if result.lost or result.duplicated:
        result.faults.append(f"{result.lost} lost, {result.duplicated} twice")
    result.faults += proofs(stage)
    return result


def _compare(stage: Stage, writes: Iterable[Write]) -> tuple[int, int]:
    """(acknowledged and not there, there more often than asked for)."""
    wanted: dict[str, list[Write]] = defaultdict(list)
    for write in writes:
        wanted[write.kind].append(write)
    engine = create_engine(stage.database_url)
    with engine.connect() as connection:

        def rows(statement: str) -> list[Any]:
            return list(connection.execute(text(statement), {"course": stage.course_id}))

        enrolled = Counter(row[0] for row in rows("SELECT person_id FROM enrollments WHERE course_id = :course"))
        finished = Counter(
            (row[0], row[1])
            for row in rows(
                "SELECT f.person_id, l.position FROM lesson_finishes f JOIN lessons l ON l.id = f.lesson_id"
                " JOIN course_revisions r ON r.id = l.revision_id WHERE r.course_id = :course"
            )
        )
        attempts = {row[0]: (row[1], row[2], row[3]) for row in rows(ATTEMPTS)}
        answers = {(row[0], row[1]): row[2] for row in rows("SELECT attempt_id, position, device FROM attempt_answers")}
        entries = Counter(row[0] for row in rows("SELECT person_id FROM hour_entries WHERE title LIKE '故障%'"))
    engine.dispose()
    lost = twice = 0
    lost += sum(enrolled[write.person_id] != 1 for write in wanted["enroll"] if write.acknowledged)
    lost += sum(finished[write.person_id, write.what[0]] != 1 for write in wanted["finish"] if write.acknowledged)
    begun = {write.what[0] for write in wanted["start"] if write.acknowledged}
    lost += sum(attempt not in attempts for attempt in begun)
    asked = Counter(write.person_id for write in wanted["start"])
    stored = Counter(person for person, _at, _token in attempts.values())
    twice += sum(max(0, stored[person] - asked[person]) for person in stored)
    for write in wanted["answer"]:
        lost += write.acknowledged and answers.get((write.what[0], write.what[1])) != write.what[2]
    for write in wanted["submit"]:
        _person, submitted_at, token = attempts.get(write.what[0], (None, None, None))
        # Without a token it was handed in at its deadline, before this message came.
        lost += write.acknowledged and (submitted_at is None or token not in {write.what[1], None})
    handed_in = {token for _person, _at, token in attempts.values()}
    passed = {write.person_id for write in wanted["submit"] if write.acknowledged and write.what[1] in handed_in}
    lost += sum(entries[person] != 1 for person in passed)
    twice += sum(count > 1 for count in entries.values())
    tokens = Counter(token for _person, _at, token in attempts.values() if token)
    twice += sum(count - 1 for count in tokens.values())
    return lost, twice


ATTEMPTS = """
SELECT a.id, a.person_id, a.submitted_at, a.submit_token FROM attempts a JOIN papers p ON p.id = a.paper_id
WHERE p.id IN (SELECT paper_id FROM course_revisions WHERE course_id = :course)
"""


def proofs(stage: Stage) -> list[str]:
    """What the site's own proofs have against the database."""
    found = []
    for words in (("jobs", "run"), ("verify",)):
        done = run_lms(stage, *words)
        if done.returncode:
            found.append(f"lms {' '.join(words)}: {(done.stdout + done.stderr)[-500:]}")
    return found


def run_lms(stage: Stage, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    environment |= settings(stage.database_url, stage.data_dir) | {"LMS_LOCALE": "en"} | more
    return subprocess.run(
        [sys.executable, "-m", "lms", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
