"""What a proposal of pairs costs, beside the bare solver on the same matrix: `python -m tests.bench.pairing`.

Bare: a fresh interpreter that imports the solver, reads the ready matrix from a file and solves it. Proposed: all from
people in memory to a proposal, in the child process. The whole job: from the rows of the database to proposals in it.
Both must find the same value. Exit code 1 above any limit.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import insert

from lms.app import create_app
from lms.config import Config
from lms.core import clock, db
from lms.core.commands import upgrade_tables
from lms.core.web import system_actor
from lms.hours.kinds import Ability
from lms.mentors.models import Background, Mentor, MentorState
from lms.mentors.needs import Reason
from lms.pairing import fit, proposing, rounds, solving
from lms.pairing.fit import Problem
from lms.pairing.models import PairingRound
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units import actions as units
from lms.units.models import Level, Unit

BARE = """
import sys, numpy
from scipy.optimize import linear_sum_assignment
costs = numpy.load(sys.argv[1])
rows, columns = linear_sum_assignment(costs)
print(int(-costs[rows, columns].sum()))
"""
MOST_RATIO = 3.0
WHO = system_actor("bench")


@dataclass(frozen=True)
class Size:
    mentees: int
    mentors: int
    streets: int
    most_seconds: float


SIZES = (Size(300, 150, 10, 3.0), Size(5000, 2000, 120, 60.0))


def fill(size: Size) -> int:
    """A city with so many streets of eight communities; gives its identifier."""
    now, chance = clock.now(), random.Random(7)
    code = "9901"
    top = units.add(parent=None, level=Level.PROVINCE, name="测量省", code="99", actor=WHO, now=now)
    city = units.add(parent=top, level=Level.CITY, name="测量市", code=code, actor=WHO, now=now)
    places: list[tuple[Unit, Unit, Unit]] = []
    county = city
    for number in range(size.streets):
        if number % 10 == 0:
            county = units.add(parent=city, level=Level.COUNTY, name=f"区{number}", code=None, actor=WHO, now=now)
        street = units.add(parent=county, level=Level.STREET, name=f"街道{number}", code=None, actor=WHO, now=now)
        for which in range(8):
            name = f"社区{number}-{which}"
            place = units.add(parent=street, level=Level.COMMUNITY, name=name, code=None, actor=WHO, now=now)
            places.append((county, street, place))
    total, today = size.mentees + size.mentors, clock.local_date(now)
    people = [{"id": 1000 + n, "name": f"人{n}", "created_at": now, "origin": "bench"} for n in range(total)]
    posts, mentors = [], []
    for n in range(total):
        at, is_mentor = chance.choice(places), n >= size.mentees
        since = date(2010, 1, 1) if is_mentor else today - timedelta(days=chance.randrange(1, 300))
        post = chance.choice(list(PostClass))
        posts.append({"person_id": 1000 + n, "unit_id": at[2].id, "post": post, "title": "", "starts_on": since,
                      "is_primary": True})  # fmt: skip
        if is_mentor:
            reach = chance.choices([city, at[0], at[1]], [5, 45, 50])[0]
            offers = [ability.value for ability in Ability if chance.random() < 0.3]
            mentors.append({"person_id": 1000 + n, "unit_id": reach.id, "reach_id": reach.id, "abilities": offers,
                            "background": Background.WORKER, "experience": "", "works": "", "availability": "",
                            "state": MentorState.ACTIVE, "state_at": now})  # fmt: skip
    for model, rows in ((Person, people), (Appointment, posts), (Mentor, mentors)):
        for batch in proposing.in_batches(rows):
            db.session().execute(insert(model), batch)
    return city.id


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def most_of(problem: Problem) -> int:
    """What a pair is worth beside its fit: more than all differences of fits."""
    return len(problem.mentees) * 2000


def matrix_of(problem: Problem) -> np.ndarray[Any, Any]:
    """The costs as the definition states them, pair by pair: what the bare solver is given."""
    places = [(mentor, nth) for mentor in problem.mentors for nth in range(min(mentor.places, len(problem.mentees)))]
    costs = np.zeros((len(problem.mentees), len(places)))
    most = most_of(problem)
    by_reach: dict[int, list[int]] = {}
    for column, (mentor, _nth) in enumerate(places):
        by_reach.setdefault(mentor.reach, []).append(column)
    for row, mentee in enumerate(problem.mentees):
        for column in (column for unit in mentee.units for column in by_reach.get(unit, ())):
            mentor, nth = places[column]
            if (mentee.id, mentor.id) not in problem.forbidden:
                tie = problem.ties.get((mentee.id, mentor.id))
                costs[row, column] = -(most + fit.score(mentee, mentor, tie, load=mentor.load + nth).total)
    return costs


def measure(app: Flask, folder: Path, size: Size) -> list[str]:
    """Print a line; gives what is above its limit."""
    database = app.extensions["database"]
    with db.unit_of_work(database):
        city_id = fill(size)
    today = clock.today()
    with db.unit_of_work(database) as session:
        city, last_day = session.get_one(Unit, city_id), today + timedelta(days=365)
        rounds.AT_ONCE = 0
        began = time.perf_counter()
        round_ = rounds.create(
            city, reasons=[Reason.NEWCOMER], topic="", abilities=[], starts_on=today, ends_on=last_day, actor=WHO,
            now=clock.now(),
        )  # fmt: skip
        made = time.perf_counter() - began
        round_id = round_.id
    job, done = timed(lambda: rounds.run(database, round_id, actor=WHO))
    with db.unit_of_work(database, write=False) as session:
        round_ = session.get_one(PairingRound, round_id)
        problem, value = proposing.read_task(round_, today).problem, round_.value
    proposed, solution = timed(lambda: solving.solve(problem))
    path = folder / "costs.npy"
    np.save(path, matrix_of(problem))
    command = [sys.executable, "-c", BARE, str(path)]
    bare, printed = timed(lambda: subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ratio = proposed / bare
    sys.stdout.write(
        f"{size.mentees} x {size.mentors}: round made {made:.2f} s, whole job {job:.2f} s, proposed {proposed:.2f} s, "
        f"bare solver {bare:.2f} s, ratio {ratio:.2f}; {len(solution.pairs)} pairs, value {value}\n"
    )
    faults = []
    if not done or job > size.most_seconds:
        faults.append(f"{size.mentees} x {size.mentors} took {job:.1f} s, {size.most_seconds} at most")
    if int(printed) != len(solution.pairs) * most_of(problem) + value:
        faults.append(f"{size.mentees} x {size.mentors}: the bare solver found another value")
    if ratio > MOST_RATIO:
        faults.append(f"{size.mentees} x {size.mentors} took {ratio:.2f} times the bare solver, {MOST_RATIO} at most")
    return faults


def main() -> int:
    faults: list[str] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            url = f"sqlite:///{folder / 'bench.sqlite3'}"
            upgrade_tables(url)
            config = Config(
                env="test", data_dir=folder, database_url=url, secret_key="a bench needs no secret, but one"
            )
            app = create_app(config.completed())
            with app.test_request_context():
                faults += measure(app, folder, size)
    for fault in faults:
        sys.stderr.write(fault + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
