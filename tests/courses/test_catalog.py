"""The catalog: who sees which course, and how it is narrowed."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lms.core import db
from lms.courses import access, queries
from lms.courses.models import Course
from lms.courses.queries import Filters
from lms.hours.kinds import Ability, Tier, TrainingType
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.courses.folders import change, write_course


def titles(answer) -> list[str]:
    assert answer.status_code == 200
    return re.findall(r'course-card__title"><a [^>]*>([^<]+)</a>', answer.get_data(as_text=True))


@pytest.fixture
def shelf(load, tmp_path, cast):
    """Three courses: the site's for streets, the county's, and the other county's."""

    def make(slug, tier, title, *, summary="说明", kind="induction", abilities='"mass_work"', organizer=None):
        folder = write_course(tmp_path / slug, slug, tier=tier)
        change(folder, "course.toml", 'title = "接待与走访"', f'title = "{title}"')
        change(folder, "course.toml", "来访时怎样听，上门时怎样问。", summary)
        change(folder, "course.toml", 'training_type = "induction"', f'training_type = "{kind}"')
        change(folder, "course.toml", '"mass_work", "mediation"', abilities)
        return load(folder, organizer=organizer)

    return {
        "site": make("site", "street", "接待", summary="完成度 100%_"),
        "county": make(
            "county", "county", "调解", kind="special", abilities='"mediation", "organizing"', organizer=cast.county
        ),
        "other": make("other", "county", "别处", organizer=cast.other_county),
    }


def test_everyone_sees_what_is_meant_for_them(shelf, as_, cast):
    assert titles(as_(cast.alice).get("/courses/")) == ["接待", "调解"]
    assert titles(as_(cast.wen).get("/courses/")) == ["接待", "别处"]
    assert titles(as_(cast.mallory).get("/courses/")) == ["接待", "别处"]
    assert titles(as_(cast.tina).get("/courses/")) == ["接待", "调解"]
    assert titles(as_(cast.bo).get("/courses/")) == ["接待", "调解"]
    assert titles(as_(cast.pan).get("/courses/")) == ["接待", "调解", "别处"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tier=street", ["接待"]),
        ("tier=county", ["调解"]),
        ("tier=city", []),
        ("type=special", ["调解"]),
        ("type=induction", ["接待"]),
        ("ability=mediation", ["调解"]),
        ("ability=organizing", ["调解"]),
        ("ability=mass_work", ["接待"]),
        ("ability=coordination", []),
        ("q=调", ["调解"]),
        ("q=完成度", ["接待"]),
        ("q=接待 完成度", ["接待"]),
        ("q=接待 调解", []),
        ("q=%25", ["接待"]),
        ("q=_", ["接待"]),
        ("q=100%25_", ["接待"]),
        ("tier=county&type=special&ability=mediation&q=调解", ["调解"]),
        ("tier=&type=&ability=&q=", ["接待", "调解"]),
        ("q=别处", []),
    ],
)
def test_filters(shelf, as_, cast, query, found):
    assert titles(as_(cast.alice).get(f"/courses/?{query}")) == found


@pytest.mark.parametrize(
    "query", ["tier=village", "type=x", "ability=%27", "q=a%00b", "cursor=x", "tier=street&tier=city", "cursor=W10"]
)
def test_what_no_page_of_ours_sends(shelf, as_, cast, query):
    assert as_(cast.alice).get(f"/courses/?{query}").status_code == 400


@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", "\\", "%%%", "(" * 200, "{{7*7}}", "<script>", "字" * 10_000, "\u202e"]
)
def test_hostile_words_are_only_words(shelf, as_, cast, words):
    answer = as_(cast.alice).get("/courses/", query_string={"q": words})
    assert titles(answer) == []
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "没有找到课程" in answer.get_data(as_text=True)


def test_the_page_remembers_what_was_asked(shelf, as_, cast):
    page = as_(cast.alice).get("/courses/?tier=county&q=调").get_data(as_text=True)
    assert '<option value="county" selected>' in page
    assert 'value="调"' in page


def test_what_is_begun_comes_first(shelf, as_, cast):
    alice = as_(cast.alice)
    alice.post(f"/courses/{shelf['county']}/enroll")
    assert titles(alice.get("/courses/")) == ["调解", "接待"]


def test_pages_follow_one_another_without_gap(work, cast, shelf, monkeypatch):
    monkeypatch.setattr(queries, "CATALOG_SIZE", 1)
    pan, cursor, found = actor_of(cast.pan), None, []
    while True:
        page = queries.list_catalog(pan, Filters(), cursor=cursor)
        found += [row.title for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["接待", "调解", "别处"]


def test_filters_know_their_address():
    filters = Filters(Tier.STREET, Ability.MEDIATION, TrainingType.SPECIAL, "词")
    assert filters.address == {"q": "词", "tier": "street", "type": "special", "ability": "mediation"}
    assert not Filters()


def test_what_to_go_on_with(shelf, as_, cast, app):
    alice = as_(cast.alice)
    for name in ("site", "county"):
        alice.post(f"/courses/{shelf[name]}/enroll")
    alice.post(f"/courses/{shelf['county']}/lessons/2/finish")

    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        rows = {row.title: row for row in queries.list_catalog(actor_of(cast.alice), Filters()).items}
    assert (rows["调解"].done, rows["调解"].lesson_count, rows["调解"].next_position) == (1, 2, 1)
    assert (rows["接待"].done, rows["接待"].state, rows["接待"].worth) == (0, "doing", "2")


def test_the_rule_is_one_for_values_and_for_parameters(work, cast, shelf):
    def ids(condition, values):
        return {row.id for row in db.rows(select(Course.id).where(condition), values)}

    seen = set()
    for person_id in cast.people.values():
        actor = actor_of(person_id)
        mine = ids(access.readable_by(actor), {})
        assert ids(access.readable_by_any(access.paths_of(actor)), access.places_of(actor)) == mine
        seen.add(frozenset(mine))
    everything = access.readable_by_any(access.paths_of(SYSTEM))
    assert ids(everything, access.places_of(SYSTEM)) == set(shelf.values())
    assert len(seen) > 1
