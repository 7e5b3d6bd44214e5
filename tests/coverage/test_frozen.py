"""The names behind closed figures: as they were stated, whatever happens to people, trainings and units later."""

import random
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import delete, select

from lms.core import clock, db
from lms.core.errors import Refused
from lms.coverage import closing, closings, exporting, frozen, inquiry, jobs, names, proving, sheets
from lms.coverage.duties import Span
from lms.coverage.frozen import Frozen
from lms.coverage.inquiry import Inquiry
from lms.coverage.models import ClosedPerson, CoverageExport
from lms.coverage.names import Group
from lms.hours import actions as hours
from lms.hours.models import HourEntry
from lms.people.events import people_removed
from lms.people.models import Appointment, Person
from lms.units import actions as units
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.coverage.facts import NOW, TODAY, YEARLY, adopt, appoint, leave, refresh, train, work_in
from tests.coverage.test_closing import CLOSE, LAST_YEAR, PAGE, RESTATE
from tests.coverage.test_sums import learn, scatter
from tests.reports.pages import names_behind, sheet_of, table_of

PEOPLE, CHANGES = "/coverage/closings/people", "/coverage/closings/changes"
LATER = NOW.replace(hour=4)


@pytest.fixture
def year(facts, cast: Cast):
    """2025, of which Alice's training is known; Gu works in the sibling street, and was not trained as far as known."""
    with facts():
        adopt(cast.county)
        train(cast.alice, date(2025, 5, 6))
        return work_in(cast.shuian, "顾水岸")


@pytest.fixture
def closed(as_, cast: Cast, year) -> int:
    """The year is closed by the county. Gives Gu."""
    assert as_(cast.chen).post(f"{CLOSE}?{LAST_YEAR}").status_code == 303
    return int(year)


def proved() -> None:
    found = proving.prove()
    assert found.looked_at
    assert found.named == []


def behind(client, row: str, column: int, address: str = f"{PAGE}?{LAST_YEAR}") -> list[str]:
    """The names to which a number of the page leads."""
    return sorted(names_behind(client, table_of(client, address)[row][column].href))


def test_each_stated_number_leads_to_its_names_as_they_were(as_, cast: Cast, closed, facts) -> None:
    chen = as_(cast.chen)
    with facts(), clock.frozen(LATER):
        train(closed, date(2025, 12, 31), now=LATER)
        leave(cast.sun, last_day=date(2025, 3, 1))

    assert behind(chen, "结账数 现行", 2) == sorted(["艾丽丝", "孙书记", "顾水岸"])
    assert behind(chen, "结账数 现行", 3) == ["艾丽丝"]
    assert behind(chen, "结账数 现行", 4) == sorted(["孙书记", "顾水岸"])
    assert behind(chen, "滨河街道", 1) == ["顾水岸"]
    row = table_of(chen, f"{PEOPLE}?{LAST_YEAR}&closing=1")["艾丽丝"]
    assert [cell.text for cell in row[1:4]] == ["和平街道 光明社区", "网格员", "已完成"]
    assert [cell.text for cell in row[4:]] == ["2025年5月6日", "2025年12月31日"]
    assert names_behind(chen, f"{PEOPLE}?{LAST_YEAR}&closing=1&q=水岸") == ["顾水岸"]
    assert names_behind(chen, f"{PEOPLE}?{LAST_YEAR}&closing=1&post=party_secretary") == ["孙书记"]


def test_what_changed_between_two_statements_is_named_with_its_reason(as_, cast: Cast, closed, facts) -> None:
    chen, rui = as_(cast.chen), as_(cast.rui)
    with facts() as opened, clock.frozen(LATER):
        train(closed, date(2025, 12, 31), title="年末集训", now=LATER)
        entry = opened.scalars(select(HourEntry).where(HourEntry.person_id == cast.alice)).one()
        hours.reverse(entry, reason="名册有误", actor=SYSTEM, now=LATER)
        leave(cast.sun, last_day=date(2025, 3, 1))
    with clock.frozen(LATER.replace(hour=5)):
        now = table_of(chen, f"{CHANGES}?{LAST_YEAR}")
        assert rui.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "年末补录"}).status_code == 303
        assert chen.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "全县核对"}).status_code == 303

    assert [cell.text for cell in now["顾水岸"][1:]] == [
        "水岸社区，网格员 逾期", "水岸社区，网格员 已完成", "补记了 2025年12月31日 的培训“年末集训”",
    ]  # fmt: skip
    assert now["艾丽丝"][3].text == "冲销了 2025年5月6日 的培训“集中培训”：名册有误"
    assert [cell.text for cell in now["孙书记"][2:]] == ["不在名单", "任职或单位变动后不再列入"]
    statements = table_of(chen, f"{PAGE}?{LAST_YEAR}")
    assert list(table_of(chen, statements["第 1 次更正"][1].href)) == ["顾水岸"]
    assert sorted(table_of(chen, statements["第 1 次更正 现行"][1].href)) == sorted(["艾丽丝", "孙书记"])
    assert behind(chen, "第 1 次更正 现行", 3) == ["顾水岸"]
    assert behind(chen, "结账数", 3) == ["艾丽丝"]
    assert not table_of(chen, f"{CHANGES}?{LAST_YEAR}")


