"""Reading division lists: the public folder of four files, or a county's own list of communities.

Pure logic: text in, rows out, every fault with its file and line. Codes are text. Filler levels (市辖区 and the like)
are no unit that anybody works in, so their children hang on the level above; a city without counties (Dongguan)
appears in the files as its own county, and is one unit here.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lms.core import spreadsheets_text
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.spreadsheets_zip import Fault as Undecodable
from lms.units.models import Kind, Level

FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
ZONE_WORDS = ("开发区", "高新", "新城", "新区", "示范区", "管理区", "产业园", "园区")
LONGEST_NAME = 80
#: The public folder: file name, level, columns that name the units above, nearest first.
FILES = (
    ("provinces.csv", Level.PROVINCE, ()),
    ("cities.csv", Level.CITY, ("provinceCode",)),
    ("areas.csv", Level.COUNTY, ("cityCode",)),
    ("streets.csv", Level.STREET, ("areaCode",)),
)
COLUMNS = ("code", "name", "parent_code", "level")

SENTENCES: dict[str, LazyString] = {
    "file_missing": _l("缺少这个文件。"),
    "undecodable": _l("含有无法识别的字符，请另存为 UTF-8。"),
    "columns": _l("第一行缺少列：%(columns)s。"),
    "code": _l("代码“%(code)s”应为 2 至 12 位数字。"),
    "code_twice": _l("代码 %(code)s 在第 %(line)s 行已经出现。"),
    "name": _l("名称应为 1 至 80 个字。"),
    "level": _l("层级“%(level)s”应为 province、city、county、street、community 之一。"),
    "parent": _l("找不到上级代码 %(code)s。"),
    "order": _l("%(level)s不能设在%(parent)s之下。"),
    "moved": _l("代码 %(code)s 在系统中属于另一上级，请在单位页面调整。"),
    "unreadable": _l("引号没有正确配对，无法分列。"),
}


@dataclass(frozen=True)
class Fault:
    """Something wrong at a line of a file; the sentence is made in the language of whoever reads it."""

    file: str
    line: int
    code: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        return str(SENTENCES[self.code]) % {key: str(value) for key, value in self.params.items()}

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class DivisionFaults(Exception):
    """The list cannot be loaded as it is."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True)
class Division:
    """A line of the list."""

    file: str
    line: int
    code: str
    name: str
    parent_code: str
    level: Level
    kind: Kind = Kind.ADMINISTRATIVE


def read(path: Path) -> list[Division]:
    """The rows at `path`, parents before children.

    :param path: the folder of the four public files, or one CSV with the columns code, name, parent_code, level.
    :raise DivisionFaults: with every fault found.
    """
    rows = _folder(path) if path.is_dir() else list(_lines(path, None, ()))
    _refuse_repeated(rows)
    rows.sort(key=lambda row: row.level.rank)
    return _without_fillers(rows) if path.is_dir() else rows


def _folder(folder: Path) -> list[Division]:
    rows: list[Division] = []
    faults: list[Fault] = []
    for name, level, above in FILES:
        try:
            rows += _lines(folder / name, level, above)
        except DivisionFaults as error:
            faults += error.faults
    if faults:
        raise DivisionFaults(faults)
    return rows


def _lines(path: Path, level: Level | None, above: tuple[str, ...]) -> Iterator[Division]:
    """One file's rows. `level` and `above` are given where the file's name says them, not its columns."""
    wanted = ("code", "name", *above) if level else COLUMNS
    faults: list[Fault] = []
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    missing = [column for column in wanted if column not in (reader.fieldnames or ())]
    if missing:
        raise DivisionFaults([Fault(path.name, 1, "columns", {"columns": ", ".join(missing)})])
    try:
        for row in reader:
            values = {column: (row[column] or "").strip() for column in wanted}
            parent = values[above[0]] if above else values.get("parent_code", "")
            own = level or _level(values["level"])
            faults += _faults_of(path.name, reader.line_num, values, own)
            if not faults and own:
                kind = _kind(values["name"], own)
                yield Division(path.name, reader.line_num, values["code"], values["name"], parent, own, kind)
    except csv.Error:
        faults.append(Fault(path.name, reader.line_num, "unreadable", {}))
    if faults:
        raise DivisionFaults(faults)


def _text(path: Path) -> str:
    if not path.is_file():
        raise DivisionFaults([Fault(path.name, 0, "file_missing", {})])
    try:
        return spreadsheets_text.decoded(path.read_bytes())
    except Undecodable as error:
        raise DivisionFaults([Fault(path.name, int(error.params.get("line", 0)), "undecodable", {})]) from error


def _faults_of(file: str, line: int, values: Mapping[str, str], level: Level | None) -> list[Fault]:
    faults = []
    code = values["code"]
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 12):
        faults.append(Fault(file, line, "code", {"code": code[:20]}))
    if not 1 <= len(values["name"]) <= LONGEST_NAME:
        faults.append(Fault(file, line, "name", {}))
    if level is None:
        faults.append(Fault(file, line, "level", {"level": values["level"][:20]}))
    return faults


def _level(text: str) -> Level | None:
    return next((level for level in Level if level.value == text), None)


def _kind(name: str, level: Level) -> Kind:
    """What the name shows: a county of the corps or of a development zone is a real parent, not a legal division."""
    if "兵团" in name:
        return Kind.CORPS
    if level is Level.COUNTY and any(word in name for word in ZONE_WORDS):
        return Kind.DEVELOPMENT_ZONE
    return Kind.ADMINISTRATIVE


def _refuse_repeated(rows: list[Division]) -> None:
    first: dict[str, Division] = {}
    faults = []
    for row in rows:
        if row.code in first:
            faults.append(Fault(row.file, row.line, "code_twice", {"code": row.code, "line": first[row.code].line}))
        first.setdefault(row.code, row)
    if faults:
        raise DivisionFaults(faults)


def _without_fillers(rows: list[Division]) -> list[Division]:
    """Drop the levels that are none, and hang their children one level up."""
    by_code = {row.code: row for row in rows}
    replaced: dict[str, str] = {}
    kept = []
    for row in rows:
        parent_code = replaced.get(row.parent_code, row.parent_code)
        parent = by_code.get(parent_code)
        twin = parent is not None and row.level is Level.COUNTY and parent.name == row.name
        if row.name in FILLERS or twin:
            replaced[row.code] = parent_code
        else:
            kept.append(replace(row, parent_code=parent_code))
    return kept
