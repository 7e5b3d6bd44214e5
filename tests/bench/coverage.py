"""What the coverage of a whole province costs: `make bench-province`.

A made province of half a million people (`--people` makes a smaller one) and ten million ledger entries. Each page is
compared with a bare Flask view that asks plain SQL on the standings the same question, runs as many statements besides
for its frame (who reads, where one may go), and renders a page as long. Exit code 1 above any limit.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from lms.app import create_app
from lms.config import Config
from lms.core import clock, db
from lms.core.commands import upgrade_tables
from lms.core.web import system_actor
from lms.coverage import closing, duties, exporting, proving, rebuilding, sheets
from lms.coverage.models import ClosedPerson, CoverageExport
from lms.hours import actions as hours
from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.people import actions as people
from lms.people.posts import Role
from lms.policies import keeping, recomputing
from lms.policies.kinds import State
from lms.policies.models import Policy
from lms.units.models import Unit
from lms.workforce import storing
from lms.workforce.dimensions import Dimension
from tests.bench import floor, stage
from tests.bench.calls import Call, Request, counted, token_of
from tests.bench.cpu import Cost, clock_of, compared
from tests.bench.province import Province, make
from tests.postgres import running_cluster

MOST_RATIO = 2.0
MOST_MEGABYTES = 300
#: A board of the workforce, of a whole province.
MOST_SECONDS = 2.0
SECRET = "a secret that only the bench knows, and long enough"
SETTINGS = {"shared_buffers": "1GB", "work_mem": "32MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min"}

#: The duty of clause 8: those who lead a community every year, all others once in three years.
LEADERS = ["party_secretary", "committee_director", "secretary_and_director"]
OTHERS = ["committee_member", "full_time_staff", "grid_worker", "other"]
BODY = {
    "requirements": [
        {"key": "leaders", "title": "书记主任每年培训", "who": {"posts": LEADERS}, "cycle": {"kind": "calendar_year"},
         "counts": {"trainings": 1, "tiers": ["county", "city", "province"]}},
        {"key": "others", "title": "其他人员三年轮训", "who": {"posts": OTHERS},
         "cycle": {"kind": "fixed_block", "years": 3, "first_year": 2024}, "counts": {"trainings": 1}},
        {"key": "everybody", "title": "每年培训", "who": {"posts": LEADERS + OTHERS},
         "cycle": {"kind": "calendar_year"}, "counts": {"trainings": 1}},
    ]
}  # fmt: skip
DUTY, CYCLE, LAST_CYCLE = "everybody", date(2026, 1, 1), date(2025, 1, 1)

STATE = """CASE WHEN s.met_on <= :day THEN 'met' WHEN s.waived_from <= :day AND s.waived_until >= :day THEN 'waived'
    WHEN s.due_on < :day THEN 'overdue' WHEN s.owed_from <= :day THEN 'due' ELSE 'not_yet_due' END"""
HERE = """FROM standings s JOIN units u ON u.id = s.unit_id WHERE u.path >= :top AND u.path < :last
    AND s.policy_id = :policy AND s.requirement = :requirement AND s.cycle_start = :cycle"""
CHILD = {
    "postgresql": "split_part(substr(u.path, :start), '.', 1)",
    "sqlite": "substr(substr(u.path, :start), 1, instr(substr(u.path, :start), '.') - 1)",
}
LISTED = f"""SELECT p.id, p.name, p.phone, u.name, s.post, s.due_on, s.met_on {
    HERE.replace("WHERE", "JOIN persons p ON p.id = s.person_id WHERE")
} AND {STATE} IN ('overdue', 'due')
    ORDER BY u.place, s.person_id LIMIT 31"""
OWN = """SELECT s.requirement, s.cycle_start, s.due_on, s.met_on, p.title FROM standings s
    JOIN policies p ON p.id = s.policy_id WHERE s.person_id = :person"""


@dataclass(frozen=True)
class Plain:
    """Plain SQL that answers a page's question."""

    statements: tuple[str, ...]
    values: dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """A line of the table."""

    name: str
    cost: Cost
    statements: int

    def __str__(self) -> str:
        cost = self.cost
        cpu = f"{cost.cpu:8.1f} {cost.floor_cpu:8.1f} {cost.ratio:6.2f}"
        return f"{self.name:34} {cpu}   {cost.elapsed:8.1f} {cost.floor_elapsed:8.1f}   {self.statements:4}"


@dataclass(frozen=True)
class Stage:
    """A province, its policy, and who looks at it."""

    app: Flask
    made: Province
    policy_id: int
    pan: stage.Learner

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["database"].engine
        return engine