def test_a_swap_of_names_is_a_change_though_no_figure_is(as_, app, cast: Cast, closed, facts) -> None:
    bo = as_(cast.bo)
    assert bo.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "核对"}).status_code == 422
    with facts() as opened:
        entry = opened.scalars(select(HourEntry).where(HourEntry.person_id == cast.alice)).one()
        hours.reverse(entry, reason="记错了人", actor=SYSTEM, now=NOW)
        train(cast.sun, date(2025, 5, 6))
    assert "现在的数与现行数相同。" in bo.get(f"{PAGE}?{LAST_YEAR}").get_data(as_text=True)
    assert sorted(table_of(bo, f"{CHANGES}?{LAST_YEAR}")) == sorted(["艾丽丝", "孙书记"])
    assert bo.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "记错了人"}).status_code == 303
    assert behind(bo, "第 1 次更正 现行", 3) == ["孙书记"]
    assert behind(bo, "结账数", 3) == ["艾丽丝"]


def test_a_name_is_shown_to_whose_the_person_is_today(as_, cast: Cast, closed, facts) -> None:
    chen, list_ = as_(cast.chen), f"{PEOPLE}?unit={cast.county}&{LAST_YEAR}&closing=1"
    with facts():
        leave(cast.alice, last_day=date(2026, 8, 1))
        appoint(cast.alice, cast.other_community, since=date(2026, 8, 2))

    assert sorted(names_behind(chen, list_)) == sorted(["已调离人员", "孙书记", "顾水岸"])
    assert not names_behind(chen, f"{list_}&q=艾丽丝")
    assert "艾丽丝" in names_behind(as_(cast.dong), list_)
    assert "艾丽丝" not in str(sheet_of(chen, list_.replace("people?", "people/export?")))


def test_a_removed_person_leaves_a_name_less_place_in_the_list(app, as_, cast: Cast, closed, facts) -> None:
    with facts() as opened:
        people_removed.send(None, person_ids=[closed])
        opened.execute(delete(Appointment).where(Appointment.person_id == closed))
        opened.execute(delete(Person).where(Person.id == closed))
        proved()
    chen = as_(cast.chen)

    assert behind(chen, "结账数 现行", 2) == sorted(["艾丽丝", "孙书记", "已删除的人员"])
    assert table_of(chen, f"{CHANGES}?{LAST_YEAR}")["已删除的人员"][3].text == "人员记录已经删除"
    assert chen.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "名册撤回"}).status_code == 303
    assert behind(chen, "第 1 次更正 现行", 2) == sorted(["艾丽丝", "孙书记"])


def test_scope_of_the_names(as_, cast: Cast, closed) -> None:
    for page in (f"{PEOPLE}?closing=1&", f"{CHANGES}?"):
        for actor, unit in ((cast.mallory, cast.county), (cast.rui, cast.street), (cast.bo, cast.county)):
            assert as_(actor).get(f"{page}unit={unit}&{LAST_YEAR}").status_code == 404
        for actor in (cast.alice, cast.tina):
            assert as_(actor).get(f"{page}{LAST_YEAR}").status_code == 403
        assert as_(cast.chen).post(f"{page}{LAST_YEAR}").status_code == 405
    for page in (PEOPLE, CHANGES):
        address = f"{page}/export?{LAST_YEAR}&closing=1"
        assert as_(cast.mallory).post(f"{address}&unit={cast.county}").status_code == 404
        assert as_(cast.tina).post(address).status_code == 403
        assert as_(cast.chen).get(address).status_code == 405


def test_an_act_that_said_nothing_of_the_unit_is_not_there(as_, cast: Cast, closed) -> None:
    chen = as_(cast.chen)
    for query, status in {"closing=2": 404, "closing=x": 400, "closing=1&group=worst": 400, "": 404}.items():
        assert chen.get(f"{PEOPLE}?{LAST_YEAR}&{query}").status_code == status
    assert chen.get(f"{CHANGES}?{LAST_YEAR}&closing=1").status_code == 404
    assert chen.get(f"{CHANGES}?cycle=2026-01-01").status_code == 404
    assert chen.get(f"{PEOPLE}?cycle=2026-01-01&closing=1").status_code == 404


