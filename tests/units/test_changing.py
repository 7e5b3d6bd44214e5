"""Adding, renaming, moving, closing and merging units, on the pages. Who may is held by tests/whole/matrix.py."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.core.errors import Refused
from lms.people import actions as people
from lms.people.models import Appointment, Grant, Person
from lms.people.posts import PostClass, Role
from lms.units import actions
from lms.units.models import Level, Unit
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(NOW):
        yield


def unit(key: int) -> Unit:
    return db.session().get_one(Unit, key)


def test_adding_hangs_the_unit_below_and_is_audited(as_, cast: Cast, trail, look) -> None:
    form = {"name": " 柳荫社区 ", "level": "community", "kind": "administrative", "code": "990101001009"}
    answer = as_(cast.bo).post(f"/units/{cast.street}/add", data=form)

    assert answer.status_code == 303
    assert "柳荫社区" in as_(cast.bo).get(answer.location).text
    row = trail()[-1]
    assert (row.verb, row.actor_name, row.detail["name"]) == ("units.add", "薄和平", "柳荫社区")
    added = look(Unit, int(row.object_id))
    assert added.path == look(Unit, cast.street).path + f"{added.id}."


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "请填写名称。"),
        ({"name": "   "}, "请填写名称。"),
        ({"name": "光明社区"}, "已有“光明社区”"),
        ({"name": "长" * 81}, "80"),
        ({"code": "990102"}, "代码 990102 已被使用"),
        ({"code": "12a4"}, "代码是 2 至 12 位数字。"),
        ({"level": "county"}, "层级"),
        ({"kind": "secret"}, "性质"),
    ],
)
def test_a_refused_addition_keeps_what_was_typed(as_, cast: Cast, trail, changed, said) -> None:
    form = {"name": "柳荫社区", "level": "community", "kind": "functional", "code": "990101001009", **changed}
    answer = as_(cast.bo).post(f"/units/{cast.street}/add", data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="functional"' in answer.text
    assert form["code"] in answer.text
    assert not trail()


def test_the_refusal_speaks_english_to_who_reads_english(as_, cast: Cast) -> None:
    answer = as_(cast.bo).post(
        f"/units/{cast.street}/add", data={"name": "", "level": "x"}, headers={"Accept-Language": "en"}
    )
    assert "Enter a name." in answer.text
    assert "Not a valid choice" in answer.text
    assert "请填写" not in answer.text


def test_nothing_is_added_below_a_community_or_a_closed_unit(as_, cast: Cast, app) -> None:
    form = {"name": "第三网格", "level": "community", "kind": "administrative"}
    assert as_(cast.bo).post(f"/units/{cast.xinhua}/add", data=form).status_code == 422
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        actions.close(unit(cast.xinhua), last_day=TODAY, successor=None, actor=SYSTEM, now=NOW)
    assert as_(cast.bo).post(f"/units/{cast.xinhua}/add", data=form).status_code == 403


def test_renaming_keeps_the_old_name_in_the_trail(as_, cast: Cast, trail, look) -> None:
    assert as_(cast.bo).post(f"/units/{cast.xinhua}/name", data={"name": "新华里社区"}).status_code == 303
    assert look(Unit, cast.xinhua).name == "新华里社区"
    assert trail()[-1].detail == {"from": "新华社区", "to": "新华里社区"}


@pytest.mark.parametrize("name", ["光明社区", "", " ", "长" * 81])
def test_a_refused_name_is_kept_on_the_form(as_, cast: Cast, trail, name) -> None:
    answer = as_(cast.bo).post(f"/units/{cast.xinhua}/name", data={"name": name})
    assert answer.status_code == 422
    assert f'value="{name.strip()}"' in answer.text
    assert not trail()


def test_a_name_with_markup_is_shown_as_text(as_, cast: Cast) -> None:
    as_(cast.bo).post(f"/units/{cast.xinhua}/name", data={"name": "<script>alert(1)</script>"})
    page = as_(cast.bo).get(f"/units/{cast.xinhua}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_an_administrator_does_not_change_the_unit_they_were_given(as_, cast: Cast) -> None:
    """Bo runs what lies below 和平街道; its own name is the county's affair."""
    assert as_(cast.bo).post(f"/units/{cast.street}/name", data={"name": "幸福街道"}).status_code == 403
    assert as_(cast.chen).post(f"/units/{cast.street}/name", data={"name": "幸福街道"}).status_code == 303


