"""The administrator's way through the pages: upload, understand, choose, confirm, result, slips."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import Activation
from lms.core import clock, db, spreadsheets
from lms.core.audit import AuditRow
from lms.people import identity
from lms.people.models import Appointment, Person
from lms.roster import actions
from lms.roster.models import RosterLoad
from tests.cast import Cast
from tests.roster.books import HEADER, number, others, person, xlsx

As = Callable[[int], FlaskClient]
CORRECTED = {"身份证号": number(order="045"), "姓名": "钱进", "联系电话": "19911111111"}
WRONG = {**CORRECTED, "身份证号": 9.901011985010404e17}


def upload(client: FlaskClient, unit: int, data: bytes, name: str = "花名册.xlsx") -> Any:
    return client.post("/roster/new", data={"unit": str(unit), "file": (io.BytesIO(data), name)})


def checked(client: FlaskClient, unit: int, *rows: Any, **more: Any) -> str:
    """The address of a load that was uploaded and waits."""
    answer = upload(client, unit, xlsx(*rows, **more))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def load(client: FlaskClient, unit: int, *rows: Any, **choices: str) -> str:
    address = checked(client, unit, *rows)
    answer = client.post(f"{address}/confirmation", data=choices)
    assert answer.status_code == 303, answer.text
    return address


@pytest.fixture
def ask(app: Flask) -> Callable[[Any], Any]:
    """Ask the database something, after the requests."""

    def scalars(statement: Any) -> Any:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
            return session.scalars(statement).all()

    return scalars


def test_the_whole_way(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person(), person(**WRONG))
    page = chen.get(address).text
    assert "末尾几位已经丢失" in page
    assert "登记在册而表中没有的人" in page
    refused = chen.post(f"{address}/confirmation")
    assert refused.status_code == 422
    assert ask(select(Person).where(Person.name == "赵桂")) == []
    assert chen.post(f"{address}/confirmation", data={"accept_sound": "y"}).status_code == 303
    result = chen.get(address).text
    assert "载入结果" in result
    assert "打印激活单" in result
    (made,) = ask(select(Person).where(Person.name == "赵桂"))
    assert (made.birth_month, made.education, made.origin, made.joined_on) == (
        "1985-01",
        "大专",
        "roster",
        date(2013, 5, 1),
    )
    (post,) = ask(select(Appointment).where(Appointment.person_id == made.id))
    assert (post.unit_id, post.title, post.grade, post.is_primary) == (cast.guangming, "网格员", "9", True)


def test_an_identity_number_is_stored_encrypted_and_never_shown(as_: As, cast: Cast, app: Flask) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        made = session.scalars(select(Person).where(Person.name == "赵桂")).one()
        assert number() not in (made.id_number_cipher or "")
        assert identity.decrypt(made.id_number_cipher or "") == number()
        kept = session.scalars(select(RosterLoad)).one()
        assert kept.content is None
        assert number() not in str([kept.findings, kept.details, kept.understood])
    assert number() not in chen.get(address).text


def test_a_waiting_file_is_kept_encrypted(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    checked(as_(cast.chen), cast.county, person())
    (content,) = ask(select(RosterLoad.content))
    assert number() not in content


def test_the_same_file_again_changes_nothing_and_says_so(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, person())
    before = ask(select(func.count()).select_from(Appointment))
    address = checked(chen, cast.county, person())
    assert "完全相同的文件已于" in chen.get(address).text
    chen.post(f"{address}/confirmation")
    assert "没有任何变化" in chen.get(address).text
    assert ask(select(func.count()).select_from(Appointment)) == before


def test_a_second_click_changes_nothing(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    assert chen.post(f"{address}/confirmation").status_code == 303
    assert len(ask(select(Person).where(Person.name == "赵桂"))) == 1


def test_two_uploads_of_one_file_load_everybody_once(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    first, second = (checked(chen, cast.county, person()) for _ in range(2))
    for address in (first, second):
        assert chen.post(f"{address}/confirmation").status_code == 303
    assert len(ask(select(Person).where(Person.name == "赵桂"))) == 1


def test_a_corrected_file_changes_only_what_differs(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, person(), person(**WRONG), accept_sound="y")
    load(chen, cast.county, person(学历="本科"), person(**CORRECTED))
    verbs = ask(
        select(AuditRow.verb).where(AuditRow.verb.in_(["roster.create", "roster.change"])).order_by(AuditRow.id)
    )
    assert verbs == ["roster.create", "roster.create", "roster.change"] or sorted(verbs) == [
        "roster.change", "roster.create", "roster.create",
    ]  # fmt: skip
    assert ask(select(Person.education).where(Person.name == "赵桂")) == ["本科"]


def test_who_moved_keeps_their_history(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, *others(60), person())
    moved = person(所在街道="滨河街道", 所在社区="水岸社区")
    load(chen, cast.county, *others(60), moved)
    (made,) = ask(select(Person.id).where(Person.name == "赵桂"))
    posts = ask(select(Appointment).where(Appointment.person_id == made).order_by(Appointment.id))
    assert [(post.unit_id, post.ends_on is None) for post in posts] == [(cast.guangming, False), (cast.shuian, True)]


def test_ending_many_posts_needs_a_second_confirmation(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, *others(10))
    leaving = others(10, 是否在岗="否")
    address = checked(chen, cast.county, *leaving)
    answer = chen.post(f"{address}/confirmation")
    assert answer.status_code == 422
    assert "超过现有 12 项的 2%" in answer.text
    assert ask(select(func.count()).where(Appointment.ends_on.is_not(None))) == [0]
    assert chen.post(f"{address}/confirmation", data={"confirm_endings": "y"}).status_code == 303
    assert ask(select(func.count()).where(Appointment.ends_on.is_not(None))) == [10]


def test_nobody_is_removed_because_a_file_does_not_name_them(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    load(as_(cast.chen), cast.county, person())
    assert ask(select(func.count()).where(Appointment.ends_on.is_not(None))) == [0]


def test_a_chosen_column_is_remembered_for_the_county(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    header = ["尊姓大名" if one == "姓名" else one for one in HEADER]
    assert upload(chen, cast.county, xlsx(person(), header=header)).status_code == 422
    odd = ["驻地" if one == "所在社区" else "驻街" if one == "所在街道" else one for one in HEADER]
    address = checked(chen, cast.county, person(), header=odd)
    assert "还缺少必须的列" in chen.get(address).text
    assert chen.post(f"{address}/confirmation", data={"accept_sound": "y"}).status_code == 422
    page = chen.get(address).text
    choices = dict(re.findall(r'name="(column_\d+)".*?<option selected value="(\w+)"', page, re.DOTALL))
    choices |= {"column_7": "street", "column_8": "community"}
    assert chen.post(f"{address}/columns", data=choices).status_code == 303
    assert "还缺少必须的列" not in chen.get(address).text
    rui = as_(cast.rui)
    there = checked(rui, cast.riverside, person(所在街道="滨河街道", 所在社区="水岸社区"), header=odd)
    assert "还缺少必须的列" not in rui.get(there).text


def test_one_thing_cannot_be_two_columns(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person())
    choices = {f"column_{n}": "unused" for n in range(16)} | {"column_1": "name", "column_2": "name"}
    answer = chen.post(f"{address}/columns", data=choices)
    assert answer.status_code == 422
    assert "同一项内容只能对应一列" in answer.text
    assert chen.post(f"{address}/columns", data={**choices, "column_2": "nonsense"}).status_code == 422


def test_a_discarded_file_is_forgotten(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person())
    assert chen.post(f"{address}/discard").status_code == 303
    assert ask(select(RosterLoad.content)) == [None]
    assert chen.post(f"{address}/confirmation").status_code == 422
    assert chen.post(f"{address}/discard").status_code == 422


def test_an_unconfirmed_file_is_forgotten_after_a_month(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    with clock.frozen(clock.now() - timedelta(days=31)):
        address = checked(as_(cast.chen), cast.county, person())
    checked(chen, cast.county, person(姓名="乙"))
    assert [content is None for content in ask(select(RosterLoad.content).order_by(RosterLoad.id))] == [True, False]
    assert "请重新上传" in chen.post(f"{address}/confirmation").text


def test_two_confirmations_at_once_load_everybody_once(
    app: Flask, as_: As, cast: Cast, ask: Callable[[Any], Any]
) -> None:
    addresses = [checked(as_(cast.chen), cast.county, *others(20)) for _ in range(2)]
    clients = [as_(cast.chen) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        ways = [(clients[n], f"{addresses[n % 2]}/confirmation") for n in range(4)]
        answers = list(pool.map(lambda way: way[0].post(way[1]).status_code, ways))
    assert answers == [303] * 4
    assert ask(select(func.count()).where(Person.origin == "roster")) == [20]
    assert ask(select(func.count()).where(Appointment.is_primary, Appointment.title == "网格员"))[0] >= 20


def test_the_list_and_the_result_take_few_statements(as_: As, cast: Cast, query_count: Callable[[], Any]) -> None:
    chen = as_(cast.chen)
    for name in ("甲", "乙", "丙"):
        address = checked(chen, cast.county, person(姓名=name))
    for page in ("/roster/", address, "/roster/new"):
        with query_count() as statements:
            assert chen.get(page).status_code == 200
        assert len([one for one in statements if not one.startswith("BEGIN")]) <= 10


def test_findings_are_downloaded_as_a_workbook(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person(**WRONG), person(姓名="=1+1"))
    answer = chen.get(f"{address}/findings.xlsx")
    rows = spreadsheets.read(answer.data, "a.xlsx").sheets[0].rows
    assert rows[1][:4] == ["错误", 2.0, "D", "身份证号"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "=1+1" in chen.get(address).text


def test_a_page_does_not_load_what_takes_too_long(
    as_: As, cast: Cast, ask: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command still does: a browser would give up, and nobody knew how far it came."""
    monkeypatch.setattr(actions, "MOST_ON_A_PAGE", 5)
    refused = upload(as_(cast.chen), cast.county, xlsx(*others(5)))
    assert refused.status_code == 422
    assert "这份文件有 6 行，在网页上一次最多载入 5 行" in refused.text
    assert "lms roster load" in refused.text
    assert ask(select(RosterLoad)) == []
    assert upload(as_(cast.chen), cast.county, xlsx(*others(4))).status_code == 303


