"""Spreadsheets in and out: what is read, what is refused and how fast, what survives a round trip."""

from __future__ import annotations

import base64
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core import spreadsheets, spreadsheets_text
from lms.core.spreadsheets import Cell, Table, Unreadable, Value

DANGEROUS = ["=1+1", "+86", "-1", "@x", "\tx", "\rx", "＝1", "'=1", "''@", "'x", "x=1"]
REFUSED_WITHIN_SECONDS = 2.0
MOMENT = datetime.fromisoformat("1990-05-01T03:04")


def rows_of(data: bytes, name: str = "a.xlsx") -> list[list[Cell]]:
    return [list(row) for row in spreadsheets.read(data, name).sheets[0].rows]


def small(**changes: str | bytes | None) -> bytes:
    """A sound workbook with some of its parts changed, added or (None) left out."""
    whole = spreadsheets.write_xlsx([Table("x", ["姓名"], [["甲"]])])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **changes}:
            content = changes[name] if name in changes else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def sheet_xml(body: str) -> str:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{body}</worksheet>'


SHEET_PART = "xl/worksheets/sheet1.xml"


def spent() -> float:
    """Processor seconds of this process and its children: other work on the machine does not count."""
    return sum(os.times()[:4])


def refused(data: bytes, name: str = "a.xlsx") -> Unreadable:
    begun = spent()
    with pytest.raises(Unreadable) as caught:
        spreadsheets.read(data, name)
    assert spent() - begun < REFUSED_WITHIN_SECONDS
    return caught.value


def test_cells_keep_their_types_and_places() -> None:
    values: list[Value] = [
        "甲",
        5,
        1990.1,
        True,
        date(1990, 5, 1),
        MOMENT,
        Decimal("0.25"),
        None,
        "末",
    ]
    data = spreadsheets.write_xlsx([Table("名册", ["a"], [values])])
    assert rows_of(data)[1] == ["甲", 5.0, 1990.1, True, date(1990, 5, 1), MOMENT, 0.25, "", "末"]


def test_blank_rows_and_columns_at_the_top_keep_their_numbers() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(2, 1, "here")
    assert rows_of(out.getvalue()) == [[], [], ["", "here"]]


def test_merged_cells_are_told() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().merge_range("B1:C2", "单位")
    assert spreadsheets.read(out.getvalue(), "a.xlsx").sheets[0].merged == [spreadsheets.Area(0, 1, 1, 2)]


def test_dates_of_1904_are_the_same_days() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"date_1904": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet().write_datetime(0, 0, date(1990, 5, 1))
    assert rows_of(out.getvalue()) == [[date(1990, 5, 1)]]


def test_a_formula_gives_its_stored_result_or_its_own_text() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_formula(0, 0, "=1+1", None, 2)
    assert rows_of(out.getvalue()) == [[2.0]]
    unsaved = openpyxl.Workbook()
    unsaved.create_sheet("first", 0)["B2"] = '="甲"&"乙"'
    out = io.BytesIO()
    unsaved.save(out)
    assert rows_of(out.getvalue()) == [[], ["", '="甲"&"乙"']]


# A workbook of the old binary kind (BIFF 8), packed: a merged title, a header, a person, a date and the number 1990.1.
OLD_WORKBOOK = (
    "c-rk)O-NKx6#njeZ=4yK8AsDV0}(+pQ*g3EBOMb;iW0{JErQa<Fief17PiqcH<=N%v1lXMA_A*TKU9*t7J-"
    "qAAPBT*)hZ}zp}x*J^PYbhI8cJ|zQ;ZHo^$Ux_vhSm-+k}RMC#P=!>nm6LnU;~nO-"
    "C<k||1Fn+byIO_Pgu?xAElSXc0R$dO4dJoCSHvk%$d)6nq17$*vRq;w2tQQOtonzM$emN7Id9zz9Dh1(<vAX7$_CiJAx4MOir%jZI?L^3F}g4#"
    "~0qnHTS7M5ANxJk>Ex&YYjW6^mpk`OZRig$6(bro;x!k*aa<}>T8BHQp`1mw_~*3Q-"
    "#^C`H4WT2Z++|f}SjZPt*oIQf?W)ASpj_Q{=j(lz93MBuzRPO$R+(S-"
    "WF2A7}KrhS_5+wcb;ef$4n({YXjm%Jxc&%fb>fLQaLzGP(@i!Py_pZ&>jt~4eOp=4W!}TPoYAI-}?B2za^MloGX+U{-"
    "NvI?gDlgkX`Sy}+r8{+~NYC!JCbqCY5;(=}ler5yNrFpG62C;4k7yJrQcjgP3({0(?tXoHsHHA^TqM2n_K3e@@_0%xagjAhIUqI0JS`NBtwJw}"
    ")lE{)5}HmyKzV*$hE>?tCv7fEZ9er=Dwqs!UQ{lia{rgelkEOa;Vo1it(m@%KKd>^j9gm0DCzUlhay#^Zrx-&4coc0&Z7@PGk-gqJX+8iyJ@{h"
    "Q!vZXNJterMr#CF9e#AtP%CIC(O??q?DdRun&{e`PMl%&uB~886I(8;ecU%m^Bmi9&vR_cW7*PWD=pZ1L9^H8OunMC)<B+*Y<;#y%g|A&rQs2G"
    "NN4i`lHtIC0|yQqIB?)#t)b*L2f4xVZP8`j+}+lHomonA&To?c7WL?&=Nx@h?nNi%F?1)ie>TFUY+GuTI`;oUMkDneLpxez9PJ73U;6S=i|4ay"
    "#o*ryp+x(iOJtn?xc^@S1?uk"
)


