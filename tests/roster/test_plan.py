"""Rows to places, people and a plan, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from lms.people.posts import PostClass
from lms.roster.findings import Code
from lms.roster.matching import Known, OpenPost, Register, people_of, place_rows
from lms.roster.places import Directory, Place
from lms.roster.plan import FACTS, Plan, draft
from lms.roster.understanding import Understanding
from lms.units.models import Level
from tests.roster.books import TODAY, codes, number, person, read

PLACES = [
    Place(10, "1.10.", Level.STREET, "和平街道", "990101001", "和平街道"),
    Place(11, "1.10.11.", Level.COMMUNITY, "光明社区", "990101001001", "和平街道"),
    Place(12, "1.10.12.", Level.COMMUNITY, "新华社区", "990101001002", "和平街道"),
    Place(20, "1.20.", Level.STREET, "滨河街道", "990101002", "滨河街道"),
    Place(21, "1.20.21.", Level.COMMUNITY, "光明社区", "990101002001", "滨河街道"),
    Place(22, "1.20.22.", Level.COMMUNITY, "水岸社区", "990101002002", "滨河街道"),
]
COUNTY = Directory(Place(1, "1.", Level.COUNTY, "清河区", "990101", ""), PLACES)


@pytest.mark.parametrize(
    ("street", "community", "unit", "place", "found"),
    [
        ("和平街道", "光明社区", "", 11, []),
        ("滨河街道", "光明社区", "", 21, []),
        ("和平", "光明社区", "", 11, [Code.UNIT_ABBREVIATED]),
        ("和平街道办事处", "光明", "", 11, [Code.UNIT_ABBREVIATED] * 2),
        ("", "水岸社区", "", 22, []),
        ("", "光明社区", "", None, [Code.UNIT_AMBIGUOUS]),
        ("", "990101002001", "", 21, []),
        ("和平街道", "光明小区", "", None, [Code.UNIT_UNKNOWN]),
        ("长安街道", "光明社区", "", None, [Code.STREET_UNKNOWN]),
        ("和平街道", "", "", 10, []),
        ("", "", "滨河街道光明社区", 21, []),
        ("", "", "清河区和平街道", 10, []),
        ("", "", "", None, [Code.UNIT_MISSING]),
    ],
)
def test_where_somebody_works(street: str, community: str, unit: str, place: int | None, found: list[Code]) -> None:
    result = COUNTY.find(street, community, unit)
    assert (result.place.id if result.place else None) == place
    assert [note[0] for _field, note in result.notes] == found


def test_candidates_are_named_with_their_codes() -> None:
    ((_field, (_code, params)),) = COUNTY.find("滨河街道", "光明小区").notes
    assert params["candidates"] == "光明社区（滨河街道，990101002001）、光明社区（和平街道，990101001001）"


def test_streets_of_one_name_need_their_code() -> None:
    """城关镇 exists 88 times: above a county it is never matched by name alone."""
    towns = [Place(n, f"1.{n}.", Level.STREET, "城关镇", f"99010{n}003", "城关镇") for n in (1, 2)]
    inside = [Place(n + 2, f"1.{n}.{n + 2}.", Level.COMMUNITY, "北关社区", "", "城关镇") for n in (1, 2)]
    city = Directory(Place(9, "1.", Level.CITY, "安和市", "9901", ""), [*towns, *inside])
    ((_field, (code, params)),) = city.find("城关镇", "北关社区").notes
    assert (code, params["candidates"]) == (Code.UNIT_AMBIGUOUS, "城关镇（990101003）、城关镇（990102003）")
    assert city.find("990102003", "北关社区").place == inside[1]


def test_a_load_for_a_street_knows_nothing_outside_of_it() -> None:
    street = Directory(PLACES[0], PLACES[1:3])
    assert street.find("", "光明社区").place == PLACES[1]
    assert street.find("滨河街道", "水岸社区").place is None


def known(posts: Sequence[tuple[int, PostClass]] = ((11, PostClass.GRID_WORKER),), **more: Any) -> Known:
    """赵桂 as on record; `posts` are places and posts, the first one primary."""
    facts: dict[str, Any] = dict.fromkeys(FACTS)
    facts |= {
        "name": "赵桂", "gender": "male", "birth_month": "1985-01", "phone": "19949594287", "education": "大专",
        "political_status": "中共党员", "joined_on": date(2013, 5, 1), **more.pop("facts", {}),
    }  # fmt: skip
    held = [
        OpenPost(90 + n, place, post, "网格员", "9", date(2013, 5, 1), n == 0) for n, (place, post) in enumerate(posts)
    ]
    return Known(more.pop("id", 5), facts["name"], facts, more.pop("digest", number()), held, **more)


def plan_of(understanding: Understanding, *people: Known, form_date: date | None = date(2026, 6, 30)) -> Plan:
    groups = people_of(place_rows(understanding.rows, COUNTY))
    return draft(groups, Register(people), digest=str, today=TODAY, form_date=form_date)


def test_somebody_new_is_created_and_appointed_from_the_day_of_joining() -> None:
    plan = plan_of(read(person()))
    assert plan.counts == {"create": 1, "change": 0, "appoint": 1, "end": 0, "unchanged": 0, "missing": 0}
    (post,) = plan.creates[0].opened
    assert (post.place.id, post.starts_on, post.is_primary) == (11, date(2013, 5, 1), True)


def test_the_same_again_changes_nothing() -> None:
    plan = plan_of(read(person()), known())
    assert plan.is_empty
    assert plan.counts["unchanged"] == 1


def test_only_what_differs_changes_and_blanks_never_erase() -> None:
    plan = plan_of(read(person(学历="本科", 政治面貌="", 岗位等级=10)), known())
    (step,) = plan.changes
    assert step.facts == {"education": "本科"}
    assert [(post.id, grade) for post, _title, grade in step.reworded] == [(90, "10")]
    assert not step.ended


def test_a_move_ends_the_old_post_and_opens_the_new_one() -> None:
    plan = plan_of(read(person(所在社区="新华社区")), known())
    (step,) = plan.steps
    assert [(end.post.id, end.last_day) for end in step.ended] == [(90, date(2026, 6, 29))]
    assert [(new.place.id, new.starts_on, new.is_primary) for new in step.opened] == [(12, date(2026, 6, 30), True)]


def test_one_person_in_two_posts() -> None:
    second = person(所在街道="滨河街道", 所在社区="水岸社区", 职务="专职工作人员", 备注="兼", 入职时间="2025.07")
    found = read(second, person())
    plan = plan_of(found)
    assert plan.counts["create"] == 1
    assert [(new.place.id, new.is_primary) for new in plan.creates[0].opened] == [(11, True), (22, False)]
    assert Code.SECOND_POST in codes(found)
    assert (
        plan_of(read(second, person()), known([(11, PostClass.GRID_WORKER), (22, PostClass.FULL_TIME_STAFF)])).counts[
            "end"
        ]
        == 0
    )


def test_a_leaver_ends_and_a_leaver_who_is_unknown_is_not_created() -> None:
    row = person(是否在岗="否", 备注="2026年3月离职")
    assert plan_of(read(row), known()).endings[0].last_day == date(2026, 3, 31)
    found = read(row)
    assert plan_of(found).counts["create"] == 0
    assert Code.LEAVER_UNKNOWN in codes(found)


def test_who_is_not_named_is_listed_and_left_alone() -> None:
    plan = plan_of(read(person()), known(), known(id=6, digest="other", facts={"phone": "19900000000"}))
    assert [one.known.id for one in plan.missing] == [6]
    assert plan.is_empty


def test_a_second_post_that_is_not_named_is_listed_too() -> None:
    plan = plan_of(read(person()), known([(11, PostClass.GRID_WORKER), (22, PostClass.FULL_TIME_STAFF)]))
    assert [[post.unit_id for post in one.posts] for one in plan.missing] == [[22]]


def test_people_whose_rows_have_errors_are_not_missing() -> None:
    plan = plan_of(read(person(身份证号=9.9e17)), known())
    assert (plan.missing, len(plan.left_out)) == ([], 1)


def test_a_person_of_another_county_is_reported_and_left_out() -> None:
    found = read(person())
    plan = plan_of(found, known([], elsewhere=True))
    assert Code.ELSEWHERE in codes(found)
    assert plan.counts["appoint"] == 0


def test_a_post_besides_one_elsewhere_is_not_primary() -> None:
    row = person(所在社区="新华社区", 职务="专职工作人员", 备注="兼")
    here = known([(11, PostClass.GRID_WORKER)], elsewhere=True, has_primary_elsewhere=True)
    assert [new.is_primary for new in plan_of(read(person(), row), here).steps[0].opened] == [False]


def test_without_an_identity_number_name_and_phone_decide() -> None:
    row = person(身份证号="")
    assert plan_of(read(row), known()).is_empty
    assert plan_of(read(person(身份证号="", 姓名="赵贵")), known()).counts["create"] == 1
    found = read(row)
    plan_of(found, known(digest="a"), known(id=6, digest="b"))
    assert Code.PERSON_AMBIGUOUS in codes(found)


def test_an_identity_number_is_added_to_who_had_none() -> None:
    (step,) = plan_of(read(person()), known(digest=None)).changes
    assert step.id_number == number()


def test_one_identity_number_under_two_names_keeps_both_rows_out() -> None:
    found = read(person(), person(姓名="钱桂"))
    plan = plan_of(found)
    assert codes(found, 2) >= {Code.IDENTITY_NAMES_DIFFER}
    assert codes(found, 3) >= {Code.IDENTITY_NAMES_DIFFER}
    assert plan.steps == []


def test_a_repeated_row_counts_once() -> None:
    found = read(person(), person())
    assert plan_of(found).counts["appoint"] == 1
    assert codes(found, 3) >= {Code.DUPLICATE_ROW}


def test_a_phone_number_of_two_people_is_reported() -> None:
    found = read(person(), person(姓名="钱桂", 身份证号=number(order="025")))
    plan_of(found)
    assert codes(found, 3) >= {Code.PHONE_SHARED}


def test_more_than_two_percent_of_endings_need_a_second_confirmation() -> None:
    people = [known(), *(known(id=100 + n, digest=f"x{n}", facts={"phone": None}) for n in range(49))]
    leaving = read(person(是否在岗="否"))
    assert not plan_of(leaving, *people).needs_second_confirmation
    assert plan_of(read(person(是否在岗="否")), *people[:-1]).needs_second_confirmation
