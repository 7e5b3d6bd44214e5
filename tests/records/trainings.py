"""Trainings done elsewhere, as forms and spreadsheets say them."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

SOUND = {
    "姓名": "艾丽丝",
    "手机号": "19900000001",
    "培训名称": "社区矛盾调解实务班",
    "主办单位": "省委党校",
    "层级": "省级示范",
    "培训类型": "在职培训",
    "能力": "矛盾调解、依法办事",
    "开始日期": "2025-06-10",
    "结束日期": "2025-06-12",
    "天数": 3,
    "学时": 18,
    "依据": "结业证书 2025-0117",
}
HEADER = list(SOUND)


def form(**changed: Any) -> dict[str, Any]:
    """A sound training of three days, as the form sends it."""
    sound = {
        "title": "社区矛盾调解实务班",
        "organizer": "省委党校",
        "tier": "province",
        "training_type": "in_service",
        "abilities": ["mediation", "acting_by_law"],
        "starts_on": "2025-06-10",
        "occurred_on": "2025-06-12",
        "days": "3",
        "hours": "18",
        "evidence": "结业证书 2025-0117",
    }
    return {**sound, **changed}


def alice(**changed: Any) -> dict[str, Any]:
    """The same about Alice, by whoever enters for others."""
    return form(name="艾丽丝", key="19900000001", **changed)


def xlsx(*rows: dict[str, Any]) -> bytes:
    """A filled-in table: each row sound but for what it says."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("补录表")
        sheet.write_row(0, 0, ["2025 年外出培训补录"])
        sheet.write_row(1, 0, HEADER)
        for number, row in enumerate(rows, 2):
            sheet.write_row(number, 0, [{**SOUND, **row}.get(column, "") for column in HEADER])
    return out.getvalue()
