"""The coverage page: unit by unit, each number a link to the people behind it."""

from datetime import date

import pytest

from lms.core import db
from lms.hours.kinds import Ability, Tier
from lms.policies.models import Exemption
from lms.units import actions as units
from lms.units.models import Level, Unit
from tests.cast import SYSTEM, Cast
from tests.coverage.facts import BLOCK, NOW, ROLLING, YEARLY, adopt, appoint, leave, refresh, train, work_in
from tests.coverage.test_sums import prove
from tests.reports.pages import headings_of, names_behind, sheet_of, table_of

BOARD = "/coverage/"


def texts(cells):
    return [cell.text for cell in cells]


@pytest.fixture
def county(facts, cast: Cast):
    """Alice was trained this year; Sun not; Dai works in the county itself; Gu in the sibling street is on leave."""
    with facts():
        adopt(cast.county)
        train(cast.alice, date(2026, 5, 6), tier=Tier.CITY, ability=Ability.MEDIATION)
        work_in(cast.county, "戴直属")
        gu = work_in(cast.shuian, "顾水岸")
        db.session().add(
            Exemption(
                person_id=gu,
                kind="leave",
                from_on=date(2026, 1, 1),
                until_on=date(2026, 12, 31),
                reason="产假",
                decided_by="街道",
                granted_at=NOW,
            )
        )


@pytest.fixture
def waiving(facts, cast: Cast):
    """The same where leave waives the duty."""
    with facts():
        adopt(cast.county, {**YEARLY, "exemptions": ["leave"]}, name="waiving")


def test_the_board_lists_the_units_below_and_their_sum(as_, cast: Cast, county):
    rows = table_of(as_(cast.chen), f"{BOARD}?unit={cast.county}")

    assert texts(rows["和平街道"]) == ["和平街道", "2", "2", "1", "50%", "0", "1", "0", "0"]
    assert texts(rows["滨河街道"]) == ["滨河街道", "1", "1", "0", "0%", "0", "1", "0", "0"]
    assert texts(rows["直接在本单位"])[1:4] == ["1", "1", "0"]
    assert texts(rows["合计"]) == ["合计", "4", "4", "1", "25%", "0", "3", "0", "0"]
    assert texts(rows["网格员"])[1:4] == ["3", "3", "1"]
    assert texts(rows["市级重点"])[2] == "1"
    assert texts(rows["矛盾调解"])[2] == "1"


def test_leave_waives_where_the_policy_says_so(as_, cast: Cast, county, waiving):
    address = f"{BOARD}?unit={cast.riverside}&duty={cast.county}:waiving:yearly"
    rows = table_of(as_(cast.rui), address)

    assert texts(rows["合计"]) == ["合计", "1", "0", "0", "0%", "0", "0", "1", "0"]


def test_units_stand_in_administrative_order(as_, cast: Cast, county):
    page = as_(cast.chen).get(BOARD).get_data(as_text=True)

    assert headings_of(page)[:4] == ["和平街道", "滨河街道", "直接在本单位", "合计"]


def test_lists_follow_the_order_of_the_boards(as_, cast: Cast, county, facts):
    with facts() as opened:
        street, last = opened.get_one(Unit, cast.street), {}
        for name, code in (("甲", None), ("乙", "990101001900"), ("丙", "990101001050")):
            last[name] = units.add(
                parent=street, level=Level.COMMUNITY, name=f"{name}社区", code=code, actor=SYSTEM, now=NOW
            ).id
        for name in "甲乙丙":
            work_in(last[name], f"姚{name}")
    chen = as_(cast.chen)

    board = headings_of(chen.get(f"{BOARD}?unit={cast.street}").get_data(as_text=True))
    assert [one for one in board if one[:1] in "甲乙丙"] == ["丙社区", "乙社区", "甲社区"]
    listed = names_behind(chen, f"/coverage/people?unit={cast.county}")
    assert [one for one in listed if one.startswith("姚")] == ["姚丙", "姚乙", "姚甲"]
    assert listed[-1] == "顾水岸"


def test_every_number_leads_to_its_people(as_, cast: Cast, county):
    chen = as_(cast.chen)
    for cells in table_of(chen, BOARD).values():
        for cell in cells[1:]:
            if cell.href and cell.text.isdigit():
                assert len(names_behind(chen, cell.href)) == int(cell.text)


def test_one_drills_down_from_the_province_to_names(as_, cast: Cast, county):
    pan = as_(cast.pan)
    address = BOARD
    for name in ("安和市", "清河区", "和平街道", "光明社区"):
        address = table_of(pan, address)[name][0].href

    assert sorted(names_behind(pan, address)) == sorted(["艾丽丝", "孙书记"])


def test_a_person_with_two_posts_counts_once_where_the_primary_one_is(as_, cast: Cast, county, facts):
    with facts():
        appoint(cast.alice, cast.shuian, since=date(2026, 1, 1))

    rows = table_of(as_(cast.chen), BOARD)

    assert (rows["和平街道"][1].text, rows["滨河街道"][1].text, rows["合计"][1].text) == ("2", "1", "4")


