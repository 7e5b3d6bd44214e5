"""A spreadsheet of training done elsewhere: which column is what, and the claim of each row. Pure.

The template names its columns in the reader's language; both languages are read, and so are the words in use.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from lms.core.i18n import LOCALES, LazyString, force_locale
from lms.core.i18n import lazy_gettext as _l
from lms.core.spreadsheets import Cell, Sheet, Workbook, column_letters
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.records.claims import Claim
from lms.records.findings import Code, Finding
from lms.roster.cells import folded, read_phone, squeezed, text_of
from lms.roster.findings import Code as RosterCode
from lms.roster.findings import Reading, Severity
from lms.roster.id_numbers import read_id_number
from lms.roster.mapping import key_of
from lms.roster.months import read_month
from lms.roster.names import read_name

SEARCHED_ROWS = 20
MOST_ROWS = 2000
LONGEST = {"title": 200, "organizer": 80, "evidence": 110}


class Column(StrEnum):
    """What a column can hold."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    TITLE = "title"
    ORGANIZER = "organizer"
    TIER = "tier"
    TYPE = "training_type"
    ABILITIES = "abilities"
    STARTS_ON = "starts_on"
    OCCURRED_ON = "occurred_on"
    DAYS = "days"
    HOURS = "hours"
    EVIDENCE = "evidence"

    @property
    def label(self) -> LazyString:
        return LABELS[self]


LABELS = {
    Column.NAME: _l("姓名"),
    Column.ID_NUMBER: _l("身份证号"),
    Column.PHONE: _l("手机号"),
    Column.TITLE: _l("培训名称"),
    Column.ORGANIZER: _l("主办单位"),
    Column.TIER: _l("层级"),
    Column.TYPE: _l("培训类型"),
    Column.ABILITIES: _l("能力"),
    Column.STARTS_ON: _l("开始日期"),
    Column.OCCURRED_ON: _l("结束日期"),
    Column.DAYS: _l("天数"),
    Column.HOURS: _l("学时"),
    Column.EVIDENCE: _l("依据"),
}
SYNONYMS = {
    Column.ID_NUMBER: "身份证号码 身份证 公民身份号码",
    Column.PHONE: "手机号码 联系电话 手机",
    Column.TITLE: "培训班名称 班次名称 培训班 培训内容",
    Column.ORGANIZER: "主办 举办单位 组织单位",
    Column.TIER: "培训层级 级别",
    Column.TYPE: "类型 培训类别",
    Column.ABILITIES: "能力类别 培训能力",
    Column.STARTS_ON: "开始时间 起始日期",
    Column.OCCURRED_ON: "结束时间 完成日期 结业日期",
    Column.DAYS: "培训天数",
    Column.HOURS: "培训学时 学时数",
    Column.EVIDENCE: "证明材料 证书编号 文号 依据证书编号或文号",
}
NEEDED = (
    Column.NAME, Column.TITLE, Column.ORGANIZER, Column.TIER, Column.TYPE, Column.OCCURRED_ON, Column.HOURS,
    Column.EVIDENCE,
)  # fmt: skip


