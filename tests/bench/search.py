"""Finding among 20,000 cases: nothing missed, nothing extra, and what it costs: `python -m tests.bench.search [cases]`.

Cases are put together from the sentences of the starter courses. Fifty queries of one to eight characters, most of them
pieces of those texts, are asked on SQLite and on PostgreSQL. What is found is compared with a plain scan for the same
characters; what a page of results costs with what the index alone takes to name all hits, both through SQLAlchemy.
Exit code 1 where something is missed or extra, or a page costs more than five times the index query.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, text

from lms.app import create_app
from lms.cases import finding, indexing
from lms.cases.finding import Inquiry
from lms.cases.kinds import CommunityKind, Facet, State, Theme
from lms.cases.models import Case, CaseFacet, CaseVersion
from lms.config import Config
from lms.core import db, search
from lms.core.commands import upgrade_tables
from lms.core.files import StoredFile
from lms.core.search import SearchDocument
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.units.models import Level, Unit
from tests.bench import likeness
from tests.installation import ROOT
from tests.postgres import running_cluster

CASES = 20_000
QUERIES = 50
ROUNDS = 5
MOST_RATIO = 5.0
MARKS = "。！？；\n"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
BATCH = 500
READER = Actor(1, None, "读者")


@dataclass(frozen=True)
class Asked:
    """One query: how many were found, and what it cost, in milliseconds."""

    words: str
    hits: int
    missed: int
    extra: int
    #: the index alone names every hit
    bare: float
    #: the statement that chooses a page of them: permission, order, limit
    page: float
    #: the page with titles and marked passages
    shown: float
    facets: float


def sentences() -> list[str]:
    """The sentences of the starter courses."""
    found: list[str] = []
    for path in sorted((ROOT / "courses").glob("*/*/[0-9]*.md")):
        line = "".join(mark if mark not in MARKS else f"{mark}\n" for mark in path.read_text(encoding="utf-8"))
        found += [part.strip(" #*->|`") for part in line.split("\n")]
    return [part for part in dict.fromkeys(found) if 8 <= len(part) <= 120]


def write_text(chance: random.Random, pool: Sequence[str]) -> str:
    """A text of 400 to 2,600 characters; where sentences were cut and joined anew, it says what no other says."""
    length, parts = chance.randint(400, 2600), []
    while length > 0:
        one, other = chance.choice(pool), chance.choice(pool)
        part = one if chance.random() < 0.6 else one[: len(one) // 2] + other[len(other) // 2 :]
        parts.append(part)
        length -= len(part)
    return "\n".join(parts)


def fill(app: Flask, count: int) -> list[str]:
    """Write the cases; answers their folded texts by number, from 1."""
    chance, pool, bodies = random.Random(5), sentences(), [""]
    with app.app_context():
        for start in range(1, count + 1, BATCH):
            with db.unit_of_work(app.extensions["database"]):
                for number in range(start, min(start + BATCH, count + 1)):
                    bodies.append(_add(chance, pool, number))
        with db.unit_of_work(app.extensions["database"]) as opened:
            if db.dialect() == "postgresql":
                opened.execute(text("ANALYZE"))
            else:
                opened.execute(text("INSERT INTO search_index(search_index) VALUES ('optimize')"))
    return bodies


def _add(chance: random.Random, pool: Sequence[str], number: int) -> str:
    session = db.session()
    if number == 1:
        session.add_all(
            [Unit(id=1, path="1.", place="~1.", level=Level.CITY, name="安和市", valid_from=date(2020, 1, 1))]
        )
        session.add(StoredFile(id=1, digest="0" * 64, size=1, content_type="text/plain", label="x", stored_at=NOW))
        session.flush()
    title, content = chance.choice(pool)[:40], write_text(chance, pool)
    ability, theme = chance.choice(list(Ability)), chance.choice(list(Theme))
    kind, year = chance.choice(list(CommunityKind)), str(chance.randint(2018, 2026))
    is_public = number % 10 != 0  # the others are drafts, which the reader may not find
    case = {"id": number, "slug": f"case-{number}", "unit_id": 1, "origin": "bench", "latest_number": 1}
    state = {"state": State.PUBLISHED, "published_number": 1} if is_public else {"state": State.DRAFT}
    session.execute(insert(Case).values(**case, **state, created_at=NOW))
    facts = {"title": title, "summary": title, "region": "某市", "place": "某社区", "began": year, "note": ""}
    lists = {"abilities": [ability.value], "themes": [theme.value], "authors": ["某人"], "html": {}}
    flags = {"illustration": True, "consent": False, "anonymized": True, "community_kind": kind}
    empty = dict.fromkeys(("evidence", "background", "process", "results", "discussion", "digest"), "")
    version = {**facts, **lists, **flags, **empty, "case_id": number, "number": 1, "source_id": 1, "created_at": NOW}
    session.execute(insert(CaseVersion).values(**version))
    values = {Facet.ABILITY: ability.value, Facet.THEME: theme.value, Facet.REGION: "1", Facet.YEAR: year}
    rows = [{"case_id": number, "facet": f, "value": v} for f, v in {**values, Facet.COMMUNITY: kind.value}.items()]
    session.execute(insert(CaseFacet), rows)
    search.put("case", number, title=title, content=content)
    indexing.write_keys(number, content)
    return search.fold(f"{title}\n{content}")


def queries(bodies: Sequence[str]) -> list[str]:
    """Pieces of the texts, of one to eight characters; every tenth put together from two, which few texts have."""
    chance = random.Random(7)
    found: list[str] = []
    while len(found) < QUERIES:
        length, body = 1 + len(found) % 8, chance.choice(bodies[1:])
        at = chance.randrange(len(body) - 8)
        piece = body[at : at + length]
        if len(found) % 10 == 9:
            piece = piece[: length // 2] + chance.choice(bodies[1:])[50 : 50 + length - length // 2]
        if len(search.terms(piece)) == 1 and len(piece.strip()) == length and piece not in found:
            found.append(piece)
    return found


def timed(call: Callable[[], Any]) -> float:
    """Median milliseconds of a call, after one that only warms up."""
    took = []
    for _round in range(ROUNDS + 1):
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took[1:])


def ask(words: str, bodies: Sequence[str], reader: Actor) -> Asked:
    inquiry, found = Inquiry(words), search.terms(words)
    public = {number for number, body in enumerate(bodies) if number % 10 and found[0] in body}
    hits = select(Case.id).where(*finding._conditions(reader, inquiry))
    named = set(db.session().scalars(hits))
    bare = select(SearchDocument.id).where(search.matches(found))
    return Asked(
        words,
        len(named),
        len(public - named),
        len(named - public),
        timed(lambda: db.session().execute(bare).all()),
        timed(lambda: finding.list_numbers(reader, inquiry)),
        timed(lambda: finding.list_cases(reader, inquiry)),
        timed(lambda: finding.count_facets(reader, inquiry)),
    )


def run(url: str, folder: Path, count: int) -> Iterator[str]:
    upgrade_tables(url)
    app = create_app(Config(env="test", data_dir=folder, database_url=url).completed())
    started = time.perf_counter()
    bodies = fill(app, count)
    name = app.extensions["database"].engine.dialect.name
    characters = sum(map(len, bodies)) // count
    print(
        f"{name}: {count} cases of {characters} characters written in {time.perf_counter() - started:.0f} s", flush=True
    )
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        assert opened.scalar(select(func.count()).select_from(SearchDocument)) == count
        asked = [ask(words, bodies, READER) for words in queries(bodies)]
        yield from faults_of(name, asked)
        pool = sentences()
        yield from likeness.measure(name, bodies, pool, lambda chance: write_text(chance, pool), READER, timed)
    app.extensions["database"].engine.dispose()


def faults_of(name: str, asked: Sequence[Asked]) -> Iterator[str]:
    """Print what was measured, by length; answers what is beyond its limit."""
    print("length  queries    hits  index ms  page ms  ratio   shown  facets")
    for length in range(1, 9):
        some = [one for one in asked if len(one.words) == length]
        bare, page, shown, facets, hits = (
            statistics.median(getattr(one, part) for one in some)
            for part in ("bare", "page", "shown", "facets", "hits")
        )
        figures = f"{bare:9.2f} {page:8.2f} {page / bare:6.2f} {shown:7.1f} {facets:7.1f}"
        print(f"{length:6} {len(some):8} {hits:7.0f} {figures}")
    missed, extra = sum(one.missed for one in asked), sum(one.extra for one in asked)
    ratio = statistics.median(one.page / one.bare for one in asked)
    whole = sum(one.page for one in asked) / sum(one.bare for one in asked)
    worst = max(one.shown + one.facets for one in asked)
    print(
        f"{len(asked)} queries: {missed} missed, {extra} extra. A page costs {ratio:.2f} times the index query in the"
    )
    print(f"median, {whole:.2f} times in all; the slowest page with its facets takes {worst:.0f} ms.\n", flush=True)
    if missed or extra:
        yield f"{name}: {missed} missed, {extra} extra"
    if ratio > MOST_RATIO:
        yield f"{name}: a page costs {ratio:.2f} times the index query, {MOST_RATIO} at most"


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder, running_cluster() as cluster:
        cluster.create("bench")
        for url in (f"sqlite:///{folder}/bench.sqlite3", cluster.url("bench")):
            faults += run(url, Path(folder), count)
    print("\n".join(faults) or "Nothing missed, nothing extra, within its cost.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