def test_findings_can_be_filtered_by_severity(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person(**WRONG), person(联系电话="1"))
    page = chen.get(f"{address}?severity=warning").text
    assert "不是 11 位手机号" in page
    assert "末尾几位已经丢失" not in page
    assert chen.get(f"{address}?severity=worst").status_code == 400


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"PK\x03\x04damaged", "a.xlsx", "已损坏"),
        (b"\xff\xfe\xff", "a.csv", "第 1 行含有无法识别的字符"),
        (xlsx(["甲"], header=["乙"]), "a.xlsx", "没有找到表头"),
        (b"x", "a.exe", "只能读取"),
        (b"", "a.xlsx", "是空的"),
    ],
)
def test_a_bad_file_is_refused_and_the_unit_kept(
    as_: As, cast: Cast, ask: Callable[[Any], Any], data: bytes, name: str, sentence: str
) -> None:
    answer = upload(as_(cast.chen), cast.street, data, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'<option selected value="{cast.street}"' in answer.text
    assert ask(select(RosterLoad)) == []


def test_a_form_without_a_file_or_unit_is_refused(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    assert chen.post("/roster/new", data={"unit": str(cast.county)}).status_code == 422
    assert chen.post("/roster/new", data={"unit": "x", "file": (io.BytesIO(b"x"), "a.csv")}).status_code == 422


def test_slips_are_printed_street_by_street(as_: As, cast: Cast, ask: Callable[[Any], Any]) -> None:
    chen = as_(cast.chen)
    there = person(**{**CORRECTED, "所在街道": "滨河街道", "所在社区": "水岸社区"})
    address = load(chen, cast.county, person(), there)
    page = chen.get(f"{address}/slips").text
    assert "和平街道" in page
    assert "滨河街道" in page
    answer = chen.post(f"{address}/slips/{cast.street}")
    assert answer.status_code == 200
    codes = re.findall(r'slip__code">([^<]+)<', answer.text)
    assert len(codes) == 1
    assert "赵桂" in answer.text
    assert "钱进" not in answer.text
    assert "19949594287" in answer.text
    assert "<svg" in answer.text
    assert "style=" not in answer.text
    (digest,) = ask(select(Activation.digest))
    assert codes[0] not in digest
    assert ask(select(AuditRow.unit_id).where(AuditRow.verb == "roster.issue_slips")) == [cast.street]
    assert codes[0] not in chen.get(f"{address}/slips").text


def test_a_slip_printed_again_replaces_the_code(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    first, second = (chen.post(f"{address}/slips/{cast.street}").text for _ in range(2))
    assert re.findall(r'slip__code">([^<]+)<', first) != re.findall(r'slip__code">([^<]+)<', second)


def test_an_empty_street_has_no_slips(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    assert chen.post(f"{address}/slips/{cast.riverside}").status_code == 422


def test_the_list_of_loads_and_the_upload_page(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    assert "还没有上传过花名册" in chen.get("/roster/").text
    load(chen, cast.county, person())
    assert "花名册.xlsx" in chen.get("/roster/").text
    page = chen.get("/roster/new").text
    assert "清河区" in page
    assert "和平街道" in page
    assert "临江区" not in page


def test_joining_after_today_keeps_a_row_out(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person(入职时间=f"{clock.today().year + 1}.01"))
    assert "晚于今天" in chen.get(address).text