class NotBackEntries(Exception):
    """No sheet has the columns that are needed; `missing` of the nearest one."""

    def __init__(self, missing: Sequence[Column]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@dataclass
class Row:
    """What one row says of whom; `claim` only where everything could be read."""

    number: int
    place: Mapping[Column, tuple[str, str]]
    name: str = ""
    id_number: str | None = None
    phone: str | None = None
    claim: Claim | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return self.claim is not None and not any(one.severity is Severity.ERROR for one in self.findings)

    def note(self, code: StrEnum, column: str = "", **params: Any) -> None:
        """Put a finding on this row, at the column of that name."""
        letters, label = self.place.get(Column(column), ("", "")) if column else ("", "")
        self.findings.append(Finding(code.value, self.number, letters, label, params))


@dataclass(frozen=True)
class Understanding:
    """What was understood of a file."""

    sheet: str
    header_row: int
    rows: Sequence[Row]


def understand(workbook: Workbook, *, today: date) -> Understanding:
    """Read a workbook as back-entries.

    :raise NotBackEntries: no sheet has a header row with the columns that are needed.
    """
    nearest: list[Column] = list(NEEDED)
    for sheet in workbook.sheets:
        if not sheet.visible:
            continue
        for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
            columns = _columns(row)
            missing = [one for one in NEEDED if one not in columns]
            if not missing:
                return Understanding(sheet.name, index + 1, _rows(sheet, index, columns, today))
            nearest = min(nearest, missing, key=len)
    raise NotBackEntries(nearest)


def _words() -> dict[str, Column]:
    """Every name of a column, in both languages."""
    known = {word: column for column, words in SYNONYMS.items() for word in words.split()}
    for locale in LOCALES:
        with force_locale(locale):
            known |= {key_of(str(column.label)): column for column in Column}
    return known


def _columns(row: Sequence[Cell]) -> dict[Column, int]:
    known = _words()
    found: dict[Column, int] = {}
    for index, cell in enumerate(row):
        column = known.get(key_of(text_of(cell)))
        if column is not None:
            found.setdefault(column, index)
    return found


def _rows(sheet: Sheet, header: int, columns: Mapping[Column, int], today: date) -> list[Row]:
    labels = sheet.rows[header]
    place = {column: (column_letters(index), text_of(labels[index])) for column, index in columns.items()}
    rows = []
    for index in range(header + 1, len(sheet.rows)):
        cells = {c: sheet.rows[index][i] if i < len(sheet.rows[index]) else "" for c, i in columns.items()}
        if any(text_of(cell) for cell in cells.values()):
            rows.append(_Reader(Row(index + 1, place), cells, today).read())
    return rows


class _Reader:
    """Reads one row cell by cell, with a finding at each that is no good."""

    def __init__(self, row: Row, cells: Mapping[Column, Cell], today: date) -> None:
        self._row, self._cells, self._today = row, cells, today

    def read(self) -> Row:
        row = self._row
        row.name = self._noted(Column.NAME, read_name(self._cell(Column.NAME)))
        number = read_id_number(self._cell(Column.ID_NUMBER), self._today)
        row.id_number = self._noted(Column.ID_NUMBER, number, but=RosterCode.IDENTITY_MISSING)
        row.phone = self._noted(Column.PHONE, read_phone(self._cell(Column.PHONE)), but=RosterCode.PHONE_MISSING)
        if not row.id_number and not row.phone:
            row.note(Code.PERSON_UNNAMED, Column.NAME)
        title, organizer = self._text(Column.TITLE), self._text(Column.ORGANIZER)
        evidence = self._text(Column.EVIDENCE)
        tier, kind = self._choice(Column.TIER, Tier), self._choice(Column.TYPE, TrainingType)
        abilities = self._abilities()
        ends = self._day(Column.OCCURRED_ON)
        starts = self._day(Column.STARTS_ON, default=ends)
        days, hours = self._number(Column.DAYS, needed=False), self._number(Column.HOURS)
        if row_is_whole(row) and tier and kind and ends and starts and hours is not None:
            half_days = halves(days)
            row.claim = Claim(title, organizer, tier, kind, abilities, starts, ends, half_days, hours, evidence)
        return row

    def _cell(self, column: Column) -> Cell:
        return self._cells.get(column, "")

    def _noted(self, column: Column, reading: Reading[Any], *, but: RosterCode | None = None) -> Any:
        for code, params in reading.notes:
            if code is not but:
                self._row.note(code, column, **params)
        return reading.value

    def _text(self, column: Column) -> str:
        text = re.sub(r"\s+", " ", text_of(self._cell(column)))
        if not text:
            self._row.note(Code.TEXT_MISSING, column)
        elif len(text) > LONGEST[column]:
            self._row.note(Code.TEXT_TOO_LONG, column, most=LONGEST[column])
        return text

    def _choice(self, column: Column, kind: type[Any]) -> Any:
        text = text_of(self._cell(column))
        found = _named(kind).get(squeezed(text).lower())
        if not text:
            self._row.note(Code.CHOICE_MISSING, column, of=column.value)
        elif found is None:
            self._row.note(Code.CHOICE_UNKNOWN, column, text=text[:30], of=column.value)
        return found

    def _abilities(self) -> list[Ability]:
        found = []
        for text in re.split(r"[、,，;；/\n]+", text_of(self._cell(Column.ABILITIES))):
            known = _named(Ability).get(squeezed(text).lower())
            if known is not None:
                found.append(known)
            elif text.strip():
                self._row.note(Code.CHOICE_UNKNOWN, Column.ABILITIES, text=text[:30], of="abilities")
        return list(dict.fromkeys(found))

    def _day(self, column: Column, default: date | None = None) -> date | None:
        text = text_of(self._cell(column))
        if not text:
            if column is Column.OCCURRED_ON:
                self._row.note(Code.DAY_MISSING, column)
            elif default is not None:
                self._row.note(Code.START_ASSUMED, column if column in self._cells else "")
            return default
        moments = read_month(self._cell(column))
        if len(moments) != 1 or moments[0].day is None:
            self._row.note(Code.DAY_UNREADABLE, column, text=text[:30])
            return None
        return moments[0].first_day

    def _number(self, column: Column, *, needed: bool = True) -> Decimal | None:
        text = folded(self._cell(column)).removesuffix("天").removesuffix("学时")
        if not text:
            if needed:
                self._row.note(Code.TEXT_MISSING, column)
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > 10_000:
            self._row.note(Code.NUMBER_UNREADABLE, column, text=text[:20])
            return None
        return number


def halves(days: Decimal | None) -> int | None:
    """Days as half days; 0, which no claim may have, where they are no multiple of a half."""
    return None if days is None else int(days * 2) if days * 2 == int(days * 2) else 0


def row_is_whole(row: Row) -> bool:
    """Whether nothing that was read so far is an error."""
    return not any(one.severity is Severity.ERROR for one in row.findings)


def _named(kind: type[Any]) -> dict[str, Any]:
    """The members of an enumeration by every word that names them: 县级骨干, 县级, county."""
    known: dict[str, Any] = {}
    for one in kind:
        known[one.value] = one
        for locale in LOCALES:
            with force_locale(locale):
                known[squeezed(str(one.label)).lower()] = one
        if kind is Tier:
            known[str(one.label)[:2]] = one
            known[str(one.label)[2:]] = one
    if kind is TrainingType:
        known |= {word.removesuffix("培训"): one for word, one in list(known.items())}
    return known


def repeated(rows: Iterator[Row] | Sequence[Row], person_of: Mapping[int, int]) -> Iterator[tuple[Row, int]]:
    """Sound rows that say of the same person what a sound row above says, with the number of that row."""
    seen: dict[tuple[int, str, date], int] = {}
    for row in rows:
        if row.claim is None or not row.is_sound or row.number not in person_of:
            continue
        key = (person_of[row.number], squeezed(row.claim.title), row.claim.occurred_on)
        if key in seen:
            yield row, seen[key]
        else:
            seen[key] = row.number
