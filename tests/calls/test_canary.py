"""A canary sings in everything that is not public of four cases; no page of the site lets an outsider hear it."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from lms.calls import deciding, experts
from lms.calls.passages import find_passage
from lms.cases import actions as cases
from lms.cases.kinds import Section, State
from lms.cases.texts import Attachment
from lms.core import clock, db, files
from lms.drafts import keeping, starting
from lms.units.models import Unit
from tests.calls.made import EVEN, make_call, make_person, open_round
from tests.cases.made import LIFT, make_case
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.drafts.made import make_draft

CANARY = "金丝雀"
SUNG = (CANARY, "jinsique")
#: Pages of these modules are asked with every number; of others only those without one.
NEAR = ("cases", "drafts", "calls", "reviews", "notices", "courses")
#: Nobody learns of a case by these, and they take long or end the session.
ELSEWHERE = ("static", "offline.worker")


def sing(**changes: Any) -> dict[str, Any]:
    said = {section: f"{CANARY}{section.value}" for section in Section}
    return {"title": f"{CANARY}账目", "summary": CANARY, "sections": said, "place": CANARY, **changes}


@pytest.fixture
def canary(app, cast: Cast) -> list[str]:
    """The addresses of four cases: being written, judged, public with a newer version, withdrawn and written anew."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        now, unit, writer = clock.now(), db.session().get_one(Unit, cast.guangming), cast.alice
        attached = {"jinsique.pdf": Attachment(files.store(b"%PDF-1.4 a", "jinsique.pdf", now=now), "application/pdf")}
        draft = make_draft(cast, title=CANARY, background=CANARY)
        starting.attach(draft, "jinsique.docx", b"PK\x03\x04 a", "application/zip", original=True, now=now)
        keeping.keep_aside(draft, "restored", now=now)
        judged = make_case(unit=unit, author_id=writer, slug="jinsique-1", published=False, **sing(files=attached))
        call = make_call(cast, cast.street)
        cases.take_step(judged, State.SUBMITTED, actor=SYSTEM, now=now)
        review = open_round(judged)
        review.call_id = call.id
        passage = find_passage(judged, review.version, "process-1")
        assert passage is not None
        deciding.comment(review, passage, text=CANARY, actor=SYSTEM, now=now)
        expert = make_person(cast.riverside, "滨河专家")
        seat = experts.assign(review, expert, actor=SYSTEM, now=now)
        experts.score(review, seat, points=EVEN, remark=CANARY, actor=actor_of(expert.id), now=now)
        deciding.accept(review, reason=CANARY, actor=SYSTEM, now=now)
        public = make_case(unit=unit, author_id=writer, slug="gongkai")
        newer = cases.add_version(public, replace(LIFT, **sing(files=attached)), note=CANARY, actor=SYSTEM, now=now)
        cases.award_label(public, newer, unit=unit, name=f"{CANARY}称号", actor=SYSTEM, now=now)
        drawn = make_case(unit=unit, author_id=writer, slug="chehui", **sing())
        cases.withdraw(drawn, reason="重写", actor=SYSTEM, now=now)
        cases.add_version(drawn, replace(LIFT, **sing()), actor=SYSTEM, now=now)
        return [judged.slug, public.slug, drawn.slug]


def addresses(app, slugs: list[str]) -> list[str]:
    values: dict[str, list[Any]] = {"slug": slugs, "name": ["jinsique.pdf", "jinsique.docx"]}
    found = ["/cases/?q=账目", "/cases/?community=old_estate", "/cases/gongkai?version=2", "/reports/audit?verb=cases"]
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            near = (rule.endpoint or "").partition(".")[0] in NEAR
            if "GET" not in (rule.methods or ()) or rule.endpoint in ELSEWHERE or (rule.arguments and not near):
                continue
            names = sorted(rule.arguments)
            if all(name in values or name.endswith("_id") for name in names):
                choices = itertools.product(*(values.get(name, [1, 2, 3]) for name in names))
                found += [adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True))) for chosen in choices]
    return found


@pytest.mark.parametrize("who", ["mallory", "sun"])
def test_no_page_lets_an_outsider_hear_it(app, as_, cast: Cast, canary: list[str], who: str) -> None:
    client = as_(getattr(cast, who))
    pages = addresses(app, canary)
    assert len(pages) > 100
    for page in pages:
        answer = client.get(page)
        assert answer.status_code < 500, page
        said = answer.data.decode(errors="replace") + str(answer.headers)
        for address in (page, quote(page), "jinsique-1"):  # what was asked for may be said again
            said = said.replace(address, "")
        assert not [song for song in SUNG if song in said], page
    assert client.get("/cases/chehui").status_code == 410, "withdrawn stays withdrawn while it is written anew"
    for page in ("/cases/export", "/calls/1/export"):
        answer = client.post(page)
        if answer.status_code == 200:
            book = openpyxl.load_workbook(io.BytesIO(answer.data))
            assert CANARY not in str([[*sheet.iter_rows(values_only=True)] for sheet in book])
