"""A workbook is understood as people keep them: titles, two header rows, merged cells, blanks, totals."""

from __future__ import annotations

from datetime import date

import pytest

from lms.core.spreadsheets import Area, Sheet, Workbook
from lms.roster.findings import Code
from lms.roster.mapping import Field, field_of, key_of
from lms.roster.understanding import NotARoster, understand
from tests.roster.books import COLUMN, HEADER, TODAY, codes, number, person, read, sheet

STAMP = ["填报单位（盖章）：      填报时间：2026年6月30日"]


def two_row_header() -> Sheet:
    """As the form of a county: 单位 spans two columns above 所在街道 and 所在社区, everything else spans two rows."""
    top = ["单位" if header == "所在街道" else "" if header == "所在社区" else header for header in HEADER]
    low = [header if header in ("所在街道", "所在社区") else "" for header in HEADER]
    whole = sheet(low, person(), above=[["清河区社区工作者花名册（2026年）"], STAMP], header=top)
    across = [Area(0, 0, 0, 15), Area(1, 0, 1, 15), Area(2, 7, 2, 8)]
    down = [Area(2, column, 3, column) for column in range(16) if column not in (7, 8)]
    return Sheet(whole.name, whole.rows, [*across, *down])


def test_titles_stamps_and_a_two_row_header() -> None:
    found = understand(Workbook("a", [two_row_header()]), remembered={}, today=TODAY)
    assert found.header_rows == (3, 4)
    assert found.form_date == date(2026, 6, 30)
    assert {column.field for column in found.columns} == set(Field) - {Field.UNIT, Field.UNUSED}
    assert [(row.number, row.name, row.street, row.community) for row in found.rows] == [
        (5, "赵桂", "和平街道", "光明社区")
    ]


def test_the_same_header_without_merged_cells_as_csv_has_it() -> None:
    merged = two_row_header()
    found = understand(Workbook("a", [Sheet("", merged.rows)]), remembered={}, today=TODAY)
    assert (found.header_rows, found.rows[0].community) == ((3, 4), "光明社区")


def test_a_group_row_above_the_header_that_names_most() -> None:
    top = ["序号", "姓名", *["基本情况"] + [""] * 4, *["岗位情况"] + [""] * 8]
    low = ["", "", *HEADER[2:]]
    found = understand(Workbook("a", [sheet(low, person(), header=top)]), remembered={}, today=TODAY)
    assert found.header_rows == (1, 2)
    assert found.rows[0].name == "赵桂"
    assert not found.missing


def test_an_instruction_row_above_the_header_is_no_header() -> None:
    above = [["1.「姓名」必填\n2.「身份证号」必填，文本格式\n3.「所在社区」必填"]]
    found = read(person(), above=above)
    assert (found.header_rows, len(found.rows)) == ((2, 2), 1)


def test_the_sheet_that_names_most_columns_is_chosen_and_hidden_ones_are_not() -> None:
    notes = Sheet("填表说明", [["1. 身份证号请以文本格式填写。"]])
    hidden = Sheet("旧", sheet(person()).rows, visible=False)
    found = understand(Workbook("a", [notes, hidden, sheet(person())]), remembered={}, today=TODAY)
    assert found.sheet == "花名册"


def test_a_missing_header_says_what_was_looked_for() -> None:
    with pytest.raises(NotARoster) as caught:
        understand(Workbook("a", [Sheet("s", [["性别", "学历", "职务"]])]), remembered={}, today=TODAY)
    assert caught.value.missing == [Field.NAME, Field.COMMUNITY]
    assert "姓名" in caught.value.message
    with pytest.raises(NotARoster):
        understand(Workbook("a", []), remembered={}, today=TODAY)


def test_columns_are_known_by_many_headers() -> None:
    assert key_of("身份证 号码\n（必填）*：") == "身份证号码"
    assert field_of("手机号码（本人）", {}) is Field.PHONE
    assert field_of("紧急联系人姓名", {}) is None
    assert field_of("驻地", {"驻地": Field.COMMUNITY}) is Field.COMMUNITY


def test_a_choice_replaces_what_the_headers_say() -> None:
    chosen = {COLUMN["姓名"]: Field.REMARK, COLUMN["备注"]: Field.NAME}
    row = understand(Workbook("a", [sheet(person(备注="李四"))]), remembered={}, chosen=chosen, today=TODAY).rows[0]
    assert (row.name, row.phone) == ("李四", None)


