"""Spreadsheets in and out: `read` for what people upload, `write_xlsx` and `write_csv` for what they download.

Reading happens in a limited child process after structural checks, so that a hostile or damaged file costs one child
and at most a few seconds. Writing keeps text as text: nothing that somebody typed becomes a formula, a link or a
number on the reader's machine.

Sources: python-calamine and XlsxWriter manuals; `spreadsheets_zip` and `spreadsheets_text` cite the formats.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lms.core import clock, limited, spreadsheets_child, spreadsheets_text
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

SECONDS = 15.0  # for 200,000 rows; a hostile file is refused long before
MEGABYTES = 1024

Cell = str | float | bool | date | datetime | time
"""A cell: empty is "". A whole number is a float too; separated text has nothing but text."""
Value = str | int | float | bool | Decimal | date | datetime | None
"""What can be written to a cell."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BAD_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

SENTENCES: dict[str, LazyString] = {
    "empty": _l("文件是空的。"),
    "file_size": _l("文件超过 %(megabytes)s MB。"),
    "extension": _l("只能读取 .xlsx、.xls 和 .csv 文件。请在表格软件中另存为 .xlsx 后重新上传。"),
    "wrong_content": _l("文件内容与扩展名不符，不是真正的表格文件。请在表格软件中另存为 .xlsx 后重新上传。"),
    "encrypted": _l("文件设有打开密码。请取消密码后重新上传。"),
    "macros": _l("文件带有宏或为二进制工作簿。请另存为不带宏的 .xlsx 后重新上传。"),
    "damaged": _l("文件已损坏，无法读取。请在表格软件中打开并另存一份后重新上传。"),
    "entities": _l("文件内部含有不允许的 XML 声明，已拒绝读取。请在表格软件中另存为 .xlsx 后重新上传。"),
    "parts": _l("文件内部的部件超过 %(most)s 个，已拒绝读取。"),
    "unpacked": _l("文件解压后超过 %(megabytes)s MB，已拒绝读取。"),
    "dimensions": _l("工作表声明的行数或列数过多，已拒绝读取。请删除多余的空行和空列，另存后重新上传。"),
    "rows": _l("工作表超过 %(most)s 行，请分成几个文件上传。"),
    "columns": _l("工作表超过 %(most)s 列，请删除多余的列后重新上传。"),
    "undecodable": _l("第 %(line)s 行含有无法识别的字符。请将文件另存为 UTF-8 编码的 CSV 或 .xlsx 后重新上传。"),
    "quote": _l("从第 %(line)s 行起的引号没有正确配对，无法分列。"),
    "cell": _l("第 %(line)s 行有一个单元格过长。"),
    "limits": _l("读取文件所需的时间或内存超过限制，已拒绝读取。"),
    "busy": _l("正在读取的文件较多，请稍后再试。"),
}


class Unreadable(Exception):
    """A file that is not read. `message` is a whole sentence in the reader's language, made when it is shown.

    :param code: a key of SENTENCES.
    :param params: what the sentence names, such as a line.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        return str(SENTENCES[self.code]) % self.params


@dataclass(frozen=True)
class Area:
    """Merged cells: rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet with its cells in their places: `rows[0]` is row 1; a row ends with its last cell that is not empty."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: Sequence[Area] = ()
    visible: bool = True


@dataclass(frozen=True)
class Workbook:
    """What a file holds; separated text is one sheet without a name."""

    name: str
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class Table:
    """A sheet to write.

    :param widths: of the columns, in characters; where it ends, 14.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[float] = ()


def column_letters(index: int) -> str:
    """The name of a column counted from 0: 0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = LETTERS[rest] + letters
    return letters


def read(data: bytes, name: str) -> Workbook:
    """The sheets of an .xlsx, .xls or .csv file.

    :param name: the file's name; its ending must agree with its content.
    :raise Unreadable: with the sentence that says why, within two seconds for a file that is not worth reading.
    """
    try:
        said = limited.run(spreadsheets_child.workbook_of, data, name, seconds=SECONDS, megabytes=MEGABYTES)
    except limited.LimitExceeded as error:
        raise Unreadable("busy" if error.what == "busy" else "limits") from error
    except limited.ChildFailed as error:
        raise Unreadable("damaged") from error
    if "fault" in said:
        raise Unreadable(said["fault"], **said["params"])
    return Workbook(name, [_sheet(sheet) for sheet in said["sheets"]])


def _sheet(said: dict[str, Any]) -> Sheet:
    rows = [[_cell(value) if type(value) is dict else value for value in row] for row in said["rows"]]
    return Sheet(said["name"], rows, [Area(*corners) for corners in said["merged"]], said["visible"])


def _cell(tagged: dict[str, str]) -> Cell:
    """A date, a moment or a time of day, as the child tagged it."""
    ((tag, text),) = tagged.items()
    kinds: dict[str, type[date] | type[datetime] | type[time]] = {"d": date, "t": datetime, "h": time}
    return kinds[tag].fromisoformat(text)


def write_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with one sheet for each table; rows may come from a generator, so memory stays small.

    Text is always written as text, so `=1+1` is read back as `=1+1`; a moment is written in the installation's zone.
    """
    with tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024) as file:
        write_xlsx_to(file, tables)
        file.seek(0)
        return file.read()


def write_xlsx_to(file: Any, tables: Iterable[Table]) -> None:
    """The same into an open file: a long list never lies in memory whole."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        taken: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name, taken))
            _write_table(sheet, table, head, moment)


def _write_table(sheet: Worksheet, table: Table, head: Format, moment: Format) -> None:
    """The header, frozen, then the rows in order (constant memory keeps only the current one)."""
    for column in range(len(table.header)):
        sheet.set_column(column, column, table.widths[column] if column < len(table.widths) else 14)
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(table.header):
        sheet.write_string(0, column, str(text), head)
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, moment)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value, moment: Format) -> None:
    """One cell by the type of its value; text that the format cannot hold whole is cut at its limit."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, float(value) if isinstance(value, Decimal) else value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, clock.local(value) if value.tzinfo else value, moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[: spreadsheets_text.LONGEST_CELL])


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that the format allows (31 characters, some of them forbidden) and that no sheet before has."""
    base = BAD_IN_SHEET_NAME.sub(" ", name).strip(" '")[:28] or "Sheet"
    unique = base
    number = 1
    while unique.lower() in taken:
        number += 1
        unique = f"{base} {number}"
    taken.add(unique.lower())
    return unique


def write_csv(rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with a byte order mark; text that a spreadsheet would run is neutralised, and `read` restores it.

    Numbers and dates are written plainly. Long digit strings lose digits when a spreadsheet program opens a CSV file:
    offer .xlsx where there are any.
    """
    return spreadsheets_text.write(rows)
