"""What `spreadsheets.read` runs in the limited child: the bytes of a file to rows that JSON can carry.

Imports the standard library and the reader alone: the child's start is paid on every upload.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import python_calamine

from lms.core import spreadsheets_text, spreadsheets_zip
from lms.core.spreadsheets_zip import Fault, Parts

LARGEST_FILE = 20 * 1024 * 1024  # bytes
MOST_ROWS = 200_000  # of one sheet
MOST_COLUMNS = 512  # that hold anything
MOST_SHEETS = 100

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def workbook_of(data: bytes, name: str) -> dict[str, Any]:
    """`{"sheets": [...]}`, or `{"fault": code, "params": {...}}` for a file that is not read."""
    try:
        return {"sheets": _sheets(data, name)}
    except Fault as fault:
        return {"fault": fault.code, "params": fault.params}


def _sheets(data: bytes, name: str) -> list[dict[str, Any]]:
    """Check that the content is what the name says, then read it."""
    suffix = name.rpartition(".")[2].lower()
    if not data.strip(b"\x00 \t\r\n"):
        raise Fault("empty")
    if len(data) > LARGEST_FILE:
        raise Fault("file_size", megabytes=LARGEST_FILE // 1024**2)
    if suffix in ("xlsm", "xltm", "xlsb"):
        raise Fault("macros")
    if suffix == "csv":
        return _csv_sheets(data)
    if suffix == "xlsx":
        return _xlsx_sheets(data)
    if suffix == "xls":
        return _xls_sheets(data)
    raise Fault("extension")


def _csv_sheets(data: bytes) -> list[dict[str, Any]]:
    if data.startswith((ZIP, OLE, *OTHERS)) or MARKUP.match(data):
        raise Fault("wrong_content")
    rows = spreadsheets_text.rows_of(data, MOST_ROWS)
    return [{"name": "", "visible": True, "rows": _trimmed(rows), "merged": []}]


def _xlsx_sheets(data: bytes) -> list[dict[str, Any]]:
    if data.startswith(OLE):
        _refuse_protected(data)
    if not data.startswith(ZIP):
        raise Fault("wrong_content")
    parts = spreadsheets_zip.check(data)
    sheets = _calamine_sheets(data)
    if parts.formulas:
        _fill_formulas(data, sheets, parts)
    return sheets


def _xls_sheets(data: bytes) -> list[dict[str, Any]]:
    if not data.startswith(OLE):
        raise Fault("wrong_content")
    _refuse_protected(data)
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Fault("macros")
    return _calamine_sheets(data)


def _refuse_protected(data: bytes) -> None:
    """An encrypted .xlsx is an OLE file with a stream of this name (MS-OFFCRYPTO 2.3)."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Fault("encrypted")


def _calamine_sheets(data: bytes) -> list[dict[str, Any]]:
    """Every worksheet with its cells in their places."""
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        found = [
            (index, meta.name, meta.visible == python_calamine.SheetVisibleEnum.Visible)
            for index, meta in enumerate(workbook.sheets_metadata)
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if not found:
            raise Fault("damaged")
        if len(found) > MOST_SHEETS:
            raise Fault("parts", most=MOST_SHEETS)
        return [_sheet(workbook.get_sheet_by_index(index), name, visible) for index, name, visible in found]
    except python_calamine.PasswordError as error:
        raise Fault("encrypted") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Fault("damaged") from error


def _sheet(sheet: python_calamine.CalamineSheet, name: str, visible: bool) -> dict[str, Any]:
    start = sheet.start
    if start is None:
        return {"name": name, "visible": visible, "rows": [], "merged": []}
    if sheet.total_height > MOST_ROWS:
        raise Fault("rows", most=MOST_ROWS)
    if sheet.total_width > MOST_COLUMNS:
        raise Fault("columns", most=MOST_COLUMNS)
    rows = [[_portable(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
    return {"name": name, "visible": visible, "rows": _trimmed(rows), "merged": merged}


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the empty cells at the right and the empty rows at the end."""
    for row in rows:
        while row and row[-1] == "":
            row.pop()
        if len(row) > MOST_COLUMNS:
            raise Fault("columns", most=MOST_COLUMNS)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _portable(value: Any) -> Any:
    """A cell as JSON carries it: text, number and truth as they are, a date or time tagged."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    return str(value) if isinstance(value, timedelta) else value


def _fill_formulas(data: bytes, sheets: list[dict[str, Any]], parts: Parts) -> None:
    """A formula that was stored without a result is shown as its own text, never computed."""
    by_name = _part_names(data)
    for sheet in sheets:
        for (row, column), text in parts.formulas.get(by_name.get(sheet["name"], ""), {}).items():
            rows = sheet["rows"]
            if row >= MOST_ROWS or column >= MOST_COLUMNS:
                continue
            rows.extend([] for _ in range(row + 1 - len(rows)))
            cells = rows[row]
            cells.extend([""] * (column + 1 - len(cells)))
            if cells[column] == "":
                cells[column] = text


def _part_names(data: bytes) -> dict[str, str]:
    """Sheet name -> the part that holds it, by the workbook's relations. Entities were refused before."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    try:
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        return {}
    targets = {relation.get("Id", ""): relation.get("Target", "").lstrip("/") for relation in relations}
    names: dict[str, str] = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(RELATION) or sheet.get(STRICT_RELATION) or "", "")
            names[sheet.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return names