def test_lists_are_taken_away_with_a_trace_and_long_ones_by_the_job(
    app, as_, cast: Cast, closed, facts, trail, monkeypatch
) -> None:
    chen = as_(cast.chen)
    with facts(), clock.frozen(LATER):
        train(closed, date(2025, 12, 31), title="年末集训", now=LATER)
    sheet = sheet_of(chen, f"{PEOPLE}/export?{LAST_YEAR}&closing=1&group=missing")
    assert sorted(row[0] for row in sheet[1:]) == sorted(["孙书记", "顾水岸"])
    assert (trail()[-1].verb, trail()[-1].detail["list"]) == ("coverage.export", "closed_people")
    with clock.frozen(LATER):
        changed = sheet_of(chen, f"{CHANGES}/export?{LAST_YEAR}")
    assert [row[0] for row in changed] == ["姓名", "顾水岸"]
    assert "年末集训" in changed[1][-1]

    monkeypatch.setattr(sheets, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(exporting, "BATCH", 1)
    for page in (f"{PEOPLE}/export?{LAST_YEAR}&closing=1", f"{CHANGES}/export?{LAST_YEAR}"):
        assert chen.post(page).location == "/coverage/exports"
    with app.app_context():
        jobs.write_lists(app.extensions["database"], SYSTEM)
    with db.unit_of_work(app.extensions["database"], write=False) as opened:
        made = [(one.id, one.people) for one in opened.scalars(select(CoverageExport).order_by(CoverageExport.id))]
    assert [people for _id, people in made] == [3, 1]
    with chen.get(f"/coverage/exports/{made[0][0]}/file") as answer:
        book = openpyxl.load_workbook(BytesIO(answer.data))
    assert [cell.value for cell in book.worksheets[0]["A"]][1:] == names_behind(chen, f"{PEOPLE}?{LAST_YEAR}&closing=1")


def test_the_proof_finds_a_name_that_went_and_a_figure_that_was_changed(as_, work, cast: Cast) -> None:
    adopt(cast.province)
    refresh()
    span = asked(cast, cast.province).asked
    closing.close(span, work.get_one(Unit, cast.province), actor=SYSTEM, now=NOW)
    proved()
    gone = select(ClosedPerson).where(ClosedPerson.unit_id == cast.guangming).limit(1)
    work.delete(work.scalars(gone).one())
    work.flush()
    assert proving.prove().wrong == 2 * 5
    assert "名单不符" in proving.prove().named[0]


def asked(cast: Cast, unit_id: int) -> Inquiry:
    return inquiry.ask(actor_of(cast.pan), unit_id=unit_id, cycle="2025-01-01")


def listed(found: Inquiry, statement: closings.Statement, group: Group) -> int:
    return len(list(frozen.next_people(Frozen(found, statement, group), size=10_000, cursor=None).items))


def everything_holds(cast: Cast) -> None:
    """Each statement that was ever made of each unit has exactly the names that its numbers say."""
    proved()
    for unit_id in db.session().scalars(select(Unit.id)).all():
        found = asked(cast, unit_id)
        for statement in closings.list_statements(found):
            for group in (Group.ALL, Group.SHOULD, Group.MET):
                assert listed(found, statement, group) == statement.figure.of(group.states), (unit_id, group)


@pytest.mark.parametrize("seed", range(2))
def test_whoever_closes_and_restates_whatever_moves_names_and_numbers_agree(work, cast: Cast, seed) -> None:
    dice = random.Random(seed)
    people = scatter(dice, cast)
    adopt(cast.province, YEARLY)
    refresh()
    span = asked(cast, cast.province).asked
    first = dice.sample([cast.street, cast.riverside, cast.county, cast.guangming], 2)
    places = [cast.province, cast.county, cast.other_county, cast.riverside, cast.street, cast.guangming]
    acts: list[tuple[str, int]] = [*(("close", one) for one in first), ("move", cast.riverside), ("close", cast.county)]
    acts += [("close", cast.province), ("merge", cast.xinhua), *(("restate", one) for one in dice.sample(places, 4))]
    acts += [("move", cast.street), *(("restate", one) for one in dice.sample(places, 4))]
    acts += [("restate", cast.province)]
    for verb, unit_id in acts:
        act(verb, unit_id, span, cast)
        proved()
        for person in dice.sample(people, 4):
            learn(dice, person)
            train(person, date(2025, 1, 1 + dice.randrange(28)), title=f"补{dice.random()}")
        refresh()
    act("restate", cast.province, span, cast)
    everything_holds(cast)
    for unit_id in places:  # the province stated all of it anew: everywhere the figures are those of today
        closed = closings.read(asked(cast, unit_id))
        assert not closed.differs


def act(verb: str, unit_id: int, span: Span, cast: Cast) -> None:
    unit = db.session().get_one(Unit, unit_id)
    if verb == "move":
        target = cast.other_county if unit.parent_id == cast.county else cast.county
        units.move(unit, parent=db.session().get_one(Unit, target), actor=SYSTEM, now=NOW)
    elif verb == "merge":
        into = db.session().get_one(Unit, cast.guangming)
        units.close(unit, last_day=TODAY, successor=into, actor=SYSTEM, now=NOW)
    elif verb == "close" and not closings.closed_on_the_way(span, unit):
        closing.close(span, unit, actor=SYSTEM, now=NOW)
    elif verb == "restate" and names.count_people(names.Selection(asked(cast, unit_id))):
        if closings.closed_on_the_way(span, unit):
            with db.session().begin_nested() as nested:
                try:
                    closing.restate(span, unit, reason="核对", actor=SYSTEM, now=NOW)
                except Refused:
                    nested.rollback()