def test_a_past_day_shows_what_was_known_of_it(as_, cast: Cast, county):
    chen = as_(cast.chen)

    assert texts(table_of(chen, f"{BOARD}?day=2026-04-30")["合计"])[3] == "0"
    assert texts(table_of(chen, f"{BOARD}?day=2026-05-05")["合计"])[3] == "0"
    assert texts(table_of(chen, f"{BOARD}?day=2026-05-06")["合计"])[3] == "1"


def test_a_cycle_that_is_over_counts_the_people_of_its_last_day(as_, cast: Cast, county, facts):
    with facts():
        leave(cast.sun, last_day=date(2026, 2, 1))
    chen = as_(cast.chen)
    last_year = table_of(chen, f"{BOARD}?cycle=2025-01-01")

    assert texts(last_year["和平街道"]) == ["和平街道", "2", "2", "0", "0%", "2", "0", "0", "0"]
    assert texts(table_of(chen, BOARD)["和平街道"])[1] == "1"
    assert "孙书记" in names_behind(chen, last_year["和平街道"][1].href)


def test_who_moved_to_another_county_keeps_their_name_to_themselves(as_, cast: Cast, county, facts):
    with facts():
        leave(cast.alice, last_day=date(2026, 8, 1))
        appoint(cast.alice, cast.other_community, since=date(2026, 8, 2))

    listed = names_behind(as_(cast.chen), f"/coverage/people?unit={cast.street}&cycle=2025-01-01")

    assert sorted(listed) == sorted(["已调离人员", "孙书记"])
    assert not names_behind(as_(cast.chen), f"/coverage/people?unit={cast.street}&cycle=2025-01-01&q=艾丽丝")


def test_a_moved_unit_counts_where_it_hangs(work, cast: Cast):
    adopt(cast.province, YEARLY, BLOCK, ROLLING)
    train(cast.alice)
    units.move(work.get_one(Unit, cast.guangming), parent=work.get_one(Unit, cast.other_street), actor=SYSTEM, now=NOW)
    prove()
    refresh()
    prove()


def test_names_are_searched_and_narrowed(as_, cast: Cast, county):
    chen = as_(cast.chen)
    address = f"/coverage/people?unit={cast.county}"

    assert names_behind(chen, f"{address}&q=水岸") == ["顾水岸"]
    assert names_behind(chen, f"{address}&group=met") == ["艾丽丝"]
    assert names_behind(chen, f"{address}&direct=1") == ["戴直属"]
    assert names_behind(chen, f"{address}&post=party_secretary") == ["孙书记"]
    assert names_behind(chen, f"{address}&trait=tier.city") == ["艾丽丝"]
    assert not names_behind(chen, f"{address}&trait=tier.street")


def test_the_board_can_be_taken_away(as_, cast: Cast, county, trail):
    sheet = sheet_of(as_(cast.chen), f"/coverage/export?unit={cast.county}")

    assert sheet[-1][:4] == ["合计", 4, 4, 1]
    assert trail()[-1].verb == "coverage.export"


def test_a_sibling_and_another_county_get_404_and_no_numbers(as_, cast: Cast, county):
    for actor, unit in ((cast.mallory, cast.county), (cast.rui, cast.street), (cast.bo, cast.county)):
        client = as_(actor)
        for page in ("", "people", "overdue", "closings"):
            answer = client.get(f"/coverage/{page}?unit={unit}")

            assert answer.status_code == 404
            assert "清河" not in answer.get_data(as_text=True)


def test_workers_and_trainers_may_not_come_and_nobody_writes(as_, cast: Cast, county):
    for actor in (cast.alice, cast.tina):
        client = as_(actor)
        for page in ("", "people", "overdue", "closings", "exports"):
            assert client.get(f"/coverage/{page}").status_code == 403
        for page in ("export", "people/export"):
            assert client.post(f"/coverage/{page}").status_code == 403
    assert as_(cast.chen).post(BOARD).status_code == 405


BAD = {
    "unit=x": 400, "day=x": 400, "day=2027-01-01": 400, "cycle=x": 400, "cycle=2024-01-01": 404, "duty=nothing": 404,
    "group=worst": 400, "trait=tier.moon": 400, "cursor=x": 400, "post=king": 400, "day=2026-01-01&day=2026-01-02": 400,
}  # fmt: skip


def test_bad_questions(as_, cast: Cast, county):
    chen = as_(cast.chen)
    for query, status in BAD.items():
        assert chen.get(f"/coverage/people?{query}").status_code == status, query


STATEMENTS = {"": 11, "people": 8, "overdue": 12, "closings": 6}


def test_statements_do_not_grow_with_the_rows(as_, cast: Cast, county, facts, query_count):
    chen = as_(cast.chen)
    counted: dict[str, list[int]] = {page: [] for page in STATEMENTS}

    def count() -> None:
        for page in STATEMENTS:
            with query_count() as statements:
                assert chen.get(f"/coverage/{page}").status_code == 200
            counted[page].append(len([one for one in statements if one != "BEGIN"]))

    chen.get(BOARD)
    count()
    with facts():
        for number in range(40):
            person = work_in(cast.xinhua if number % 2 else cast.shuian, f"增员{number}")
            if number % 3:
                train(person)
    count()

    assert counted == {page: [most, most] for page, most in STATEMENTS.items()}
