"""A load taken back: everything as it was before, or a refusal that names everybody in the way and why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lms.accounts import actions as accounts
from lms.accounts.models import Activation
from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.courses import access as courses_access
from lms.courses import actions as courses
from lms.courses.folder import read_course
from lms.hours import actions as hours
from lms.hours.kinds import HourKind
from lms.notices.models import Notice
from lms.people import actions as people
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass, Role
from lms.quizzes import actions as quizzes
from lms.quizzes import gift
from lms.roster.models import RosterEntry, RosterUndo
from lms.units import actions as units
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.courses.folders import write_course
from tests.roster.books import number, others, person
from tests.roster.test_pages import As, ask, checked, load

__all__ = ["ask"]
Ask = Callable[[Any], Any]
WHY = {"reason": "上传了去年的花名册"}
MOVED: dict[str, Any] = {"所在街道": "滨河街道", "所在社区": "水岸社区"}
CONFIRMED = {"confirm_endings": "y"}


@pytest.fixture
def tables(app: Flask) -> Callable[[], Any]:
    """Everything that is on record of people and posts."""

    def rows() -> Any:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
            kinds = (Person.__table__, Appointment.__table__)
            return [[tuple(row) for row in session.execute(select(kind).order_by(kind.c.id))] for kind in kinds]

    return rows


def undo(client: FlaskClient, address: str, status: int = 303) -> str:
    answer = client.post(f"{address}/undo", data=WHY)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def test_who_was_created_is_removed_and_shown_first(as_: As, cast: Cast, ask: Ask, tables: Any) -> None:
    before = tables()
    chen = as_(cast.chen)
    address = load(chen, cast.county, person(), *others(2))
    assert "撤回这次载入" in chen.get(address).text
    page = chen.get(f"{address}/undo").text
    assert "赵桂" in page
    assert "将删除的人员：3" in page
    assert "光明社区" in page
    made = ask(select(Person.id).where(Person.origin == "roster"))
    undo(chen, address)
    assert tables() == before
    (row,) = ask(select(RosterUndo))
    assert (row.reason, row.undone_by_id, row.counts["people"], row.counts["posts"]) == (WHY["reason"], cast.chen, 3, 3)
    removed = ask(select(AuditRow.person_id).where(AuditRow.verb == "roster.remove"))
    assert sorted(removed) == sorted(made)
    assert ask(select(AuditRow.unit_id).where(AuditRow.verb == "roster.undo")) == [cast.county]
    page = chen.get(address).text
    assert "这次载入已经撤回" in page
    assert WHY["reason"] in page
    assert f"{address}/undo" not in page
    assert f"{address}/slips" not in page
    assert "已撤回" in chen.get("/roster/").text
    assert "撤回载入时删除人员" in chen.get("/reports/audit").text
    assert "没有需要激活单的人" in chen.get(f"{address}/slips").text


def test_the_same_file_loads_again_and_nobody_gets_the_number_of_the_removed(as_: As, cast: Cast, ask: Ask) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    (first,) = ask(select(Person.id).where(Person.name == "赵桂"))
    undo(chen, address)
    again = checked(chen, cast.county, person())
    assert "这份文件载入过" not in chen.get(again).text
    assert chen.post(f"{again}/confirmation").status_code == 303
    (second,) = ask(select(Person.id).where(Person.name == "赵桂"))
    assert second > first
    undo(chen, again)
    assert ask(select(Person.id).where(Person.name == "赵桂")) == []


def test_what_was_changed_is_as_it_was(as_: As, cast: Cast, ask: Ask, tables: Any) -> None:
    chen = as_(cast.chen)
    staff = others(60)
    bare = person(身份证号="", 出生年月="", 学历="", 岗位等级=8)
    load(chen, cast.county, *staff, bare)
    before = tables()
    leaver, moved = {"是否在岗": "否"}, {**MOVED, "职务": "党委书记"}
    staff[0] = others(1, first=100, **leaver)[0]
    staff[1] = others(1, first=101, **moved)[0]
    staff[2] = others(1, first=102, 职务="网格长", 岗位等级=12)[0]
    changed = person(姓名="赵桂", 学历="本科", 入职时间="2014.06", 政治面貌="群众")
    address = load(chen, cast.county, *staff, changed, **CONFIRMED)
    assert tables() != before
    page = chen.get(f"{address}/undo").text
    for words in ("将删除的任职：1", "将恢复的任职：", "“本科”改回“—”", "“群众”改回“中共党员”", "删除这次登记的号码"):
        assert words in page
    assert number() not in page
    undo(chen, address)
    assert tables() == before
    assert len(ask(select(AuditRow.id).where(AuditRow.verb == "roster.set_back"))) == 4


def test_a_primary_post_goes_back_to_where_it_was(as_: As, cast: Cast, tables: Any) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, *others(60), person(), person(**MOVED, 备注="兼任"))
    before = tables()
    gone = [person(是否在岗="否"), person(**MOVED, 备注="兼任")]
    address = load(chen, cast.county, *others(60), *gone, **CONFIRMED)
    assert tables() != before
    assert "不再是主要任职" in chen.get(f"{address}/undo").text
    undo(chen, address)
    assert tables() == before


def anyhow(chance: Random) -> dict[str, Any]:
    """What a county may write about somebody in its next file."""
    cells: dict[str, Any] = {}
    places = [("和平街道", "光明社区"), ("和平街道", "新华社区"), ("滨河街道", "水岸社区")]
    if chance.random() < 0.5:
        cells["所在街道"], cells["所在社区"] = chance.choice(places)
    for header, values in (
        ("职务", ["网格员", "居委会主任", "社区党组织书记"]), ("岗位等级", [8, 9, 12]), ("学历", ["本科", "大专", ""]),
        ("是否在岗", ["是", "是", "否"]), ("政治面貌", ["群众", "中共党员"]), ("入职时间", ["2014.06", "2013.05"]),
    ):  # fmt: skip
        if chance.random() < 0.4:
            cells[header] = chance.choice(values)
    return cells


@pytest.mark.parametrize("seed", range(6))
def test_any_loads_taken_back_leave_what_was_there(as_: As, cast: Cast, tables: Any, seed: int) -> None:
    chance, chen = Random(seed), as_(cast.chen)
    states, addresses = [tables()], []
    for _ in range(3):
        rows = [others(1, first=n, **anyhow(chance))[0] for n in range(100, 112) if chance.random() < 0.8]
        rows += [others(1, first=n, **anyhow(chance), 备注="兼任")[0] for n in range(100, 112) if chance.random() < 0.3]
        addresses.append(load(chen, cast.county, *rows, accept_sound="y", **CONFIRMED))
        states.append(tables())
    for address in reversed(addresses):
        states.pop()
        undo(chen, address)
        assert tables() == states[-1]


def test_a_printed_slip_is_void_and_no_obstacle(as_: As, cast: Cast, ask: Ask, tables: Any) -> None:
    before, chen = tables(), as_(cast.chen)
    address = load(chen, cast.county, person())
    assert chen.post(f"{address}/slips/{cast.street}").status_code == 200
    assert "1 张激活单随即作废" in chen.get(f"{address}/undo").text
    undo(chen, address)
    assert tables() == before
    assert ask(select(func.count()).select_from(Activation)) == [0]
    assert ask(select(AuditRow.object_id).where(AuditRow.verb == "accounts.remove_unused")) == ["1"]
    assert chen.post(f"{address}/slips/{cast.street}").status_code == 422


def activate(made: Person) -> None:
    accounts.open_account(made, password="a long enough phrase 7", actor=SYSTEM, now=clock.now())


def sign_in(made: Person) -> None:
    actor_of(made.id)


def disable(made: Person) -> None:
    accounts.open_account(made, actor=SYSTEM, now=clock.now())
    accounts.disable(made, actor=SYSTEM, now=clock.now())


def award(made: Person) -> None:
    hours.award(
        person_id=made.id, hours=Decimal("2.00"), occurred_on=clock.today(), kind=HourKind.CLASS, title="接待",
        source=("class", "1"), tier=None, training_type=None, abilities=[], organizer_id=None, actor=SYSTEM,
        now=clock.now(),
    )  # fmt: skip


def attempt(made: Person) -> None:
    paper = quizzes.publish_paper(
        title="一", owner=("course_revision", "01"), questions=gift.parse("一：先做什么？{=先听 ~先记}"), draws=(),
        pass_percent=60, time_limit_minutes=None, attempts_allowed=None, wait_hours=0, actor=SYSTEM, now=clock.now(),
    )  # fmt: skip
    quizzes.start(paper, actor=actor_of(made.id), now=clock.now())


def tell(made: Person) -> None:
    notice = Notice(
        person_id=made.id, kind="feedback.answered", params={}, endpoint=None, url_values={}, source_kind="feedback",
        source_ref="1", why="own", created_at=clock.now(),
    )  # fmt: skip
    db.session().add(notice)


def grant(made: Person) -> None:
    unit = db.session().scalars(select(Unit).where(Unit.name == "和平街道")).one()
    people.grant(made, role=Role.TRAINER, unit=unit, actor=SYSTEM, now=clock.now())


def appoint(made: Person) -> None:
    unit = db.session().scalars(select(Unit).where(Unit.name == "新华社区")).one()
    people.appoint(
        made, unit=unit, post=PostClass.OTHER, starts_on=clock.today(), title="", actor=SYSTEM, now=clock.now()
    )


def end(made: Person) -> None:
    post = db.session().scalars(select(Appointment).where(Appointment.person_id == made.id)).one()
    people.end_appointment(post, last_day=clock.today(), actor=SYSTEM, now=clock.now())


BUILT = [
    (activate, "账号已经启用或登录过。"),
    (sign_in, "账号已经启用或登录过。"),
    (disable, "账号已经启用或登录过。"),
    (award, "已有学时记录。"),
    (attempt, "已参加测验。"),
    (tell, "已收到消息。"),
    (grant, "已被授予权限。"),
    (appoint, "任职后来有变动。"),
    (end, "任职后来有变动。"),
]


@pytest.mark.parametrize(("build", "reason"), BUILT, ids=lambda value: getattr(value, "__name__", ""))
def test_what_was_built_on_a_load_keeps_it(
    app: Flask, as_: As, cast: Cast, tables: Any, build: Callable[[Person], None], reason: str
) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person(), *others(1))
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        build(session.scalars(select(Person).where(Person.name == "赵桂")).one())
    before = tables()
    page = chen.get(f"{address}/undo").text
    assert "现在不能撤回：1 人" in page
    assert "赵桂" in page
    assert reason in page
    assert 'name="reason"' not in page
    assert "有 1 人的记录上已有后来的内容，不能撤回。" in undo(chen, address, 422)
    assert tables() == before


def test_study_begun_keeps_a_load(as_: As, cast: Cast, app: Flask, tmp_path: Path) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    source = read_course(write_course(tmp_path)).course
    assert source is not None
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        street, now = session.get_one(Unit, cast.street), clock.now()
        course = courses.load_folder(source, organizer=street, actor=SYSTEM, now=now).course
        made = session.scalars(select(Person.id).where(Person.name == "赵桂")).one()
        actor = actor_of(made)
        courses.enroll(courses_access.get_study(actor, course.id), actor=actor, now=now)
    assert "已开始学习课程。" in undo(chen, address, 422)


def test_an_education_comes_back_although_its_owner_signed_in(as_: As, cast: Cast, app: Flask, tables: Any) -> None:
    """What was not changed by the load is not built on it."""
    chen = as_(cast.chen)
    load(chen, cast.county, person())
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        made = session.scalars(select(Person.id).where(Person.name == "赵桂")).one()
        actor_of(made)
    before = tables()
    address = load(chen, cast.county, person(学历="本科"))
    as_(made)
    undo(chen, address)
    assert tables() == before


def test_hours_earned_since_keep_a_change(as_: As, cast: Cast, app: Flask) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, person())
    address = load(chen, cast.county, person(学历="本科"))
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        award(session.scalars(select(Person).where(Person.name == "赵桂")).one())
    assert "已有学时记录。" in undo(chen, address, 422)


def test_a_field_changed_since_keeps_a_load(as_: As, cast: Cast, app: Flask) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, person())
    address = load(chen, cast.county, person(学历="本科"))
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        session.execute(update(Person).where(Person.name == "赵桂").values(education="硕士"))
    assert "资料后来改过。" in undo(chen, address, 422)


def test_loads_are_taken_back_the_last_first(as_: As, cast: Cast, tables: Any) -> None:
    chen, before = as_(cast.chen), tables()
    first = load(chen, cast.county, person())
    second = load(chen, cast.county, person(学历="本科"))
    assert "后来的花名册又载入过此人的变化。" in undo(chen, first, 422)
    undo(chen, second)
    undo(chen, first)
    assert tables() == before


def test_a_post_is_not_reopened_in_a_unit_that_was_closed(as_: As, cast: Cast, app: Flask) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, *others(60, **MOVED), person(所在社区="新华社区"))
    address = load(chen, cast.county, *others(60, **MOVED), person())
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        unit = session.get_one(Unit, cast.xinhua)
        units.close(unit, last_day=clock.today(), successor=None, actor=SYSTEM, now=clock.now())
    assert "要恢复的任职，单位已经撤销。" in undo(chen, address, 422)


def test_the_first_fifty_in_the_way_are_named_and_all_are_counted(as_: As, cast: Cast, app: Flask) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, *others(55))
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        for made in session.scalars(select(Person).where(Person.origin == "roster")).all():
            grant(made)
    page = chen.get(f"{address}/undo").text
    assert "现在不能撤回：55 人" in page
    assert "这里显示前 50 人，共 55 人。" in page
    assert page.count("已被授予权限。") == 50


def test_a_second_click_changes_nothing(as_: As, cast: Cast, ask: Ask) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    undo(chen, address)
    undo(chen, address)
    assert "这次载入先前已经撤回。" in chen.get(address).text
    assert len(ask(select(RosterUndo.id))) == 1
    assert chen.get(f"{address}/undo").status_code == 303


def test_a_load_that_changed_nothing_says_so(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    load(chen, cast.county, person())
    address = load(chen, cast.county, person())
    assert "撤回这次载入" not in chen.get(address).text
    assert "没有什么可以撤回" in chen.get(f"{address}/undo").text
    undo(chen, address, 422)


def test_what_was_never_loaded_is_not_taken_back(as_: As, cast: Cast, ask: Ask) -> None:
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person())
    chen.post(f"{address}/undo", data=WHY)
    assert ask(select(RosterUndo.id)) == []


@pytest.mark.parametrize("reason", ["", "   ", "长" * 401])
def test_a_reason_is_asked_for(as_: As, cast: Cast, ask: Ask, reason: str) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    answer = chen.post(f"{address}/undo", data={"reason": reason})
    assert answer.status_code == 422
    assert "撤回原因" in answer.text
    assert ask(select(RosterUndo.id)) == []


def test_a_stranger_from_another_county_finds_nothing(as_: As, cast: Cast) -> None:
    address = load(as_(cast.chen), cast.county, person())
    for who in (cast.mallory, cast.bo):
        assert as_(who).get(f"{address}/undo").status_code == 404
        assert as_(who).post(f"{address}/undo", data=WHY).status_code == 404


def test_workers_and_trainers_may_not(as_: As, cast: Cast) -> None:
    address = load(as_(cast.chen), cast.county, person())
    for who in (cast.alice, cast.tina):
        assert as_(who).get(f"{address}/undo").status_code == 403
        assert as_(who).post(f"{address}/undo", data=WHY).status_code == 403


def test_other_methods_are_none(as_: As, cast: Cast) -> None:
    address = load(as_(cast.chen), cast.county, person())
    assert as_(cast.chen).put(f"{address}/undo").status_code == 405


def test_several_clicks_at_once_take_it_back_once(app: Flask, as_: As, cast: Cast, ask: Ask) -> None:
    address = load(as_(cast.chen), cast.county, *others(20))
    clients = [as_(cast.chen) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post(f"{address}/undo", data=WHY).status_code, clients))
    assert answers == [303] * 4
    assert len(ask(select(RosterUndo.id))) == 1
    assert ask(select(func.count()).where(Person.origin == "roster")) == [0]
    assert ask(select(func.count()).select_from(RosterEntry)) == [0]


def test_an_undo_and_another_load_at_once_leave_no_half(app: Flask, as_: As, cast: Cast, ask: Ask) -> None:
    address = load(as_(cast.chen), cast.county, *others(10))
    other = checked(as_(cast.chen), cast.county, *others(10, 学历="本科"))
    one, two = as_(cast.chen), as_(cast.chen)
    ways = [(one, f"{address}/undo", WHY), (two, f"{other}/confirmation", {})]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda way: way[0].post(way[1], data=way[2]).status_code, ways))
    assert answers in ([303, 303], [422, 303])
    assert ask(select(func.count()).where(Person.education == "本科", Person.origin == "roster")) == [10]
    assert ask(select(func.count()).select_from(RosterUndo)) == [int(answers[0] == 303)]


def test_the_preview_takes_as_many_statements_for_sixty_people_as_for_three(
    as_: As, cast: Cast, query_count: Callable[[], Any]
) -> None:
    chen, taken = as_(cast.chen), []
    for some in (others(60)[:3], others(60)[3:]):
        address = load(chen, cast.county, *some)
        with query_count() as statements:
            assert chen.get(f"{address}/undo").status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_the_page_is_in_english_too(as_: As, cast: Cast) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person())
    chen.post("/language", data={"locale": "en"})
    assert "Take this load back" in chen.get(f"{address}/undo", headers={"Accept-Language": "en"}).text
