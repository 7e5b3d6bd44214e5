"""Small rosters for tests, made on the spot; all people are invented, their numbers begin with 99."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from lms.core.spreadsheets import Area, Sheet, Workbook
from lms.people.identity import check_digit
from lms.roster.findings import Code
from lms.roster.understanding import Understanding, understand

TODAY = date(2026, 11, 22)
CREATED = datetime(2026, 6, 30, tzinfo=UTC)
HEADER = [
    "序号", "姓名", "性别", "身份证号", "出生年月", "政治面貌", "学历", "所在街道", "所在社区", "职务", "岗位等级",
    "入职时间", "社工证等级", "联系电话", "是否在岗", "备注",
]  # fmt: skip
COLUMN = {header: index for index, header in enumerate(HEADER)}


def number(born: str = "19850104", order: str = "023") -> str:
    """An identity number of the invented county; the last digit of `order` is odd for men."""
    body = f"990101{born}{order}"
    return body + check_digit(body)


def person(**cells: Any) -> list[Any]:
    """A sound row of 光明社区, with some cells changed by their header."""
    row: list[Any] = [
        1, "赵桂", "男", number(), "1985.01", "中共党员", "大专", "和平街道", "光明社区", "网格员", 9, "2013.05", "",
        "19949594287", "是", "",
    ]  # fmt: skip
    for header, value in cells.items():
        row[COLUMN[header]] = value
    return row


def others(count: int, *, first: int = 100, **cells: Any) -> list[list[Any]]:
    """So many different sound people, none of them `person()`."""
    made = []
    for n in range(first, first + count):
        born = f"19{60 + n // 400 % 20}{1 + n // 8000:02}04"
        given = {"序号": n, "姓名": f"王{chr(0x4E00 + n % 5000)}", "联系电话": f"199{n:08}", "出生年月": ""}
        made.append(person(**given, 身份证号=number(born, f"{2 * (n % 400) + 1:03}"), **cells))
    return made


def sheet(*rows: Sequence[Any], above: Sequence[Sequence[Any]] = (), header: Sequence[str] = HEADER) -> Sheet:
    """As `spreadsheets.read` gives it: whole numbers are floats."""
    cells = [[float(cell) if type(cell) is int else cell for cell in row] for row in (*above, header, *rows)]
    return Sheet("花名册", cells)


def read(*rows: Sequence[Any], **more: Any) -> Understanding:
    return understand(Workbook("a.xlsx", [sheet(*rows, **more)]), remembered={}, today=TODAY)


def codes(understanding: Understanding, row: int | None = None) -> set[Code]:
    """The codes found, in all or in one row of the sheet."""
    found = [*understanding.findings, *(one for line in understanding.rows for one in line.findings)]
    return {one.code for one in found if row is None or one.row == row}


def xlsx(*rows: Sequence[Any], above: Sequence[Sequence[Any]] = (), header: Sequence[str] = HEADER) -> bytes:
    """The same as a file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        book.set_properties({"created": CREATED})  # else the second of writing would change the file's digest
        page = book.add_worksheet("花名册")
        for at, row in enumerate([*above, header, *rows]):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(at, column, cell)
                else:
                    page.write(at, column, cell)
    return out.getvalue()


__all__ = ["COLUMN", "HEADER", "TODAY", "Area", "codes", "number", "others", "person", "read", "sheet", "xlsx"]