def test_a_workbook_of_the_old_kind_is_read() -> None:
    data = zlib.decompress(base64.b85decode(OLD_WORKBOOK))
    (sheet,) = spreadsheets.read(data, "a.xls").sheets
    assert sheet.rows[2] == ["赵桂", "990101198501040236", "网格员", "光明社区"]
    assert sheet.rows[3] == [date(1990, 5, 1), 1990.1]
    assert sheet.merged == [spreadsheets.Area(0, 0, 0, 3)]
    assert refused(data[:3_000], "a.xls").code == "damaged"


def test_hidden_sheets_are_read_and_told() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("a").write(0, 0, "x")
        book.add_worksheet("b").hide()
    assert [sheet.visible for sheet in spreadsheets.read(out.getvalue(), "a.xlsx").sheets] == [True, False]


@pytest.mark.parametrize("text", DANGEROUS)
def test_formula_text_survives_both_formats_as_text(text: str) -> None:
    assert rows_of(spreadsheets.write_xlsx([Table("x", [text], [[text]])])) == [[text], [text]]
    csv = spreadsheets.write_csv([["h", "i"], [text, "end"]])
    assert rows_of(csv, "a.csv")[1] == [text, "end"]


@pytest.mark.parametrize("text", [text for text in DANGEROUS if not text.startswith(("'x", "x"))])
def test_csv_never_begins_a_cell_with_what_runs(text: str) -> None:
    cell = spreadsheets_text.neutralised(text)
    assert cell.startswith("'")
    assert spreadsheets_text.restored(cell) == text


def test_numbers_in_csv_are_plain() -> None:
    assert spreadsheets.write_csv([[-5, Decimal("-0.25"), None]]) == b"\xef\xbb\xbf-5,-0.25,\r\n"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_text_survives_csv(rows: list[list[str]]) -> None:
    data = spreadsheets.write_csv([["a", "b", "c", "d"], *rows])
    assert spreadsheets_text.rows_of(data, 100)[1:] == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_encodings_and_line_ends_give_the_same_rows(encoding: str, line_end: str) -> None:
    text = line_end.join(["姓名,街道", "龚䶮,湖㳇镇", '张三,"甲,乙"']) + line_end
    assert rows_of(text.encode(encoding), "a.csv") == [["姓名", "街道"], ["龚䶮", "湖㳇镇"], ["张三", "甲,乙"]]


def test_tab_separated_utf16_is_read() -> None:
    assert rows_of("姓名\t电话\r\n甲\t1\r\n".encode("utf-16"), "a.csv") == [["姓名", "电话"], ["甲", "1"]]


CSV_ODDITIES = [
    ('first,zip\nJohn,"Anytown, WW"', [["first", "zip"], ["John", "Anytown, WW"]]),
    ('a,b,c\n1,"",""\n2,3,4', [["a", "b", "c"], ["1"], ["2", "3", "4"]]),
    ('a,b\n1,"ha ""ha"" ha"\n', [["a", "b"], ["1", 'ha "ha" ha']]),
    ('k,v\n1,"{""a"": [1, 0.5]}"\n', [["k", "v"], ["1", '{"a": [1, 0.5]}']]),
    ('a,b\r\n"Once \r\na time",5\r\n', [["a", "b"], ["Once \r\na time", "5"]]),
    ('a,b\n1,"ha \n""ha"" \nha"\n', [["a", "b"], ["1", 'ha \n"ha" \nha']]),
    ("a,b\n1,ʤ", [["a", "b"], ["1", "ʤ"]]),
]


@pytest.mark.parametrize(("text", "rows"), CSV_ODDITIES)
def test_csv_oddities_mean_what_they_should(text: str, rows: Sequence[Sequence[str]]) -> None:
    assert rows_of(text.encode(), "a.csv") == rows


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("甲,乙\n丙,丁\n".encode() + b"\xff\xfe,x\n", 3),
        (b"a\r\n" + "社区,街道".encode() + b"\xe4\xb8", 2),
        ("甲,乙\r".encode("gb18030") + b"\x81\x20\r", 2),
    ],
)
def test_an_undecodable_byte_is_told_by_its_line(data: bytes, line: int) -> None:
    fault = refused(data, "a.csv")
    assert (fault.code, fault.params) == ("undecodable", {"line": line})
    assert str(line) in fault.message


