"""`lms ledger verify`: silent on a sound ledger, and each kind of tampering is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Connection, text

from lms.core import db
from lms.core.i18n import force_locale
from lms.hours import actions
from lms.hours.commands import ledger
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import NOW, award

ENTRY = (
    "INSERT INTO hour_entries (person_id, hours, occurred_on, recorded_at, kind, title, abilities, unit_name,"
    " source_kind, source_ref, sequence) VALUES ({person}, {hours}, '{day}', '2026-03-02 02:00:00', 'course', 't', '[]'"
    ", '', 'x', '{ref}', {sequence})"
)


@pytest.fixture
def entries(app: Flask, cast: Cast) -> list[int]:
    """Three entries of Alice's in two years, the third reversed."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        made = [
            award(cast.alice),
            award(cast.alice, source=("course", "8:2025"), occurred_on=NOW.date().replace(year=2025)),
            award(cast.alice, source=("course", "9:2026")),
        ]
        actions.reverse(made[2], reason="登记错误", actor=SYSTEM, now=NOW)
        return [entry.id for entry in made]


@pytest.fixture
def tamper(app: Flask) -> Callable[[str], None]:
    """Change the tables behind the application's back, without the constraints that would stop it."""

    @contextmanager
    def unguarded() -> Iterator[Connection]:
        engine = app.extensions["database"].engine
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
                connection.execute(text("ALTER TABLE hour_entries DROP CONSTRAINT IF EXISTS ck_hour_entries_positive"))
            else:
                raw = connection.connection.driver_connection
                raw.executescript("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON")
            yield connection
            connection.exec_driver_sql("COMMIT")
            connection.invalidate()

    def change(statement: str) -> None:
        with unguarded() as connection:
            connection.exec_driver_sql(statement)

    return change


@pytest.fixture
def verify(app: Flask):
    def run(locale: str = "zh_Hans_CN"):
        with app.app_context(), force_locale(locale):
            return CliRunner().invoke(ledger, ["verify"])

    return run


def stored(app: Flask, hours: str) -> str:
    """Hours as the database keeps them: SQLite in hundredths."""
    return hours if app.extensions["database"].engine.dialect.name == "postgresql" else str(int(float(hours) * 100))


def test_a_sound_ledger_is_proved(verify, entries) -> None:
    done = verify()
    assert (done.exit_code, done.stderr) == (0, "")
    assert "3 条记录，2 个年度余额" in done.stdout


TAMPERING = {
    "a balance was raised": (
        "UPDATE hour_balances SET hours = {nine} WHERE year = 2026", "余额与台账不符：{alice} 号人员 2026 年"),
    "a balance counts another number of entries": (
        "UPDATE hour_balances SET entries = 7 WHERE year = 2026", "余额与台账不符"),
    "a balance is gone": ("DELETE FROM hour_balances WHERE year = 2025", "余额与台账不符：{alice} 号人员 2025 年"),
    "a balance came from nowhere": (
        "INSERT INTO hour_balances (person_id, year, hours, entries) VALUES ({alice}, 2020, {nine}, 1)",
        "余额没有对应的记录：{alice} 号人员 2020 年"),
    "an entry is gone": ("DELETE FROM hour_entries WHERE id = {second}", "余额没有对应的记录"),
    "an entry was raised": ("UPDATE hour_entries SET hours = {nine} WHERE id = {first}", "余额与台账不符"),
    "an entry was made negative": (
        "UPDATE hour_entries SET hours = -1 WHERE id = {first}", "学时不是正数：{first} 号记录"),
    "an entry was moved ahead of its recording": (
        "UPDATE hour_entries SET occurred_on = '2026-03-09' WHERE id = {first}",
        "完成日期晚于登记日期：{first} 号记录"),
    "an entry was given to somebody else": (
        "UPDATE hour_entries SET person_id = {wen} WHERE id = {first}", "余额与台账不符：{wen} 号人员"),
    "an entry is nobody's": (
        "UPDATE hour_entries SET person_id = 99999 WHERE id = {first}", "记录没有所属人员：{first} 号记录"),
    "a source stands twice": (
        ENTRY.format(person="{alice}", hours="{nine}", day="2026-03-01", ref="1", sequence=1)
        + ";" + ENTRY.format(person="{alice}", hours="{nine}", day="2026-03-01", ref="1", sequence=2),
        "同一来源重复计算：{alice} 号人员，来源 x 1，2 次"),
    "a reversal is gone": ("DELETE FROM hour_reversals", "余额与台账不符"),
    "a reversal undoes nothing": (
        "UPDATE hour_reversals SET entry_id = 99999", "冲销没有对应的记录或原因"),
    "a reversal has no reason": ("UPDATE hour_reversals SET reason = ''", "冲销没有对应的记录或原因"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_named(app: Flask, cast: Cast, verify, tamper, entries, what) -> None:
    statement, said = TAMPERING[what]
    values = {"alice": cast.alice, "wen": cast.wen, "first": entries[0], "second": entries[1], "nine": stored(app, "9")}
    for one in statement.split(";"):
        tamper(one.format(**values))
    done = verify()
    assert done.exit_code == 1
    assert said.format(**values) in done.stderr


def test_what_is_wrong_is_told_in_english_too(verify, tamper, entries) -> None:
    tamper("UPDATE hour_balances SET entries = 7 WHERE year = 2026")
    done = verify("en")
    assert "Balance differs from the ledger: person" in done.stderr
    assert "breaches" in done.stderr
