"""A spreadsheet of back-entries: checked row by row, confirmed, and approved by somebody else."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from lms.core import db, spreadsheets
from lms.hours.models import HourEntry
from lms.people import actions as people
from lms.people.models import Grant, Person
from lms.people.posts import Role
from lms.records.models import BackEntry, BackEntryLoad
from lms.units.models import Unit
from tests.cast import BEGINNING, SYSTEM, Cast
from tests.records.test_back_entries import rows, told
from tests.records.trainings import form, xlsx

SUN = {"姓名": "孙书记", "手机号": "19900000002"}
UPLOAD = "/back-entries/files/new"


def upload(client, unit: int, data: bytes, name: str = "补录.xlsx"):
    return client.post(UPLOAD, data={"unit": str(unit), "file": (io.BytesIO(data), name)})


def checked(client, unit: int, *given) -> str:
    answer = upload(client, unit, xlsx(*given))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def codes(app) -> list[tuple[str, int, str]]:
    (load,) = rows(app, BackEntryLoad)
    with app.app_context():
        return [(one["code"], one["row"], one["column"]) for one in _findings(app, load.id)]


def _findings(app, load_id: int):
    from_database = app.extensions["database"].sessions()
    with from_database as opened:
        return list(opened.get_one(BackEntryLoad, load_id).findings)


def test_every_row_is_checked_and_nothing_is_entered(app, as_, cast: Cast) -> None:
    address = checked(
        as_(cast.bo), cast.street, {}, SUN,
        {"学时": 30}, {"手机号": "19900000003"}, {"结束日期": "2024-06-12", "开始日期": "2024-06-10"}, {"层级": "部级"},
        {"结束日期": "2025年6月"}, {"主办单位": ""}, {}, {"手机号": ""},
    )  # fmt: skip
    assert codes(app) == [
        ("hours_above", 5, "K"),
        ("person_unknown", 6, "A"),
        ("before_post", 7, "I"),
        ("choice_unknown", 8, "E"),
        ("day_unreadable", 9, "I"),
        ("text_missing", 10, "D"),
        ("twice_in_file", 11, "C"),
        ("person_unnamed", 12, "A"),
    ]
    page = as_(cast.bo).get(address).text
    assert "最多 24.00 学时" in page
    assert "省级示范、市级重点、县级骨干、街道全员" in page
    assert not rows(app, BackEntry)
    with as_(cast.bo).get(f"{address}/findings.xlsx") as file:
        book = spreadsheets.read(file.data, "a.xlsx")
    assert len(book.sheets[0].rows) == 9
    refused = as_(cast.bo).post(f"{address}/confirmation")
    assert refused.status_code == 422
    assert "有 8 行存在错误" in refused.text


def test_sound_rows_wait_and_a_second_person_approves_what_repeats_nothing(app, as_, cast: Cast, trail) -> None:
    bo, chen = as_(cast.bo), as_(cast.chen)
    own = as_(cast.alice).post("/record/back-entries/new", data=form(title="矛盾调解实务", evidence="证书 8"))
    assert own.status_code == 303
    address = checked(bo, cast.street, {}, SUN, {"学时": 30})
    assert [one[0] for one in codes(app)] == ["hours_above", "may_repeat"]
    assert bo.post(f"{address}/confirmation", data={"accept_sound": "y"}).status_code == 303
    bo.post(f"{address}/confirmation", data={"accept_sound": "y"})  # a second click
    assert len(rows(app, BackEntry)) == 3
    assert told(app, cast.chen) == ["records.waiting_file"]
    assert bo.post(f"{address}/approval").status_code == 403

    assert chen.post(f"{address}/approval").status_code == 303
    (entry,) = rows(app, HourEntry)
    assert entry.person_id == cast.sun
    assert "已批准 1 条，还有 1 条待审批" in chen.get(address).text
    verbs = {row.verb for row in trail()}
    assert {"records.check_file", "records.load_file", "records.approve_file", "records.approve"} <= verbs
    again = checked(bo, cast.street, SUN)
    assert "已经登记过" in bo.get(again).text


def test_a_file_that_is_no_table_or_lacks_columns_is_refused(as_, cast: Cast) -> None:
    for data, name in ((b"x", "a.xlsx"), ("姓名,学时\n甲,1\n".encode(), "a.csv"), (b"", "a.csv")):
        assert upload(as_(cast.bo), cast.street, data, name).status_code == 422
    said = upload(as_(cast.bo), cast.street, "姓名,学时\n甲,1\n".encode(), "a.csv").text
    assert "缺少这些列" in said
    assert "主办单位" in said


def test_the_template_is_read_back(as_, cast: Cast, app) -> None:
    with as_(cast.tina).get("/back-entries/template.xlsx") as file:
        book = spreadsheets.read(file.data, "a.xlsx")
    header = [str(cell) for cell in book.sheets[0].rows[0]]
    row = ["艾丽丝", "", "19900000001", "调解班", "党校", "county", "初任", "", "", "2025/6/12", "", "4", "证书 1"]
    made = spreadsheets.write_xlsx([spreadsheets.Table("补录表", header, [row])])
    answer = upload(as_(cast.tina), cast.county, made)
    assert answer.status_code == 303, answer.text
    assert codes(app) == [("start_assumed", 2, "I")]


@pytest.mark.parametrize("way", ["confirmation", "discard", "approval"])
def test_out_of_reach_wrong_role_wrong_method(as_, cast: Cast, way: str) -> None:
    address = checked(as_(cast.bo), cast.street, {})
    assert as_(cast.mallory).post(f"{address}/{way}").status_code == 404
    assert as_(cast.alice).post(f"{address}/{way}").status_code == 403
    assert as_(cast.bo).get(f"{address}/{way}").status_code == 405
    assert as_(cast.bo).post(f"{address}/discard").status_code == 303


def test_an_upload_is_for_ones_own_units(as_, cast: Cast) -> None:
    data = xlsx({})
    assert upload(as_(cast.mallory), cast.street, data).status_code == 404
    assert upload(as_(cast.bo), cast.county, data).status_code == 404
    assert upload(as_(cast.alice), cast.street, data).status_code == 403
    assert as_(cast.bo).put(UPLOAD).status_code == 405
    assert as_(cast.mallory).get(checked(as_(cast.chen), cast.street, {})).status_code == 404


def test_who_lost_the_unit_loads_nothing_for_it(app, as_, cast: Cast) -> None:
    """Tina still trains for the other county: the role alone opens no file of the unit that was taken from her."""
    tina = as_(cast.tina)
    address = checked(tina, cast.street, {})
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        for grant in session.scalars(select(Grant).where(Grant.person_id == cast.tina)):
            grant.unit_id = cast.other_county
    assert tina.post(f"{address}/confirmation").status_code == 404
    assert tina.get(address).status_code == 404
    assert address not in tina.get("/back-entries").text
    assert not rows(app, BackEntry)


def test_the_ledger_is_told_to_those_alone_who_administer_the_unit(app, as_, cast: Cast) -> None:
    """Tina trains for this county and administers the other one."""
    as_(cast.alice).post("/record/back-entries/new", data=form(title="调解实务", evidence="证书 8"))
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        tina, other = session.get_one(Person, cast.tina), session.get_one(Unit, cast.other_county)
        people.grant(tina, role=Role.ADMIN, unit=other, actor=SYSTEM, now=BEGINNING)
    checked(as_(cast.tina), cast.street, {"培训名称": "调解实务班"})
    assert not codes(app)


def test_the_template_of_an_english_reader_is_read_back_and_a_trainer_is_told_nothing_of_the_ledger(
    as_, cast: Cast, app
) -> None:
    as_(cast.alice).post("/record/back-entries/new", data=form(title="调解实务", evidence="证书 8"))
    tina = as_(cast.tina)
    with tina.get("/back-entries/template.xlsx", headers={"Accept-Language": "en"}) as file:
        book = spreadsheets.read(file.data, "a.xlsx")
    header = [str(cell) for cell in book.sheets[0].rows[0]]
    assert "Organizer" in header
    row = [
        "艾丽丝",
        "",
        "19900000001",
        "调解实务班",
        "党校",
        "county",
        "induction",
        "",
        "",
        "2025-06-12",
        "",
        "4",
        "证书 1",
    ]
    made = spreadsheets.write_xlsx([spreadsheets.Table("a", header, [row])])
    assert upload(tina, cast.county, made).status_code == 303
    assert [code for code, _row, _column in codes(app)] == ["start_assumed"]