def test_a_quote_never_closed_is_told_by_its_line() -> None:
    fault = refused(b'a,b\n1,2\n"3,4\n5,6\n', "a.csv")
    assert (fault.code, fault.params) == ("quote", {"line": 3})


def bomb() -> bytes:
    """A part that unpacks to a gigabyte; only one megabyte of it is ever made here."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != SHEET_PART:
                new.writestr(name, old.read(name))
        with new.open(SHEET_PART, "w") as part:
            block = b" " * 1024 * 1024
            for _ in range(300):
                part.write(block)
    return out.getvalue()


def understated(data: bytes) -> bytes:
    """The same package whose directory and header claim that each big part unpacks to 100 bytes."""
    changed = bytearray(data)
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", changed, at + 24, 100)
    return bytes(changed)


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet_xml("<sheetData/>")
WIDE = sheet_xml('<dimension ref="A1:BDWGO1"/><sheetData><row r="1"><c r="BDWGO1"><v>1</v></c></row></sheetData>')
TALL = sheet_xml('<dimension ref="A1:XFD1048576"/><sheetData/>')
CROWDED = sheet_xml("<sheetData>" + ("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>") * 300 + "</sheetData>")
UNCLOSED = "<c " * 3_000_000
FAR = sheet_xml(
    '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
)
UTF16 = ('<?xml version="1.0" encoding="utf-16"?>' + sheet_xml("<sheetData/>")).encode("utf-16")


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (ENTITIES, {"entities"}),
        (UTF16, {"entities"}),
        (WIDE, {"dimensions"}),
        (TALL, {"dimensions"}),
        (CROWDED, {"dimensions"}),
        (UNCLOSED, {"damaged"}),
        (FAR, {"rows", "limits"}),
    ],
)
def test_hostile_sheets_are_refused_at_once(part: str | bytes, code: set[str]) -> None:
    assert refused(small(**{SHEET_PART: part})).code in code


def test_what_unpacks_to_too_much_is_refused_at_once() -> None:
    data = bomb()
    assert refused(data).code == "unpacked"
    assert refused(understated(data)).code in {"unpacked", "damaged"}


def test_too_many_parts_are_refused() -> None:
    assert refused(small(**{f"xl/media/{n}": "x" for n in range(2_001)})).code == "parts"


def test_macros_are_refused() -> None:
    assert refused(small(**{"xl/vbaProject.bin": b"x"})).code == "macros"
    assert refused(small(), "a.xlsm").code == "macros"


def test_damaged_files_are_refused() -> None:
    whole = small()
    assert refused(whole[: len(whole) // 2]).code == "damaged"
    assert refused(small(**{SHEET_PART: "<worksheet"})).code == "damaged"
    assert refused(small(**{"xl/workbook.xml": None})).code == "damaged"


def test_encrypted_files_are_refused() -> None:
    protected = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600
    )
    assert refused(protected).code == "encrypted"
    assert refused(protected, "a.xls").code == "encrypted"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (b"\x00\n", "a.csv", "empty"),
        (b"PK\x03\x04....", "a.csv", "wrong_content"),
        (b"<html><table>", "a.xls", "wrong_content"),
        (b"<html><table>", "a.csv", "wrong_content"),
        (b"a,b\n1,\x00", "a.csv", "wrong_content"),
        (b"%PDF-1.7", "a.xlsx", "wrong_content"),
        (b"a,b\n", "a.txt", "extension"),
        (b"a,b\n", "a.csv.exe", "extension"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 600, "a.xls", "damaged"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(data: bytes, name: str, code: str) -> None:
    assert refused(data, name).code == code


def test_a_plain_archive_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("note.txt", "x")
    assert refused(out.getvalue()).code == "wrong_content"


def test_every_refusal_has_its_sentence() -> None:
    for code, sentence in spreadsheets.SENTENCES.items():
        params = {"megabytes": 1, "most": 2, "line": 3}
        assert str(sentence).endswith("。") or str(sentence).endswith("."), code
        assert "%(" not in Unreadable(code, **params).message


def test_columns_are_named_as_in_a_sheet() -> None:
    assert [spreadsheets.column_letters(n) for n in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_sheet_names_are_made_allowed_and_different() -> None:
    data = spreadsheets.write_xlsx(
        [Table("a/b:" + "长" * 40, ["h"], []), Table("a/b:" + "长" * 40, ["h"], []), Table("", ["h"], [])]
    )
    names = [sheet.name for sheet in spreadsheets.read(data, "a.xlsx").sheets]
    assert len(set(names)) == 3
    assert all(0 < len(name) <= 31 for name in names)