def open_app(url: str, folder: Path) -> Flask:
    config = Config(env="test", data_dir=folder, database_url=url, secret_key=SECRET)
    return create_app(config.completed())


def prepare(app: Flask, made: Province) -> Stage:
    """The policy of the province, and its administrator."""
    now, actor = clock.now(), system_actor("bench")
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        province = opened.get_one(Unit, made.province)
        pan = people.create_person(name="潘测量", phone="19900000000", origin="bench", actor=actor, now=now)
        people.grant(pan, role=Role.ADMIN, unit=province, actor=actor, now=now)
        policy = Policy(
            unit_id=made.province, name="bench", title="测量用政策", version=1, valid_from=date(2024, 1, 1),
            valid_to=None, source="测量", is_example=True, body=BODY, adopted_at=now, adopted_by_id=None,
        )  # fmt: skip
        opened.add(policy)
        opened.flush()
        named = pan.id, policy.id
    return Stage(app, made, named[1], stage.signed_in(app, named[0]))


def recompute(url: str, folder: str) -> tuple[int, float, int]:
    """In a process of its own: people computed, seconds, peak megabytes."""
    app, began = open_app(url, Path(folder)), time.perf_counter()
    with app.app_context():
        database = app.extensions["database"]
        with db.unit_of_work(database):
            recomputing.begin(now=clock.now())
        done = recomputing.work_off(database, _tell)
    return done, time.perf_counter() - began, _peak()


def _tell(done: int, total: int) -> None:
    if done % 50_000 == 0:
        print(f"  computed {done:,} of {total:,}, peak {_peak()} MB", flush=True)


