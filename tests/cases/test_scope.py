"""What is not public is seen by its own people alone: single, listed, searched, counted, related, exported."""

import io
from dataclasses import replace

import openpyxl
import pytest

from lms.cases import access, actions, finding
from lms.cases.finding import Inquiry
from lms.cases.kinds import Facet
from lms.cases.models import Case
from lms.cases.texts import Attachment
from lms.core import db, files
from lms.units.models import Unit
from tests.cases.made import LIFT, NOW, make_case
from tests.cast import SYSTEM
from tests.conftest import actor_of

SECRET = "不公开的电梯账目"
INSIDERS = ("sun", "tina", "chen", "dong", "pan")
OUTSIDERS = ("alice", "wen", "bo", "mallory")


@pytest.fixture
def draft(app, cast):
    """A draft of the county's that Sun wrote, and a public case that has most in common with it."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        county = opened.get_one(Unit, cast.county)
        make_case(unit=county, slug="gongkai")
        text = replace(LIFT, title=SECRET)
        make_case(text, unit=county, author_id=cast.sun, slug="caogao", published=False)
        other = make_case(replace(LIFT, title=SECRET + "二"), unit=opened.get_one(Unit, cast.other_county))
        actions.withdraw(other, reason="数据有误", actor=SYSTEM, now=NOW)
    return "caogao"


def test_one_rule_for_every_way_to_it(app, as_, cast, draft) -> None:
    for who in (*INSIDERS, *OUTSIDERS):
        client, sees = as_(getattr(cast, who)), who in INSIDERS
        assert client.get(f"/cases/{draft}").status_code == (200 if sees else 404), who
        assert client.get(f"/cases/{draft}/history").status_code == (200 if sees else 404), who
        listed = client.get("/cases/", query_string={"q": "账目"}).get_data(as_text=True)
        assert (f"/cases/{draft}" in listed) is sees, who
        with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
            actor = actor_of(getattr(cast, who))
            counted = finding.count_cases(finding.count_facets(actor, Inquiry("不公开的电梯", {Facet.YEAR: "2023"})))
            # Those at the top, and the other county's own, also see what the other county withdrew.
            assert counted == int(sees) + int(who in ("dong", "pan", "mallory")), who
            public = opened.query(Case).filter_by(slug="gongkai").one()
            assert all(hit.is_public for hit in finding.list_related(actor, public)), who


def test_browsers_keep_a_file_of_what_is_public_alone(app, as_, cast) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        stored = files.store(b"%PDF-1.4 table", "table.pdf", now=NOW)
        attached = {"table.pdf": Attachment(stored, "application/pdf")}
        for slug in ("caogao", "gongkai"):
            unit = opened.get_one(Unit, cast.county)
            make_case(unit=unit, author_id=cast.sun, slug=slug, published=slug == "gongkai", files=attached)
    kept = {
        slug: as_(cast.sun).get(f"/cases/{slug}/files/table.pdf?version=1", buffered=True).headers["Cache-Control"]
        for slug in ("caogao", "gongkai")
    }
    assert kept == {"caogao": "no-store", "gongkai": "private, max-age=604800"}


def test_a_door_lets_in_whom_it_names(app, as_, cast, draft) -> None:
    assert as_(cast.wen).get(f"/cases/{draft}").status_code == 404
    access.open_door("test", lambda actor: Case.slug == (draft if actor.person_id == cast.wen else ""))
    try:
        assert as_(cast.wen).get(f"/cases/{draft}").status_code == 200
        assert SECRET in as_(cast.wen).get("/cases/?q=账目").get_data(as_text=True).replace("<mark>", "").replace(
            "</mark>", ""
        )
        assert as_(cast.alice).get(f"/cases/{draft}").status_code == 404
    finally:
        access._doors.pop("test")


def test_an_export_holds_ones_own_units_alone(as_, cast, draft, trail) -> None:
    def titles(who: int) -> set[str]:
        answer = as_(who).post("/cases/export")
        assert answer.status_code == 200
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
        return {str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)}

    assert titles(cast.chen) == {LIFT.title, SECRET}
    assert titles(cast.mallory) == {SECRET + "二"}
    assert titles(cast.bo) == set()
    assert as_(cast.tina).post("/cases/export").status_code == 403
    assert [row.verb for row in trail()][-3:] == ["cases.export"] * 3


def test_a_withdrawn_case_tells_strangers_that_it_was(app, as_, cast, draft) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        case = opened.query(Case).filter_by(slug="gongkai").one()
        actions.withdraw(case, reason="当事人要求", actor=SYSTEM, now=NOW)
    answer = as_(cast.wen).get("/cases/gongkai")
    assert answer.status_code == 410 and "当事人要求" in answer.get_data(as_text=True)
    assert LIFT.title not in answer.get_data(as_text=True)
    assert as_(cast.wen).get("/cases/gongkai/print").status_code == 404
    assert as_(cast.chen).get("/cases/gongkai").status_code == 200
    assert LIFT.title not in as_(cast.wen).get("/cases/?q=电梯").get_data(as_text=True)


def test_an_address_that_no_page_made_is_400(as_, cast) -> None:
    client = as_(cast.alice)
    for query in ("ability=votes", "region=x", "year=0", "region=" + "9" * 20, "q=a&q=b", "cursor=xx", "level=1"):
        assert client.get(f"/cases/?{query}").status_code == 400, query


def test_a_page_of_results_costs_few_statements(app, as_, cast, draft, query_count) -> None:
    client = as_(cast.alice)
    client.get("/cases/?q=电梯")
    with query_count() as statements:
        assert client.get("/cases/?q=电梯&ability=mediation").status_code == 200
    assert len(statements) <= 9, statements  # BEGIN, who asks, what is found, the facets, their names


def test_a_case_is_read_with_few_statements(as_, cast, draft, query_count) -> None:
    client = as_(cast.alice)
    client.get("/cases/gongkai")
    with query_count() as statements:
        assert client.get("/cases/gongkai").status_code == 200
    assert len(statements) <= 18, statements
