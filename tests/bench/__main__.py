"""What pages cost, as ratios to a floor measured in the same run: `make bench`.

A figure of one day on one machine says little; that a page costs twice a bare Flask view with the same number of
statements and a page of the same size says much, everywhere. Exit code 1 above any limit.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from lms.app import create_app
from lms.config import Config
from lms.core.commands import upgrade_tables
from tests.bench import floor, stage, watchers, weight
from tests.bench.calls import Call, Request, Statements, counted
from tests.bench.measure import ROUNDS, Cost, compared, cpu_of
from tests.postgres import running_cluster

MOST_RATIO = 2.5
# The most frequent request of all: a player sends one every few seconds.
MOST_RATIO_OF_REPORTS = 2.0
MOST_BYTES = 60 * 1024
MANY_PEOPLE = 2000
MORE_REPORTS = 20
BATCH = 8  # requests of a kind in each round


@dataclass(frozen=True)
class Figure:
    """A line of the table: what was measured, and what it may be at most."""

    name: str
    cost: Cost
    statements: int
    most_statements: int | None
    most_ratio: float = MOST_RATIO

    @property
    def faults(self) -> Iterator[str]:
        if self.cost.ratio > self.most_ratio:
            yield f"{self.name} costs {self.cost.ratio:.2f} times its floor, {self.most_ratio} at most"
        if self.most_statements is not None and self.statements > self.most_statements:
            yield f"{self.name} runs {self.statements} statements, {self.most_statements} at most"

    def __str__(self) -> str:
        most = "" if self.most_statements is None else f"/ {self.most_statements}"
        cost = f"{self.cost.milliseconds:7.2f} {self.cost.floor:7.2f} {self.cost.ratio:6.2f}"
        return f"{self.name:32} {cost}   {self.statements:4} {most}"


def looked_at(app: Flask, request: Request) -> tuple[Statements, bytes]:
    """What one request asks of the database, and its page."""
    with counted(app.extensions["database"].engine) as statements:
        status, body = request.prepared(app)()
    if status >= 400:
        raise RuntimeError(f"{request.path} answered {status}: {body[:300].decode(errors='replace')}")
    return statements, body


def measured(app: Flask, name: str, requests: Iterator[Request], most: int | None, each: int = BATCH) -> Figure:
    looked_at(app, next(requests))  # the first request of a kind fills caches
    statements, body = looked_at(app, next(requests))
    bare = floor.floor_app(app.extensions["database"].engine, floor.Shape.of(statements, body))
    bare_request = Request("/floor/1", form={"text": "x"} if statements.writes else None)
    pages: Iterator[Call] = (request.prepared(app) for request in requests)
    floors: Iterator[Call] = iter(lambda: bare_request.prepared(bare), None)
    return Figure(name, compared(pages, floors, each), statements.count, most)


def again(path: str, learner: stage.Learner) -> Iterator[Request]:
    return iter(lambda: Request(path, learner.cookie), None)


def figures(app: Flask, folder: Path) -> Iterator[Figure]:
    stage.load_demonstration(app)
    course_id = stage.load_course(app, folder)
    submits = 2 + ROUNDS + 1
    waiting = stage.learners(app, submits + 2)
    worker, writer = next(waiting), stage.with_attempt(app, next(waiting), course_id, answered=False)
    lesson = f"/courses/{stage.begin_starter_course(app, worker)}/lessons/1"
    yield measured(app, "home", again("/", worker), 8)
    yield measured(app, "catalog", again("/courses/", worker), 8)
    yield measured(app, "lesson", again(lesson, worker), 8)
    yield measured(app, "answer save", stage.answer_saves(app, writer), 5)
    ready = (stage.with_attempt(app, learner, course_id, answered=True) for learner in waiting)
    yield measured(app, "submit, passed, hours awarded", stage.submits(app, ready), None, each=1)
    administrator, board = stage.administrator(app), stage.board_path(app)
    few = measured(app, "board of a few people", again(board, administrator), 10)
    yield few
    stage.add_people(app, MANY_PEOPLE, "1970")
    # Whatever the number of rows: as many statements as for a few.
    yield measured(app, f"board of {MANY_PEOPLE} people", again(board, administrator), min(10, few.statements))
    for name, path in (("sign-in", "/sign-in"), ("home", "/"), ("catalog", "/courses/"), ("lesson", lesson)):
        weigh(app, name, path, worker if name != "sign-in" else stage.Learner(worker.actor, ""))


def reports(app: Flask, folder: Path, learners: int = watchers.LEARNERS) -> tuple[Figure, list[str]]:
    """Every learner reports twice: what the second report costs, and what many more of them leave behind."""
    audience = watchers.gather(app, folder, learners)
    before, _longest = audience.kept()
    cpu_of(list(audience.calls(iter(audience.watchers))))
    with counted(app.extensions["database"].engine) as statements:
        status, body = next(audience.calls(iter([audience.watchers[0]])))()
    assert status == 200, body
    rows, longest = audience.kept()
    bare = floor.floor_app(app.extensions["database"].engine, floor.Shape.of(statements, body))
    floors = iter(lambda: Request("/floor/1", form={"text": "x"}).prepared(bare), None)
    others = audience.watchers[1:]
    each = len(others) // (ROUNDS + 1)
    cost = compared(audience.calls(iter(others)), floors, each)
    for _ in range(MORE_REPORTS):
        cpu_of(list(audience.calls(iter(others[:50]))))
    later_rows, later_longest = audience.kept()
    faults: list[str] = []
    if later_rows != rows or rows - before != 2 * learners:
        left = f"{rows - before} rows of watching, and {later_rows - before} after watching on"
        faults.append(f"{learners} learners left {left}, 2 for each at most")
    if later_longest > longest + 8:  # the same span, its end a few digits longer
        faults.append(f"a row of watching grew from {longest} to {later_longest} characters")
    return Figure(f"video report of {learners}", cost, statements.count, 8, MOST_RATIO_OF_REPORTS), faults


weights: dict[str, int] = {}


def weigh(app: Flask, name: str, path: str, reader: stage.Learner) -> None:
    def fetch(address: str) -> bytes:
        return looked_at(app, Request(address, reader.cookie))[1]

    weights[name] = sum(weight.first_visit(path, fetch).values())


def run(url: str, folder: Path) -> int:
    upgrade_tables(url)
    app = create_app(Config(env="test", data_dir=folder, database_url=url).completed())
    engine = app.extensions["database"].engine
    floor.fill(engine)
    print(f"{'CPU milliseconds, ' + engine.dialect.name:32} {'page':>7} {'floor':>7} {'ratio':>6}   statements")
    faults: list[str] = []
    for figure in figures(app, folder):
        print(figure, flush=True)
        faults += figure.faults
    figure, found = reports(app, folder)
    print(figure, flush=True)
    faults += [*figure.faults, *found]
    print("\nfirst visit, compressed")
    for name, size in weights.items():
        print(f"{name:32} {size / 1024:7.1f} KB")
        faults += [f"{name} weighs {size} bytes, {MOST_BYTES} at most"] if size > MOST_BYTES else []
    engine.dispose()
    print("\n" + ("\n".join(faults) or "Everything is within its limit."))
    return 1 if faults else 0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, running_cluster() as cluster:
        cluster.create("bench")
        return run(cluster.url("bench"), Path(folder))


if __name__ == "__main__":
    sys.exit(main())
