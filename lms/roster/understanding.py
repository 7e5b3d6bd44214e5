"""A workbook as a roster: which sheet, which header rows, which column is what, and each person's row. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Cell, Sheet, Workbook, column_letters
from lms.roster.cells import squeezed, text_of
from lms.roster.findings import Code, Finding
from lms.roster.headers import Header, find_header
from lms.roster.mapping import PLACES, Field, missing_of
from lms.roster.months import Moment
from lms.roster.rows import Row, Source, read_row

#: Rows below the people that are no people.
ENDS = re.compile(
    r"合计|总计|小计|共计|以下空白|以下无正文|填表人|填报人|制表人|制表|审核|复核|单位负责人|负责人签字|填表说明|填报说明|注[:：]|备注[:：]|说明[:：]"
)
FORM_DATE = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](?:(\d{1,2})日?)?")
DATE_WORDS = ("填报", "填表", "制表", "日期", "截至", "截止", "时间")


class NotARoster(Exception):
    """No sheet has a header that we know, or it lacks what a roster needs."""

    def __init__(self, missing: Sequence[Field], sheet: str = "") -> None:
        super().__init__(", ".join(missing))
        self.missing = missing
        self.sheet = sheet

    @property
    def message(self) -> str:
        """What was looked for, in the reader's language."""
        names = "、".join(str(one.label) for one in self.missing)
        return _("没有找到表头。在每个工作表的前 40 行中查找了这些列名，仍缺少：%(names)s。", names=names)


@dataclass(frozen=True)
class Column:
    """One column of the file and what it is taken for; None: nobody knows, so it is not read."""

    index: int
    header: str
    field: Field | None

    @property
    def letters(self) -> str:
        return column_letters(self.index)


@dataclass(frozen=True)
class Understanding:
    """What was understood of a file.

    :param header_rows: first and last, as the sheet numbers them.
    :param form_date: the date that the form states above its header.
    """

    sheet: str
    header_rows: tuple[int, int]
    columns: Sequence[Column]
    rows: Sequence[Row]
    form_date: date | None
    findings: Sequence[Finding] = field(default=())

    @property
    def missing(self) -> list[Field]:
        """Fields without which nothing can be loaded."""
        return missing_of({column.field for column in self.columns if column.field is not None})


def understand(
    workbook: Workbook,
    *,
    remembered: Mapping[str, Field],
    chosen: Mapping[int, Field] | None = None,
    today: date,
) -> Understanding:
    """Read a workbook as a roster.

    :param remembered: fields by the key of their header, as chosen before.
    :param chosen: fields by column, as chosen now; it replaces what the headers say.
    :raise NotARoster: no sheet has a header with a name column.
    """
    sheet, header = _choose(workbook, remembered)
    fields = dict(header.fields) if chosen is None else dict(chosen)
    columns = [Column(index, label, fields.get(index)) for index, label in enumerate(header.labels)]
    form_date = _form_date(sheet.rows[: header.top])
    source = Source(
        columns={column.field: column.index for column in columns if column.field not in (None, Field.UNUSED)},
        labels=header.labels,
        today=today,
        form_date=form_date,
    )
    rows, totals = _rows(sheet, header, source)
    findings = [*_repeated_serials(rows, source), *_total_findings(rows, totals)]
    return Understanding(sheet.name, (header.top + 1, header.bottom + 1), columns, rows, form_date, findings)


def _choose(workbook: Workbook, remembered: Mapping[str, Field]) -> tuple[Sheet, Header]:
    """The visible sheet whose header names most columns, a name among them."""
    found = [(sheet, find_header(sheet, remembered)) for sheet in workbook.sheets if sheet.visible]
    best: tuple[Sheet, Header] | None = None
    for sheet, header in found:
        if header is None or Field.NAME not in header.fields.values():
            continue
        if best is None or header.score > best[1].score:
            best = (sheet, header)
    if best is None:
        near = max((set(header.fields.values()) for _sheet, header in found if header), key=len, default=set())
        raise NotARoster(missing_of(near))
    return best


def _form_date(rows: Sequence[Sequence[Cell]]) -> date | None:
    """填报时间：2026年6月30日, from the rows above the header; without a day, the month's last."""
    for row in rows:
        for cell in row:
            text = squeezed(text_of(cell))
            match = FORM_DATE.search(text)
            if match and any(word in text for word in DATE_WORDS):
                try:
                    return Moment(int(match[1]), int(match[2]), int(match[3]) if match[3] else None).last_day
                except ValueError:
                    continue
    return None


def _rows(sheet: Sheet, header: Header, source: Source) -> tuple[list[Row], list[tuple[int, int]]]:
    """The people's rows with blanks filled from above, and the totals stated below them (row, number)."""
    rows: list[Row] = []
    totals: list[tuple[int, int]] = []
    above: Row | None = None
    for number, cells in _data_rows(sheet, header.bottom + 1):
        if _is_end(cells, source):
            totals.extend((number, total) for total in _totals(cells))
            continue
        if squeezed(text_of(source.cell(cells, Field.NAME))) in ("姓名", source.label(Field.NAME)):
            continue  # the header again, as at the top of a printed page
        above = read_row(number, cells, above, source)
        rows.append(above)
    return rows, totals


def _data_rows(sheet: Sheet, first: int) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that are not blank, by their number in the sheet; merged cells all hold what their first one does."""
    filled = [list(row) for row in sheet.rows]
    for area in sheet.merged:
        if area.top < first or area.top >= len(filled) or area.left >= len(filled[area.top]):
            continue
        if area.right > area.left:  # a stamp or a remark across the sheet is one cell
            continue
        value = filled[area.top][area.left]
        for row in filled[area.top + 1 : area.bottom + 1]:
            row.extend([""] * (area.left + 1 - len(row)))
            row[area.left] = value
    for index in range(first, len(filled)):
        if any(text_of(cell) for cell in filled[index]):
            yield index + 1, filled[index]


def _is_end(cells: Sequence[Cell], source: Source) -> bool:
    """Whether this row closes the list: it begins with a word such as 合计 and names no person."""
    first = next(squeezed(text_of(cell)) for cell in cells if text_of(cell))
    name = text_of(source.cell(cells, Field.NAME))
    return bool(ENDS.match(first)) and (not name or name.isdigit() or squeezed(name) == first)


def _totals(cells: Sequence[Cell]) -> list[int]:
    """The first whole number of a total row: 合计 | 120, or 合计：120人."""
    if not any("计" in text_of(cell) for cell in cells):
        return []
    numbers = [re.search(r"\d+", text_of(cell)) for cell in cells]
    found = [int(number[0]) for number in numbers if number]
    return found[:1]


def _repeated_serials(rows: Sequence[Row], source: Source) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for row in rows:
        if row.serial and row.serial in seen:
            params = {"serial": row.serial, "row": seen[row.serial]}
            yield source.finding(Code.SERIAL_REPEATED, row.number, Field.SERIAL, params)
        elif row.serial:
            seen[row.serial] = row.number


def _total_findings(rows: Sequence[Row], totals: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """A stated total that is neither the number of rows nor of people; subtotals in between are not compared."""
    people = len({row.id_number or (row.name, row.phone) for row in rows})
    if len(totals) == 1 and totals[0][1] not in (len(rows), people):
        number, total = totals[0]
        yield Finding(Code.TOTAL_DIFFERS, number, params={"total": total, "rows": len(rows), "people": people})


__all__ = ["PLACES", "Column", "NotARoster", "Understanding", "understand"]