def export(url: str, folder: str) -> tuple[int, float, int, int]:
    """In a process of its own: rows, seconds, peak megabytes, size in bytes."""
    app, began = open_app(url, Path(folder)), time.perf_counter()
    with app.app_context():
        exporting.write_waiting(app.extensions["database"])
        with db.unit_of_work(app.extensions["database"], write=False) as opened:
            written = opened.query(CoverageExport).order_by(CoverageExport.id.desc()).first()
            assert written is not None
            assert written.people is not None and written.size is not None, written.state
            return written.people, time.perf_counter() - began, _peak(), written.size


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def elsewhere(function: Callable[..., Any], *args: Any) -> Any:
    """What the function gives in a fresh process, whose memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args).result()


def floor_app(engine: Engine, plain: Plain, others: int, page_bytes: int) -> Flask:
    """A bare view: the plain SQL, `others` statements that read a row, and a page as long."""
    app = Flask("floor", static_folder=None)
    app.jinja_loader = DictLoader({"page.html": floor.PAGE})
    lines = [{"id": n, "text": "邻里纠纷调解六步法"} for n in range(max(1, page_bytes // floor.LINE_BYTES))]

    @app.get("/floor/<int:page>", endpoint="floor")
    def view(page: int) -> str:
        with Session(engine) as session, session.begin():
            for statement in plain.statements:
                session.execute(text(statement), plain.values).all()
            for number in range(others):
                session.scalars(select(floor.Row).where(floor.Row.id == number % floor.ROWS + 1)).one()
        return render_template("page.html", title="社区学堂", lines=lines)

    return app


def board_of(on: Stage, path: str) -> Plain:
    """The children by state, and the posts by state."""
    child = CHILD[on.engine.dialect.name]
    by_child = f"SELECT {child} AS child, {STATE} AS state, count(*) {HERE} GROUP BY 1, 2"
    by_post = f"SELECT s.post, {STATE} AS state, count(*) {HERE} GROUP BY 1, 2"
    return Plain((by_child, by_post), _values(on, path))


def _values(on: Stage, path: str) -> dict[str, Any]:
    return {
        "day": clock.today(), "top": path, "last": path[:-1] + "/", "policy": on.policy_id, "requirement": DUTY,
        "cycle": CYCLE, "start": len(path) + 1,
    }  # fmt: skip


def pages(on: Stage) -> Iterator[tuple[str, str, stage.Learner, Plain]]:
    """Name, address, reader, and the plain SQL."""
    ids = [on.made.province, on.made.city, on.made.county]
    with db.unit_of_work(on.app.extensions["database"], write=False) as opened:
        paths = [opened.get_one(Unit, unit_id).path for unit_id in ids]
        home = opened.get_one(Unit, on.made.community)
    duty = f"duty={on.made.province}:bench:{DUTY}"
    for name, unit_id, path in zip(("province", "city", "county"), ids, paths, strict=True):
        yield f"coverage of the {name}", f"/coverage/?unit={unit_id}&{duty}", on.pan, board_of(on, path)
    plain = board_of(on, paths[0])
    listed = Plain((plain.statements[0], LISTED), plain.values)
    yield "overdue list, first page", f"/coverage/overdue?unit={ids[0]}&{duty}", on.pan, listed
    worker = stage.signed_in(on.app, on.made.person + 7, home)
    yield "home of a worker", "/", worker, Plain((OWN,), {"person": on.made.person + 7})


def measured(on: Stage, server: Callable[[], float]) -> Iterator[Figure]:
    for name, path, reader, plain in pages(on):
        request = Request(path, reader.cookie)
        request.prepared(on.app)()
        with counted(on.engine) as statements:
            status, body = request.prepared(on.app)()
        if status >= 400:
            raise RuntimeError(f"{path} answered {status}: {body[:300].decode(errors='replace')}")
        others = max(0, statements.count - len(plain.statements))
        bare, asked = floor_app(on.engine, plain, others, len(body)), Request("/floor/1")
        cost = compared(
            partial(request.prepared, on.app),
            partial(asked.prepared, bare),
            each=3,
            server=server,
        )
        yield Figure(name, cost, statements.count)


def boards(on: Stage) -> Iterator[tuple[str, float, int]]:
    """The workforce of the province by each dimension: seconds (the best of three) and statements."""
    for dimension in Dimension:
        request = Request(f"/workforce/?unit={on.made.province}&by={dimension.value}", on.pan.cookie)
        seconds = []
        for _ in range(3):
            call, began = request.prepared(on.app), time.perf_counter()
            with counted(on.engine) as statements:
                status, body = call()
            seconds.append(time.perf_counter() - began)
            if status >= 400:
                raise RuntimeError(f"{request.path} answered {status}: {body[:300].decode(errors='replace')}")
        yield f"workforce by {dimension.value}", min(seconds), statements.count


def measure_boards(on: Stage) -> list[str]:
    """The boards that take too long once the job has counted large units; before it, as on a day that is past."""
    for name, seconds, _statements in boards(on):
        print(f"{name + ', counted now':34} {seconds:8.2f} s", flush=True)
    with on.app.app_context(), timed("large units counted"):
        storing.count_large(on.app.extensions["database"], system_actor("bench"))
    faults = []
    for name, seconds, statements in boards(on):
        print(f"{name:34} {seconds:8.2f} s   {statements:4} statements", flush=True)
        faults += [f"{name}: {seconds:.1f} s"] if seconds > MOST_SECONDS else []
    return faults


def close_the_year(on: Stage) -> list[str]:
    """The names of everybody frozen with the closing of a year, read, compared with today, and proved."""
    with on.app.test_request_context(), db.unit_of_work(on.app.extensions["database"]) as opened:
        unit, now, actor = opened.get_one(Unit, on.made.province), clock.now(), system_actor("bench")
        duty = next(one for one in duties.list_duties(unit, clock.today()) if one.line.key == DUTY)
        period = next(one for one in duty.periods(clock.today()) if one.start == LAST_CYCLE)
        with timed("a year closed with its names"):
            closed = closing.close(duties.Span(duty, period), unit, actor=actor, now=now)
        person = opened.scalars(select(ClosedPerson.person_id).where(ClosedPerson.state == State.OVERDUE)).first()
        train(person, date(2025, 12, 30))
        with timed("the same year stated anew"):
            again = closing.restate(duties.Span(duty, period), unit, reason="补录", actor=actor, now=now)
    asked = f"unit={on.made.province}&duty={duty.code}&cycle={LAST_CYCLE}"
    last = on.made.county - 1
    addresses = {
        "closed years": f"/coverage/closings?{asked}",
        "names behind a closed figure": f"/coverage/closings/people?{asked}&closing={closed.id}&group=missing",
        "the same of the last city": f"/coverage/closings/people?unit={last}&duty={duty.code}&cycle={LAST_CYCLE}"
        f"&closing={closed.id}",
        "names that changed by an act": f"/coverage/closings/changes?{asked}&closing={again.id}",
        "names that changed since": f"/coverage/closings/changes?{asked}",
    }
    faults = []
    for name, address in addresses.items():
        call, began = Request(address, on.pan.cookie).prepared(on.app), time.perf_counter()
        status, body = call()
        if status >= 400:
            raise RuntimeError(f"{address} answered {status}: {body[:300].decode(errors='replace')}")
        seconds = time.perf_counter() - began
        print(f"{name:34} {seconds:8.2f} s", flush=True)
        faults += [f"{name}: {seconds:.1f} s"] if seconds > MOST_SECONDS and "since" not in name else []
    with on.app.app_context(), timed("figures proved against names"), db.unit_of_work(on.app.extensions["database"]):
        found = proving.prove()
    print(f"{found.looked_at:,} figures, {found.wrong} wrong", flush=True)
    return faults + ([f"{found.wrong} closed figures are not those of their names"] if found.wrong else [])


def train(person_id: int | None, on: date) -> None:
    """A training of the closed year that is recorded now, and counts at once."""
    hours.award(
        person_id=person_id or 0, hours=Decimal("2.00"), occurred_on=on, kind=HourKind.CLASS, title="年末补训",
        source=("class", "late"), tier=Tier.COUNTY, training_type=TrainingType.IN_SERVICE, abilities=[],
        organizer_id=None, actor=system_actor("bench"), now=clock.now(),
    )  # fmt: skip
    keeping.refresh([person_id or 0])


def ask_for_export(on: Stage) -> None:
    """Everybody of the province, asked for on the page."""
    duty = f"unit={on.made.province}&duty={on.made.province}:bench:{DUTY}"
    _status, page = Request(f"/coverage/people?{duty}", on.pan.cookie).prepared(on.app)()
    form = {"csrf_token": token_of(page)}
    call: Call = Request(f"/coverage/people/export?{duty}", on.pan.cookie, form).prepared(on.app)
    status, body = call()
    if status != 303:
        raise RuntimeError(f"the export answered {status}: {body[:300].decode(errors='replace')}")


def run(url: str, folder: Path, count: int, server_pid: int | None, *, only_boards: bool) -> int:
    upgrade_tables(url)
    app = open_app(url, folder)
    engine = app.extensions["database"].engine
    made, took = make(engine, count)
    print(f"made {made.people:,} people in {sum(took.values()):.0f} s:", took, flush=True)
    on = prepare(app, made)
    faults = measure_boards(on)
    if only_boards:
        return told(faults)
    floor.fill(engine)
    done, seconds, peak = elsewhere(recompute, url, str(folder))
    print(f"computed {done:,} people in {seconds:.0f} s ({done / seconds:.0f} a second), peak {peak} MB", flush=True)
    with app.app_context(), timed("the roll-up proved"), db.unit_of_work(app.extensions["database"], write=False):
        print(rebuilding.verify())
    with app.app_context(), timed("its differences added up"), db.unit_of_work(app.extensions["database"]):
        rebuilding.compact()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if server_pid else "ANALYZE")
    head = f"{'milliseconds, ' + engine.dialect.name:34} {'CPU':>8} {'floor':>8} {'ratio':>6}"
    print(f"{head}   elapsed    floor   statements")
    # Outside of any application context: requests would share its `g`, and with it who is signed in.
    for figure in measured(on, clock_of(server_pid)):
        print(figure, flush=True)
        faults += [f"{figure.name}: {figure.cost.ratio:.2f} to 1"] if figure.cost.ratio > MOST_RATIO else []
    faults += close_the_year(on)
    ask_for_export(on)
    rows, seconds, peak, size = elsewhere(export, url, str(folder))
    print(f"wrote {rows:,} rows in {seconds:.0f} s, {size / 2**20:.1f} MB, peak {peak} MB")
    faults += [f"the export took {peak} MB"] if peak > MOST_MEGABYTES else []
    engine.dispose()
    return told(faults)


def told(faults: list[str]) -> int:
    print("\n" + ("\n".join(faults) or "Everything is within its limit."))
    return 1 if faults else 0


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what} in {time.perf_counter() - began:.1f} s", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500_000)
    parser.add_argument("--sqlite", action="store_true", help="one file instead of a PostgreSQL server")
    parser.add_argument("--boards", action="store_true", help="only the workforce's boards, which need no standings")
    given = parser.parse_args()
    if given.people <= sheets.MOST_AT_ONCE:
        parser.error(f"a list of {sheets.MOST_AT_ONCE} people is written at once: make more")
    with tempfile.TemporaryDirectory() as folder:
        if given.sqlite:
            return run(f"sqlite:///{folder}/bench.db", Path(folder), given.people, None, only_boards=given.boards)
        with running_cluster(tempfile.gettempdir(), **SETTINGS) as cluster:
            cluster.create("bench")
            pid = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
            return run(cluster.url("bench"), Path(folder), given.people, pid, only_boards=given.boards)


if __name__ == "__main__":
    sys.exit(main())
