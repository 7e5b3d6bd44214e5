"""结业证明 for one training, and papers of many people as one page to print."""

from __future__ import annotations

from lms.core import db
from lms.hours import actions as hours
from lms.hours.models import HourEntry, HourStatement
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import NOW, award
from tests.hours.test_statements import code_on
from tests.records.test_back_entries import rows

YEAR = 2026


def earn(app, *person_ids: int) -> list[int]:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        return [award(person_id).id for person_id in person_ids]


def test_a_certificate_of_a_training_is_printed_and_verified(app, as_, client, cast: Cast) -> None:
    (entry_id,) = earn(app, cast.alice)
    (title,) = [one.title for one in rows(app, HourEntry)]
    answer = as_(cast.alice).post(f"/hours/{entry_id}/certificate")
    page = as_(cast.alice).get(answer.location).text
    assert "结业证明" in page
    assert title in page
    shown = client.get(f"/verify/{code_on(page)}").text
    assert "结业证明" in shown
    assert "所列记录全部有效" in shown
    assert as_(cast.mallory).get(answer.location).status_code == 404


def test_a_certificate_is_for_those_who_may_see_the_entry(app, as_, cast: Cast) -> None:
    (entry_id,) = earn(app, cast.alice)
    address = f"/hours/{entry_id}/certificate"
    assert as_(cast.bo).post(address).status_code == 303
    assert as_(cast.mallory).post(address).status_code == 404
    assert as_(cast.sun).post(address).status_code == 404
    assert as_(cast.bo).get(address).status_code == 405
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        hours.reverse(opened.get_one(HourEntry, entry_id), reason="重复", actor=SYSTEM, now=NOW)
    assert as_(cast.bo).post(address).status_code == 422


def test_everybody_of_a_unit_gets_a_page(app, as_, cast: Cast, trail, query_count) -> None:
    earn(app, cast.alice, cast.sun, cast.wen)
    bo = as_(cast.bo)
    answer = bo.post(f"/papers?unit={cast.street}&year={YEAR}", data={"kind": "year"})
    assert answer.status_code == 303, answer.text
    with query_count() as statements:
        page = bo.get(answer.location).text
    assert page.count('<article class="statement">') == 2
    assert "艾丽丝" in page
    assert "文江" not in page
    assert len(statements) <= 8
    assert [row.verb for row in trail()].count("hours.issue_statement") == 2
    assert as_(cast.mallory).get(answer.location).status_code == 404
    assert as_(cast.tina).get(answer.location).status_code == 403


def test_certificates_of_one_training_for_a_unit(app, as_, cast: Cast) -> None:
    earn(app, cast.alice, cast.sun)
    (title,) = {one.title for one in rows(app, HourEntry)}
    bo, address = as_(cast.bo), f"/papers?unit={cast.street}&year={YEAR}"
    assert f"{title} (2)" in bo.get(address).text
    assert bo.post(address, data={"kind": "training", "title": ""}).status_code == 422
    assert bo.post(address, data={"kind": "training", "title": "没有这个班"}).status_code == 422
    assert bo.post(address, data={"kind": "training", "title": title}).status_code == 303
    assert [one.kind for one in rows(app, HourStatement)] == ["completion", "completion"]


def test_papers_out_of_reach_wrong_role_wrong_method_or_nothing_to_say(app, as_, cast: Cast) -> None:
    address = f"/papers?unit={cast.street}&year={YEAR}"
    assert as_(cast.mallory).post(address, data={"kind": "year"}).status_code == 404
    assert as_(cast.tina).post(address, data={"kind": "year"}).status_code == 403
    assert as_(cast.bo).put(address).status_code == 405
    assert as_(cast.bo).post(address, data={"kind": "year"}).status_code == 422
    assert not rows(app, HourStatement)
