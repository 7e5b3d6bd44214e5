"""Cells become values or findings, never guesses."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.spreadsheets import Cell
from lms.people.models import Gender
from lms.people.posts import PostClass
from lms.roster import cells, id_numbers, months, names
from lms.roster.findings import SENTENCES, SEVERITIES, Code, Finding, from_json, to_json
from tests.roster.books import TODAY, number

ANY_CELL = st.one_of(st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.dates())


@pytest.mark.parametrize(
    ("written", "kept", "codes"),
    [
        ("赵桂", "赵桂", []),
        ("廖\u3000敏", "廖敏", [Code.NAME_SPACE]),
        (" 张  三 ", "张三", [Code.NAME_SPACE]),
        ("龚䶮", "龚䶮", []),
        ("阿依古丽•买买提", "阿依古丽·买买提", [Code.NAME_DOT]),
        ("迪丽拜尔‧艾力", "迪丽拜尔·艾力", [Code.NAME_DOT]),
        ("买买提 ・ 艾力", "买买提·艾力", [Code.NAME_DOT]),
        ("阿依古丽·买买提", "阿依古丽·买买提", []),
        ("John  O'Neil", "John O'Neil", []),
        ("=1+1", "=1+1", [Code.NAME_UNUSUAL]),
        ("张三\u202e", "张三", []),
        ("", "", [Code.NAME_MISSING]),
        ("长" * 81, "长" * 80, [Code.NAME_TOO_LONG]),
    ],
)
def test_names(written: str, kept: str, codes: list[Code]) -> None:
    reading = names.read_name(written)
    assert (reading.value, [code for code, _params in reading.notes]) == (kept, codes)


@pytest.mark.parametrize(
    ("cell", "kept", "code"),
    [
        (number(), number(), None),
        ("99010119870714046x", "99010119870714046X", Code.IDENTITY_FOLDED),
        ("９９０１０１２００００５２０８２７１", "990101200005208271", Code.IDENTITY_FOLDED),
        ("990101200005208272", None, Code.IDENTITY_CHECK_DIGIT),
        (f" {number()[:6]} {number()[6:]}", number(), Code.IDENTITY_FOLDED),
        (f"'{number()}", number(), Code.IDENTITY_FOLDED),
        (9.901011989120197e17, None, Code.IDENTITY_NUMERIC),
        ("9.90101E+17", None, Code.IDENTITY_NUMERIC),
        ("990101820501426", id_numbers.lengthened("990101820501426"), Code.IDENTITY_15),
        (990101820501426.0, id_numbers.lengthened("990101820501426"), Code.IDENTITY_15),
        (number()[:17], None, Code.IDENTITY_MALFORMED),
        (number(born="19850230"), None, Code.IDENTITY_DATE),
        (number(born="20850101"), None, Code.IDENTITY_DATE),
        ("", None, Code.IDENTITY_MISSING),
        ("无", None, Code.IDENTITY_MALFORMED),
    ],
)
def test_identity_numbers(cell: Cell, kept: str | None, code: Code | None) -> None:
    reading = id_numbers.read_id_number(cell, TODAY)
    assert reading.value == kept
    assert code in [one for one, _params in reading.notes] or (code is None and not reading.notes)


@given(st.integers(0, 10**17 - 1), st.integers(0, 10))
def test_one_wrong_digit_of_an_identity_number_is_always_found(body: int, step: int) -> None:
    right = number()
    at, digit = body % 17, str((int(right[body % 17]) + 1 + step % 9) % 10)
    wrong = right[:at] + digit + right[at + 1 :]
    assert id_numbers.read_id_number(wrong, TODAY).value is None or wrong == right


@given(ANY_CELL)
def test_no_cell_breaks_a_reader(cell: Cell) -> None:
    names.read_name(cell)
    id_numbers.read_id_number(cell, TODAY)
    months.read_month(cell)
    for read in (cells.read_phone, cells.read_gender, cells.read_duty, cells.read_post):
        read(cell)


@given(st.text(max_size=40))
def test_reading_a_name_again_changes_nothing(text: str) -> None:
    once = names.read_name(text).value
    assert names.read_name(once).value == once
    assert once == unicodedata.normalize("NFC", once)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1990.05", ["1990-05"]),
        ("1990.5", ["1990-05"]),
        (1990.05, ["1990-05"]),
        (1990.11, ["1990-11"]),
        ("199005", ["1990-05"]),
        (199005.0, ["1990-05"]),
        ("1990/5/1", ["1990-05"]),
        ("1990年5月", ["1990-05"]),
        ("1990年5月1日", ["1990-05"]),
        ("１９９０．０５", ["1990-05"]),
        (32994.0, ["1990-05"]),
        ("32994", ["1990-05"]),
        (date(1990, 5, 1), ["1990-05"]),
        ("1990-05-01 00:00:00", ["1990-05"]),
        ("19900501", ["1990-05"]),
        (1990.1, ["1990-01", "1990-10"]),
        ("1990.1", ["1990-01", "1990-10"]),
        ("1990.10", ["1990-10"]),
        ("1990.13", []),
        ("1990/2/30", []),
        ("1990", []),
        ("三月", []),
        ("", []),
    ],
)
def test_months_in_all_their_ways(cell: Cell, expected: list[str]) -> None:
    assert [moment.text for moment in months.read_month(cell)] == expected


@given(st.dates(date(1908, 4, 1), date(2099, 12, 31)))
def test_every_way_of_writing_a_day_means_that_day(day: date) -> None:
    serial = float((day - date(1899, 12, 30)).days)
    ways: list[Cell] = [
        day, serial, f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
    ]  # fmt: skip
    for way in ways:
        assert [moment.first_day for moment in months.read_month(way)] == [day]
    assert months.read_month(f"{day:%Y.%m}")[0].text == f"{day:%Y-%m}"


@pytest.mark.parametrize(
    ("cell", "kept", "code"),
    [
        ("19949594287", "19949594287", None),
        (19981985520.0, "19981985520", Code.PHONE_FOLDED),
        ("199-1840-6017", "19918406017", Code.PHONE_FOLDED),
        ("+86 199 1840 6017", "19918406017", Code.PHONE_FOLDED),
        ("１９９１８４０６０１７", "19918406017", Code.PHONE_FOLDED),
        ("0571-88888888", None, Code.PHONE_INVALID),
        ("1.99E+10", None, Code.PHONE_INVALID),
        ("", None, Code.PHONE_MISSING),
    ],
)
def test_phone_numbers(cell: Cell, kept: str | None, code: Code | None) -> None:
    reading = cells.read_phone(cell)
    assert (reading.value, [one for one, _params in reading.notes]) == (kept, [code] if code else [])


@pytest.mark.parametrize(
    ("title", "post"),
    [
        ("社区党组织书记", PostClass.PARTY_SECRETARY),
        ("居委会主任", PostClass.COMMITTEE_DIRECTOR),
        ("书记、主任（一肩挑）", PostClass.SECRETARY_AND_DIRECTOR),
        ("党委书记兼居委会主任", PostClass.SECRETARY_AND_DIRECTOR),
        ("居委会副主任", PostClass.COMMITTEE_MEMBER),
        ("居委会委员", PostClass.COMMITTEE_MEMBER),
        ("专职 工作人员", PostClass.FULL_TIME_STAFF),
        ("网格员", PostClass.GRID_WORKER),
        ("党委副书记", PostClass.OTHER),
        ("保洁", PostClass.OTHER),
        ("", None),
    ],
)
def test_posts(title: str, post: PostClass | None) -> None:
    assert cells.read_post(title).value == post


def test_gender_and_duty() -> None:
    assert cells.read_gender("女性").value is Gender.FEMALE
    assert cells.read_gender("?").notes[0][0] is Code.GENDER_UNREADABLE
    assert [cells.read_duty(text).value for text in ("是", "", "否", "已离职", "?")] == [True, True, False, False, True]


def test_every_code_has_one_sentence_and_survives_storage() -> None:
    assert set(SEVERITIES) == set(Code)
    assert sum(len(sentences) for sentences in SENTENCES.values()) == len(Code)
    finding = Finding(Code.TOTAL_DIFFERS, 9, "A", "序号", {"total": 1, "rows": 2, "people": 3})
    assert from_json(to_json(finding)) == finding
    assert "3" in finding.message