def test_a_blank_place_says_the_same_as_above() -> None:
    rows = read(person(), person(所在社区="", 姓名="乙"), person(所在街道="", 所在社区="", 姓名="丙")).rows
    assert [(row.street, row.community) for row in rows] == [("和平街道", "光明社区")] * 3


def test_a_blank_community_beside_another_street_is_remarked_upon() -> None:
    found = read(person(), person(所在街道="滨河街道", 所在社区="", 姓名="乙"))
    assert (found.rows[1].street, found.rows[1].community) == ("滨河街道", "光明社区")
    assert Code.UNIT_INHERITED_ACROSS in codes(found, 3)


def test_cells_merged_downwards_hold_for_each_row() -> None:
    rows = [person(), person(职务="", 姓名="乙")]
    book = sheet(*rows)
    merged = Sheet(book.name, book.rows, [Area(1, COLUMN["职务"], 2, COLUMN["职务"])])
    found = understand(Workbook("a", [merged]), remembered={}, today=TODAY)
    assert found.rows[1].title == "网格员"


@pytest.mark.parametrize("end", [["合计", 2], ["以下空白"], ["填表人：某某", "", "审核人："], ["备注：一式两份"]])
def test_rows_below_the_people_are_no_people(end: list[object]) -> None:
    assert len(read(person(), person(姓名="乙", 身份证号=number(order="025")), end).rows) == 2


def test_a_total_that_fits_neither_rows_nor_people_is_reported() -> None:
    assert Code.TOTAL_DIFFERS in codes(read(person(), ["合计", 120]))
    assert Code.TOTAL_DIFFERS not in codes(read(person(), ["合计：1人"]))


def test_a_header_repeated_on_a_printed_page_is_skipped() -> None:
    assert len(read(person(), HEADER, person(姓名="乙")).rows) == 2


def test_a_serial_number_used_twice_is_reported() -> None:
    found = read(person(序号=7), person(序号=7, 姓名="乙"))
    assert codes(found, 3) >= {Code.SERIAL_REPEATED}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"性别": "女"}, Code.GENDER_DIFFERS),
        ({"出生年月": "1986.01"}, Code.BIRTH_DIFFERS),
        ({"出生年月": 1985.1}, None),
        ({"出生年月": 1985.1, "身份证号": ""}, Code.BIRTH_AMBIGUOUS),
        ({"出生年月": "去年"}, Code.BIRTH_UNREADABLE),
        ({"身份证号": "990101850104023"}, Code.IDENTITY_15),
        ({"身份证号": "990101850104023", "出生年月": ""}, Code.IDENTITY_15_UNSURE),
        ({"入职时间": "2026.08"}, Code.JOINED_AFTER_FORM),
        ({"入职时间": "2026.12"}, Code.JOINED_IN_FUTURE),
        ({"入职时间": "1999.01"}, Code.JOINED_YOUNG),
        ({"入职时间": 2016.1}, Code.JOINED_AMBIGUOUS),
        ({"入职时间": "待定"}, Code.JOINED_UNREADABLE),
        ({"身份证号": "", "联系电话": ""}, Code.UNIDENTIFIABLE),
        ({"职务": ""}, Code.POST_MISSING),
        ({"学历": "长" * 41}, Code.TOO_LONG),
    ],
)
def test_cells_are_compared_with_each_other(cells: dict[str, object], code: Code | None) -> None:
    found = read(person(**cells), above=[STAMP])
    assert code in codes(found) if code else not codes(found)


def test_the_identity_number_settles_month_and_gender() -> None:
    row = read(person(身份证号=number(born="19851004"), 出生年月=1985.1, 性别="")).rows[0]
    assert (row.birth_month, row.gender) == ("1985-10", "male")


def test_a_leaver_and_the_month_of_leaving() -> None:
    row = read(person(是否在岗="否", 备注="2026年3月离职")).rows[0]
    assert (row.on_duty, row.left_on) == (False, date(2026, 3, 31))


def test_formula_text_stays_text() -> None:
    row = read(person(姓名='=HYPERLINK("http://x")', 学历="@SUM(A1)")).rows[0]
    assert (row.name, row.education) == ('=HYPERLINK("http://x")', "@SUM(A1)")


def test_findings_name_row_column_and_header() -> None:
    found = read(person(身份证号=9.901011989120197e17), above=[STAMP]).rows[0].findings[0]
    assert (found.code, found.row, found.column, found.label) == (Code.IDENTITY_NUMERIC, 3, "D", "身份证号")
