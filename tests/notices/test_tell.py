"""Telling: once for a source and a person, in the reader's language, to nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.audit import AuditRow
from lms.core.i18n import force_locale
from lms.notices import actions, kinds, queries
from lms.notices.actions import Link
from lms.notices.models import EVERY_KIND, Notice
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.notices.told import CASE, CLASS, NOW, tell


def test_the_same_source_tells_a_person_once(work, cast):
    assert tell(cast.alice, cast.sun, ref="7") == 2
    assert tell(cast.alice, cast.wen, cast.wen, ref="7") == 1
    assert tell(cast.alice, ref="8") == 1

    people = work.scalars(select(Notice.person_id).where(Notice.source_ref == "7")).all()
    assert sorted(people) == sorted([cast.alice, cast.sun, cast.wen])


def test_telling_is_audited_and_telling_again_is_not(work, cast):
    tell(cast.alice, cast.sun, ref="7")
    tell(cast.alice, ref="7")

    rows = work.scalars(select(AuditRow).where(AuditRow.verb == "notices.tell")).all()
    assert [row.detail for row in rows] == [{"kind": "tests.class", "people": 2}]


def test_many_are_told_in_few_statements(work, cast, query_count):
    everybody = list(cast.people.values())
    with query_count() as statements:
        tell(*everybody, ref="9")
        work.flush()
    assert [one.split()[2] for one in statements if not one.startswith("BEGIN")] == ["notices", "audit_rows"]


@pytest.mark.parametrize(("kind", "why"), [("tests.unknown", "member"), ("tests.class", "unknown")])
def test_only_what_is_registered_can_be_told(work, cast, kind, why):
    with pytest.raises(KeyError):
        actions.tell(
            [cast.alice], kind=kind, params={}, link=None, source=("tests", "1"), why=why, actor=SYSTEM, now=NOW
        )


def test_words_are_made_when_they_are_read(work, cast):
    tell(cast.alice, ref="7", title="接待与走访")
    (notice,) = work.scalars(select(Notice)).all()

    assert queries.show(notice, unread=True).title == "《接待与走访》"
    assert queries.show(notice, unread=True).origin == "课程"
    with force_locale("en"):
        assert queries.show(notice, unread=True).origin == "Courses"


def test_a_kind_that_is_gone_and_a_page_that_is_gone_are_no_failure(work, cast, monkeypatch):
    tell(cast.alice, ref="7", link=Link("nowhere.at_all", {"id": 1}))
    (notice,) = work.scalars(select(Notice)).all()
    assert queries.show(notice, unread=True).url is None

    monkeypatch.setattr(kinds, "_kinds", {})
    shown = queries.show(notice, unread=True)
    assert (shown.title, shown.why) == ("一条较早的消息", "")


def test_values_that_are_missing_leave_the_words_as_they_are():
    assert kinds.fill(CLASS.title, {}) == "《%(title)s》"


def test_two_kinds_cannot_share_a_name():
    kinds.register(CLASS)
    with pytest.raises(ValueError, match=r"tests\.class"):
        kinds.register(replace(CLASS))


def test_reading_is_ones_own_and_opting_out_is_of_a_kind(work, cast):
    alice = actor_of(cast.alice)
    tell(cast.alice, cast.sun, ref="1")
    tell(cast.alice, ref="2", kind=CASE.name)
    assert queries.count_unread(alice) == 2

    actions.opt_out(CASE.name, actor=alice, now=NOW)
    actions.opt_out(CASE.name, actor=alice, now=NOW)
    assert queries.count_unread(alice) == 1
    assert len(queries.list_notices(alice).items) == 2

    actions.opt_out(EVERY_KIND, actor=alice, now=NOW)
    assert queries.count_unread(alice) == 0
    assert queries.count_unread(actor_of(cast.sun)) == 1

    actions.choose_kinds([CLASS.name, CASE.name], actor=alice, now=NOW + timedelta(days=1))
    unwanted = queries.unwanted_kinds(cast.alice)
    assert {"feedback.answered", "feedback.closed"} <= unwanted
    assert not unwanted & {CLASS.name, CASE.name}
    assert queries.count_unread(alice) == 2

    assert actions.mark_all_read(actor=alice, now=NOW) == 2
    assert actions.mark_all_read(actor=alice, now=NOW) == 0
    assert queries.count_unread(actor_of(cast.sun)) == 1


def test_the_list_is_unread_first_page_by_page(work, cast, monkeypatch):
    alice = actor_of(cast.alice)
    for number in range(65):
        tell(cast.alice, ref=str(number))
    ids = work.scalars(select(Notice.id).order_by(Notice.id)).all()
    for notice_id in ids[-5:]:
        actions.mark_read(db.session().get_one(Notice, notice_id), actor=alice, now=NOW)

    seen: list[queries.ShownNotice] = []
    cursor = None
    while True:
        page = queries.list_notices(alice, cursor=cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [one.id for one in seen] == [*reversed(ids[:-5]), *reversed(ids[-5:])]
    assert [one.unread for one in seen] == [True] * 60 + [False] * 5