def test_moving_takes_everything_below_along(as_, cast: Cast, trail, look) -> None:
    answer = as_(cast.dong).post(f"/units/{cast.street}/parent", data={"parent": cast.other_county})
    assert answer.status_code == 303
    assert look(Unit, cast.guangming).path.startswith(look(Unit, cast.other_county).path)
    assert look(Unit, cast.guangming).place.startswith(look(Unit, cast.other_county).place)
    assert trail()[-1].verb == "units.move"
    assert as_(cast.mallory).get(f"/people/{cast.alice}").status_code == 200
    assert as_(cast.chen).get(f"/people/{cast.alice}").status_code == 404


@pytest.mark.parametrize("target", ["other_county", "other_street", "county", "xinhua", "city"])
def test_nothing_is_moved_to_where_it_cannot_go(as_, cast: Cast, trail, look, target) -> None:
    """A5: rights on both ends. Chen has none over 临江区 and the city; a street does not go below a community."""
    before = look(Unit, cast.street).path
    answer = as_(cast.chen).post(f"/units/{cast.street}/parent", data={"parent": getattr(cast, target)})
    assert answer.status_code == 422
    assert look(Unit, cast.street).path == before
    assert not trail()


def test_a_trainer_of_a_place_is_offered_none_of_it(as_, app, cast: Cast) -> None:
    """To see a unit as a trainer is not to run it: merging into it and moving below it are not offered."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        bo, riverside = session.get_one(Person, cast.bo), unit(cast.riverside)
        people.grant(bo, role=Role.TRAINER, unit=riverside, actor=SYSTEM, now=NOW)
    client = as_(cast.bo)
    assert client.get(f"/units/{cast.riverside}").status_code == 200
    assert "滨河街道" not in client.get(f"/units/{cast.xinhua}/parent").text
    assert "水岸社区" not in client.get(f"/units/{cast.xinhua}/closing").text
    form = {"last_day": "2026-03-02", "successor": cast.shuian}
    assert client.post(f"/units/{cast.xinhua}/closing", data=form).status_code == 422


def test_closing_is_audited_and_final(as_, cast: Cast, trail, look) -> None:
    answer = as_(cast.bo).post(f"/units/{cast.xinhua}/closing", data={"last_day": "2026-03-01", "successor": ""})
    assert answer.status_code == 303
    assert look(Unit, cast.xinhua).valid_to == date(2026, 3, 1)
    assert trail()[-1].verb == "units.close"
    assert as_(cast.bo).post(f"/units/{cast.xinhua}/name", data={"name": "旧社区"}).status_code == 422
    assert "已撤销" in as_(cast.bo).get(f"/units/{cast.street}").text


@pytest.mark.parametrize(
    ("whose", "form", "said"),
    [
        ("xinhua", {"last_day": "2020-01-01"}, "撤销日期早于设立日期"),
        ("xinhua", {"last_day": "2026-03-03"}, "不能晚于今天"),
        ("xinhua", {"last_day": ""}, "请填写最后一天"),
        ("xinhua", {"last_day": "0001-01-01"}, "1900"),
        ("xinhua", {"last_day": "2026-02-30"}, "最后一天"),
        ("guangming", {}, "还有人在此任职"),
        ("riverside", {}, "下面还有单位"),
        ("xinhua", {"successor": "99999"}, "并入"),
    ],
)
def test_a_refused_closing_changes_nothing(as_, cast: Cast, trail, look, whose, form, said) -> None:
    data = {"last_day": "2026-03-02", "successor": "", **form}
    answer = as_(cast.chen).post(f"/units/{getattr(cast, whose)}/closing", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert look(Unit, getattr(cast, whose)).is_open
    assert not trail()


def test_a_merger_carries_people_and_roles_over(as_, app, cast: Cast, trail) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        sun = session.get_one(Person, cast.sun)
        people.grant(sun, role=Role.TRAINER, unit=unit(cast.guangming), actor=SYSTEM, now=NOW)
    form = {"last_day": "2026-03-02", "successor": cast.xinhua}
    assert as_(cast.bo).post(f"/units/{cast.guangming}/closing", data=form).status_code == 303
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        posts = session.scalars(
            select(Appointment).where(Appointment.person_id == cast.alice).order_by(Appointment.id)
        ).all()
        assert [(post.unit_id, post.starts_on, post.ends_on) for post in posts] == [
            (cast.guangming, date(2025, 1, 6), TODAY),
            (cast.xinhua, date(2026, 3, 3), None),
        ]
        assert posts[1].is_primary
        assert session.scalars(select(Grant.unit_id).where(Grant.person_id == cast.sun)).one() == cast.xinhua
    assert {"units.close", "people.end_appointment", "people.appoint", "people.grant"} <= {r.verb for r in trail()}


def test_a_merger_keeps_the_main_post_the_main_one(work, cast: Cast) -> None:
    """Alice works first in 光明社区 and second in 水岸社区: after the merger, first in the successor."""
    alice = work.get_one(Person, cast.alice)
    people.appoint(
        alice, unit=unit(cast.shuian), post=PostClass.OTHER, starts_on=date(2025, 2, 1), actor=SYSTEM, now=NOW
    )
    actions.close(unit(cast.guangming), last_day=TODAY, successor=unit(cast.xinhua), actor=SYSTEM, now=NOW)
    work.flush()
    main = work.scalars(
        select(Appointment.unit_id).where(
            Appointment.person_id == cast.alice, Appointment.is_primary, Appointment.ends_on.is_(None)
        )
    ).all()
    assert main == [cast.xinhua]


def test_who_held_the_same_post_in_both_holds_it_once(work, cast: Cast) -> None:
    alice = work.get_one(Person, cast.alice)
    people.appoint(
        alice, unit=unit(cast.xinhua), post=PostClass.GRID_WORKER, starts_on=date(2025, 2, 1), actor=SYSTEM, now=NOW
    )
    people.grant(alice, role=Role.TRAINER, unit=unit(cast.xinhua), actor=SYSTEM, now=NOW)
    people.grant(alice, role=Role.TRAINER, unit=unit(cast.guangming), actor=SYSTEM, now=NOW)
    actions.close(unit(cast.guangming), last_day=TODAY, successor=unit(cast.xinhua), actor=SYSTEM, now=NOW)
    work.flush()
    posts = select(Appointment).where(Appointment.person_id == cast.alice, Appointment.ends_on.is_(None))
    assert [(post.unit_id, post.is_primary) for post in work.scalars(posts)] == [(cast.xinhua, True)]
    roles = select(Grant.unit_id).where(Grant.person_id == cast.alice, Grant.revoked_at.is_(None))
    assert work.scalars(roles).all() == [cast.xinhua]


@pytest.mark.parametrize("successor", ["guangming", "street", "riverside"])
def test_a_unit_is_merged_only_into_another_of_its_level(work, cast: Cast, successor) -> None:
    with pytest.raises(Refused):
        actions.close(
            unit(cast.guangming), last_day=TODAY, successor=unit(getattr(cast, successor)), actor=SYSTEM, now=NOW
        )


def test_neither_a_closed_unit_nor_its_place_moves(work, cast: Cast) -> None:
    actions.close(unit(cast.xinhua), last_day=TODAY, successor=None, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        actions.move(unit(cast.xinhua), parent=unit(cast.riverside), actor=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        actions.move(unit(cast.guangming), parent=unit(cast.guangming), actor=SYSTEM, now=NOW)


def test_a_region_level_may_be_left_out(work, cast: Cast) -> None:
    """A municipality has counties right below the province, and a name taken elsewhere is free here."""
    added = actions.add(parent=unit(cast.province), level=Level.COUNTY, name="清河区", code=None, actor=SYSTEM, now=NOW)
    assert added.path == f"{unit(cast.province).path}{added.id}."
    assert actor_of(cast.pan).covers(added.path, "admin")


def test_closed_units_free_their_name(work, cast: Cast) -> None:
    actions.close(unit(cast.xinhua), last_day=TODAY, successor=None, actor=SYSTEM, now=NOW)
    actions.add(parent=unit(cast.street), level=Level.COMMUNITY, name="新华社区", code=None, actor=SYSTEM, now=NOW)


def test_a_search_tells_namesakes_apart_and_takes_wildcards_literally(as_, cast: Cast, app) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        for parent in (cast.county, cast.other_county):
            actions.add(parent=unit(parent), level=Level.STREET, name="城关镇", code=None, actor=SYSTEM, now=NOW)
    assert as_(cast.dong).get("/units/?q=城关镇").text.count("城关镇</a>") == 2
    assert as_(cast.chen).get("/units/?q=城关镇").text.count("城关镇</a>") == 1
    for words in ("%", "_", "99%", "' OR 1=1 --", "x" * 10_000):
        assert "没有找到" in as_(cast.chen).get("/units/", query_string={"q": words}).text
