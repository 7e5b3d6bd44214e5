"""A made province: units, people, posts and a ledger, written by set-based SQL that both databases understand.

Ten communities to a street, 25 people to a community, twenty ledger entries to a person. Nothing is random: who lacks
training in which years follows from the person's number, so that two runs compare.

    of ten people   0: nothing since 2023   1: nothing in 2025   2, 3: nothing in 2026 yet   the others: every year
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

PEOPLE_IN_COMMUNITY, COMMUNITIES_IN_STREET, STREETS_IN_COUNTY, COUNTIES_IN_CITY = 25, 10, 10, 10
PEOPLE_IN_STREET = PEOPLE_IN_COMMUNITY * COMMUNITIES_IN_STREET
ENTRIES = 20

# A table of so many numbers from 0.
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"

UNITS = """
INSERT INTO units (id, parent_id, path, place, level, kind, code, name, valid_from)
{numbers} SELECT {first} + i, {parent}, p.path || CAST({first} + i AS varchar(20)) || '.',
    p.place || p.code || substr(CAST(1000000 + i % {siblings} + 1 AS varchar(20)), {digits}) || '.',
    '{level}', 'administrative', p.code || substr(CAST(1000000 + i % {siblings} + 1 AS varchar(20)), {digits}),
    '{name}' || CAST(i + 1 AS varchar(20)), '2000-01-01'
FROM n JOIN units p ON p.id = {parent}
"""

PERSONS = """
INSERT INTO persons (id, name, gender, birth_month, phone, education, joined_on, created_at, origin)
{numbers} SELECT {first} + i,
    substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许', i % 20 + 1, 1)
    || substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平', i / 20 % 20 + 1, 1)
    || substr('一二三四五六七八九十', i / 400 % 10 + 1, 1),
    CASE WHEN i % 3 = 0 THEN 'male' ELSE 'female' END,
    CAST(1965 + i % 40 AS varchar(4)) || '-06', '1' || CAST(3000000000 + i AS varchar(10)),
    '大学', '2015-03-01', '2020-01-01 00:00:00', 'bench'
FROM n
"""

APPOINTMENTS = """
INSERT INTO appointments (id, person_id, unit_id, post, title, starts_on, is_primary)
{numbers} SELECT {first} + i, {first} + i, {community} + i / {in_community},
    CASE i % {in_community} WHEN 0 THEN 'secretary_and_director' WHEN 1 THEN 'committee_member'
        WHEN 2 THEN 'committee_member' WHEN 3 THEN 'other' ELSE
        CASE WHEN i % 2 = 0 THEN 'full_time_staff' ELSE 'grid_worker' END END,
    '', '2015-03-01', {true}
FROM n
"""

# Entry k of a person happened in one of the five years 2022 to 2026, four a year, on a day of its first ten months; for
# those who lack training in a year it happened four years before.
ENTRY = """
INSERT INTO hour_entries (person_id, hours, occurred_on, recorded_at, kind, title, tier, training_type, abilities,
    organizer_id, unit_id, unit_name, post, source_kind, source_ref, sequence)
{numbers} SELECT person_id, {hours}, {day}, '2026-10-31 08:00:00', 'class', '集中培训',
    CASE k % 4 WHEN 0 THEN 'county' WHEN 1 THEN 'street' WHEN 2 THEN 'county' ELSE
        CASE WHEN person_id % 50 = 0 THEN 'province' ELSE 'city' END END,
    CASE k % 5 WHEN 0 THEN 'special' WHEN 1 THEN 'field_practice' ELSE 'in_service' END,
    {abilities}, NULL, unit_id, '社区', post, 'class', CAST(k AS varchar(10)), 1
