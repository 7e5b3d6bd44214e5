"""The card of the home page: who is not covered."""

from flask import render_template_string

from lms.reports import cards
from tests.cast import Cast
from tests.conftest import actor_of
from tests.reports.facts import finish, offer, work_in

PAGE = '{% import "macros/ui.html" as ui %}{% include "reports/_card.html" %}'


def test_an_administrator_reads_who_is_not_covered(work, cast: Cast):
    finish(cast.alice, offer("接待与走访"))
    work_in(cast.county, "戴直属")
    card = cards.read(actor_of(cast.chen))

    assert card is not None
    assert [(row.unit.name, row.numbers.people, row.numbers.unfinished) for row in card.rows if row.unit] == [
        ("清河区", 3, 2)
    ]
    page = render_template_string(PAGE, card=card)
    assert "还有 2 人一门课程也没完成" in page
    assert f"/reports/people?unit={cast.county}&amp;state=unfinished" in page


def test_who_administers_nothing_has_no_card(work, cast: Cast):
    assert cards.read(actor_of(cast.alice)) is None
    assert cards.read(actor_of(cast.tina)) is None


def test_the_card_costs_two_statements(work, cast: Cast, query_count):
    actor = actor_of(cast.pan)
    work.flush()
    with query_count() as statements:
        cards.read(actor)

    assert len(statements) == 2
