"""A county's roster as such files come: titles above, a two-row header, merged cells, blanks that mean 'as above'."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from lms.people.identity import check_digit

HEADER = [
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "出生年月",
    "单位",
    "",
    "职务",
    "入职时间",
    "联系电话",
    "是否在岗",
    "备注",
]


def id_number(birthday: str, serial: int) -> str:
    """An identity number of nobody: the region 990101 does not exist."""
    first = f"990101{birthday}{serial:03d}"
    return first + check_digit(first)


#: name, gender, identity number, month, street, community, post, joined, phone, here, note
PEOPLE = [
    ("柳青", "女", id_number("19900512", 102), "1990.05", "和平街道", "光明社区", "网格员", "2021.03", "19911110001"),
    ("柏松", "男", id_number("19850203", 105), "1985/2/3", "和平街道", "", "专职工作人员", "2018.07", "19911110002"),
    (
        "荷香",
        "女",
        id_number("19921130", 208),
        "1992年11月",
        "滨河街道",
        "水岸社区",
        "居委会委员",
        "2019.09",
        "19911110003",
    ),
    ("江枫", "男", "990101198801011235", "1988.01", "滨河街道", "", "网格员", "2016.05", "19911110004"),
]


def write(path: Path) -> Path:
    """Write the roster; the last row has an identity number whose check digit is wrong."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("花名册")
    last = len(HEADER) - 1
    sheet.merge_range(0, 0, 0, last, "清河区社区工作者花名册（2026年）")
    sheet.merge_range(1, 0, 1, last, "填报单位（盖章）：      填报时间：2026年6月30日")
    for column, words in enumerate(HEADER):
        if words == "单位":
            sheet.merge_range(2, column, 2, column + 1, words)
        elif words:
            sheet.merge_range(2, column, 3, column, words)
    sheet.write_string(3, 5, "所在街道")
    sheet.write_string(3, 6, "所在社区")
    for number, (name, gender, identity, month, street, community, post, joined, phone) in enumerate(PEOPLE, 1):
        cells = [str(number), name, gender, identity, month, street, community, post, joined, phone, "是", ""]
        for column, words in enumerate(cells):
            sheet.write_string(3 + number, column, words)
    sheet.write_string(4 + len(PEOPLE), 0, "合计")
    sheet.write_number(4 + len(PEOPLE), 1, len(PEOPLE))
    book.close()
    return path