FROM (
    SELECT a.person_id, a.unit_id, a.post, n.i AS k, n.i / 4 + 2022
        - CASE WHEN a.person_id % 10 = 0 AND n.i / 4 > 1 THEN 4
               WHEN a.person_id % 10 = 1 AND n.i / 4 = 3 THEN 4
               WHEN a.person_id % 10 IN (2, 3) AND n.i / 4 = 4 THEN 5 ELSE 0 END AS year,
        1 + (a.person_id * 7 + n.i * 13) % 10 AS month, 1 + (a.person_id * 11 + n.i * 17) % 28 AS day
    FROM appointments a CROSS JOIN n WHERE a.person_id >= {first} AND a.person_id < {last}
) made
"""
DAY = {
    "postgresql": "make_date(CAST(year AS int), CAST(month AS int), CAST(day AS int))",
    "sqlite": "printf('%04d-%02d-%02d', year, month, day)",
}
ABILITIES = (
    'CASE (person_id + k) % 4 WHEN 0 THEN \'["mass_work"]\' WHEN 1 THEN \'["mediation", "acting_by_law"]\' '
    'WHEN 2 THEN \'["emergency_response"]\' ELSE \'["organizing", "coordination"]\' END'
)
YEAR_OF = {
    "postgresql": "CAST(extract(year FROM occurred_on) AS int)",
    "sqlite": "CAST(substr(occurred_on, 1, 4) AS int)",
}
BALANCES = """
INSERT INTO hour_balances (person_id, year, hours, entries)
SELECT person_id, {year}, sum(hours), count(*) FROM hour_entries
WHERE person_id >= {first} AND person_id < {last} GROUP BY person_id, {year}
"""
#: People whose entries go into one statement.
SLICE = 50_000
#: Indexes are built once the rows are there, which takes a third of the time.
INDEXES = ("uq_hour_entries_source", "ix_hour_entries_person_id_occurred_on")


@dataclass(frozen=True)
class Province:
    """Where the made things begin: identifiers are consecutive."""

    people: int
    #: identifiers of the first unit of each level
    province: int
    city: int
    county: int
    street: int
    community: int
    #: and of the first person
    person: int

    @property
    def streets(self) -> int:
        return self.people // PEOPLE_IN_STREET


def _parts(whole: int, in_each: int) -> int:
    return max(1, -(-whole // in_each))


def laid_out(people: int, *, first_unit: int = 1000, first_person: int = 1000) -> Province:
    """How a province of so many people is numbered."""
    streets = _parts(people, PEOPLE_IN_STREET)
    counties = _parts(streets, STREETS_IN_COUNTY)
    cities = _parts(counties, COUNTIES_IN_CITY)
    city = first_unit + 1
    county = city + cities
    street = county + counties
    return Province(streets * PEOPLE_IN_STREET, first_unit, city, county, street, street + streets, first_person)


def make(engine: Engine, people: int) -> tuple[Province, dict[str, float]]:
    """Write it all; how many seconds each part took."""
    province, took = laid_out(people), {}
    for name, statements in _parts_of(engine.dialect.name, province):
        began = time.perf_counter()
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET maintenance_work_mem = '256MB'")
                connection.exec_driver_sql("SET work_mem = '64MB'")
                connection.exec_driver_sql("SET session_replication_role = 'replica'")  # no check of each foreign key
            for statement in statements:
                _run(connection, statement)
        took[name] = time.perf_counter() - began
    _settle(engine, province)
    return province, took


def _run(connection: Connection, statement: str) -> None:
    """As it stands: psycopg reads a percent sign as a place for a value, unless it is doubled."""
    postgresql = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(statement.replace("%", "%%") if postgresql else statement)


def _parts_of(dialect: str, province: Province) -> Iterator[tuple[str, list[str]]]:
    yield "units", list(_units(province))
    people = {"numbers": NUMBERS.format(count=province.people), "first": province.person}
    true = "TRUE" if dialect == "postgresql" else "1"
    posts = {**people, "community": province.community, "in_community": PEOPLE_IN_COMMUNITY, "true": true}
    yield "people", [PERSONS.format(**people), APPOINTMENTS.format(**posts)]
    bulk = dialect == "postgresql"
    dropped = ["ALTER TABLE hour_entries DROP CONSTRAINT uq_hour_entries_source"]
    dropped += ["DROP INDEX ix_hour_entries_person_id_occurred_on"]
    yield "ledger", [*(dropped if bulk else ()), *_ledger(dialect, province)]
    if bulk:
        yield (
            "indexes",
            [
                "ALTER TABLE hour_entries ADD CONSTRAINT uq_hour_entries_source "
                "UNIQUE (person_id, source_kind, source_ref, sequence)",
                "CREATE INDEX ix_hour_entries_person_id_occurred_on ON hour_entries (person_id, occurred_on)",
            ],
        )
    slices = list(_slices(province))
    yield "balances", [BALANCES.format(year=YEAR_OF[dialect], first=first, last=last) for first, last in slices]


def _units(province: Province) -> Iterator[str]:
    yield (
        "INSERT INTO units (id, path, place, level, kind, code, name, valid_from) VALUES "
        f"({province.province}, '{province.province}.', '99.', 'province', 'administrative', '99', '测量省', "
        "'2000-01-01')"
    )
    counties, streets = province.street - province.county, province.streets
    levels = (
        ("city", "市", province.city, province.county - province.city, province.province, 10**6, 6),
        ("county", "县", province.county, counties, province.city, COUNTIES_IN_CITY, 6),
        ("street", "街道", province.street, streets, province.county, STREETS_IN_COUNTY, 5),
        ("community", "社区", province.community, streets * 10, province.street, COMMUNITIES_IN_STREET, 5),
    )
    for level, name, first, count, above, siblings, digits in levels:
        parent = f"{above} + i / {siblings}"
        numbers = NUMBERS.format(count=count)
        yield UNITS.format(
            numbers=numbers, first=first, parent=parent, level=level, name=name, siblings=siblings, digits=digits
        )


def _slices(province: Province) -> Iterator[tuple[int, int]]:
    last = province.person + province.people
    for first in range(province.person, last, SLICE):
        yield first, min(first + SLICE, last)


def _ledger(dialect: str, province: Province) -> Iterator[str]:
    hours, json = ("2.00", f"CAST({ABILITIES} AS json)") if dialect == "postgresql" else ("200", ABILITIES)
    for first, last in _slices(province):
        yield ENTRY.format(
            numbers=NUMBERS.format(count=ENTRIES), hours=hours, abilities=json, day=DAY[dialect], first=first, last=last
        )


def _settle(engine: Engine, province: Province) -> None:
    """Numbers continue after ours, and the planner knows what is there."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in ("units", "persons", "appointments"):
                _continue_numbers(connection, table)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _continue_numbers(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
