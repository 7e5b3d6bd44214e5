"""Two administrators add a unit at the same moment: one is added, and the other one reads why not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lms.core import db
from lms.units import actions
from lms.units.models import Unit
from tests.cast import Cast


@pytest.fixture
def together(app, monkeypatch):
    """Let two additions meet after each has seen that nothing is taken; SQLite lets one writer in at a time."""
    gate = threading.Barrier(2, timeout=20)
    look = actions._refuse_taken

    def meeting(*args, **options) -> None:
        look(*args, **options)
        if app.extensions["database"].engine.dialect.name == "postgresql":
            gate.wait()

    monkeypatch.setattr(actions, "_refuse_taken", meeting)


def test_a_code_is_given_once(as_, cast: Cast, app, together) -> None:
    form = {"level": "community", "kind": "administrative", "code": "130999001999"}
    places = [(as_(cast.dong), cast.street, "东苑社区"), (as_(cast.dong), cast.other_street, "西苑社区")]
    with ThreadPoolExecutor(2) as threads:
        sent = [
            threads.submit(one.post, f"/units/{unit}/add", data={**form, "name": name}) for one, unit, name in places
        ]
        answers = [future.result() for future in sent]
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert "代码 130999001999 已被使用。" in next(one for one in answers if one.status_code == 422).text
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        assert session.query(Unit).filter_by(code="130999001999").count() == 1


def test_a_name_is_given_once_below_one_parent(as_, cast: Cast, app) -> None:
    form = {"level": "community", "kind": "administrative", "name": "东苑社区", "code": ""}
    clients = [as_(cast.dong) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda one: one.post(f"/units/{cast.street}/add", data=form).status_code, clients))
    assert sorted(answers) == [303, 422, 422]
