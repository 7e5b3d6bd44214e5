"""What a process makes once: statements with parameters, addresses, words. Each must be what it would be made anew."""

from __future__ import annotations

import pytest
from flask import render_template_string, url_for
from sqlalchemy import select

from lms.core import db, i18n
from lms.core.errors import BadInput
from lms.core.paging import Listing, keyset
from lms.core.sql import in_slots, path_slots, within
from lms.units.models import Unit


@pytest.mark.parametrize("paths", [["1."], ["1.2.", "1.2.3.4."], []])
def test_parameters_for_paths_find_what_the_paths_find(work, paths):
    slots = path_slots("top", len(paths))
    parameters = select(Unit.id).where(within(Unit.path, slots)).order_by(Unit.id)
    values = select(Unit.id).where(within(Unit.path, paths)).order_by(Unit.id)

    assert [row.id for row in db.rows(parameters, in_slots("top", paths))] == list(work.scalars(values))


def test_rows_sees_what_was_added_before(work, cast):
    work.get_one(Unit, cast.street).name = "改名街道"

    assert db.rows(select(Unit.name).where(Unit.id == cast.street)).scalar() == "改名街道"


@pytest.mark.parametrize("descending", [False, True])
def test_a_listing_gives_the_pages_of_keyset(work, descending):
    listing = Listing(select(Unit.name), (Unit.path, Unit.id), 3, descending)
    cursor, pages = None, 0
    while pages == 0 or cursor:
        page = listing.page(cursor, {})
        anew = keyset(select(Unit.name), Unit.path, Unit.id, cursor=cursor, size=3, descending=descending)
        assert (page.items, page.next_cursor) == (anew.items, anew.next_cursor)
        cursor, pages = page.next_cursor, pages + 1
    assert pages > 2

    with pytest.raises(BadInput):
        listing.page("bm9uc2Vuc2U", {})


def test_addresses_tell_types_and_places_apart(app):
    with app.test_request_context("/"):
        assert url_for("courses.index", tier=1) == "/courses/?tier=1"
        assert url_for("courses.index", tier=True) == "/courses/?tier=True"
        assert url_for("courses.index", tier="1", _anchor="next") == "/courses/?tier=1#next"
        assert url_for("courses.index", tier=["a", "b"]) == "/courses/?tier=a&tier=b"
        assert url_for("courses.index", _external=True) == "http://localhost/courses/"
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/academy"}):
        assert url_for("courses.index", tier=1) == "/academy/courses/?tier=1"
    with app.test_request_context("/", base_url="http://other.example"):
        assert url_for("courses.index", _external=True) == "http://other.example/courses/"


def test_what_somebody_searched_for_is_not_kept(app):
    with app.test_request_context("/"):
        url_for("courses.index")
        kept = app._addresses.cache_info().currsize
        url_for("courses.index", q="街" * 60)
        assert app._addresses.cache_info().currsize == kept


def test_words_of_templates_are_escaped_and_in_the_language_of_the_reader(app):
    page = "{{ _('首页') }} {{ _('%(name)s 完成 2%%', name='<b>') }} {{ _('满分 100%%') }}"
    with app.test_request_context("/"):
        assert render_template_string(page) == "首页 &lt;b&gt; 完成 2% 满分 100%"
        with i18n.force_locale("en"):
            assert render_template_string("{{ _('首页') }}") == "Home"
        assert render_template_string("{{ _('首页') }}") == "首页"
