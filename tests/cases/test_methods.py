"""A method is written and changed in the page by those who run a unit; what it said before stays to be read."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.cases import methods
from lms.cases.forms import MethodForm
from lms.cases.library_text import read_method
from lms.cases.method_check import checked
from lms.cases.models import Method, MethodVersion
from lms.core import db, files
from lms.core.errors import Refused
from lms.core.files import StoredFile
from lms.courses.faults import FaultLog
from lms.units.models import Unit
from tests.cases.made import NOW, make_case
from tests.cases.scene import METHOD
from tests.cast import SYSTEM

SAID = {
    "name": "三张清单法",
    "idea": "先分清谁来办，再去办。",
    "authors": "田老师\n孙书记",
    "abilities": ["organizing"],
    "steps": "1. **听**\r\n2. 分",
    "fits": "- 急事",
    "unfit": "- 已经立案的事",
    "then": "save",
}
WRITE = "/cases/methods/new"
EDIT = "/cases/methods/loudao-yishi/edit"
READ = "/cases/methods/loudao-yishi"


@pytest.fixture
def method(app, cast) -> str:
    """The county's method, with a case that shows it."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        county = opened.get_one(Unit, cast.county)
        made = methods.create_method(slug="loudao-yishi", unit=county, now=NOW)
        methods.add_version(made, METHOD, actor=SYSTEM, now=NOW)
        make_case(unit=county, slug="dianti", methods=("loudao-yishi",))
    return READ


@pytest.fixture
def versions(app):
    """`versions()`: every version that is kept, in the order of writing."""

    def kept() -> list[MethodVersion]:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
            return list(opened.scalars(select(MethodVersion).order_by(MethodVersion.id)))

    return kept


def written(cast) -> dict[str, object]:
    return {**SAID, "unit": str(cast.county)}


def test_what_is_written_is_read_by_everyone(app, as_, cast, versions, trail) -> None:
    answer = as_(cast.tina).post(WRITE, data=written(cast))

    assert answer.status_code == 303
    page = as_(cast.alice).get(answer.location).text
    assert "三张清单法" in page and "<strong>听</strong>" in page and '/edit"' not in page
    [version] = versions()
    assert (version.authors, version.abilities, version.initials) == (["田老师", "孙书记"], ["organizing"], "szqdf")
    assert trail()[-1].verb == "cases.write_method" and trail()[-1].unit_id == cast.county
    assert "三张清单法" in as_(cast.wen).get("/cases/?q=szqdf").text


def test_its_file_is_one_of_the_folder_format(app, as_, cast, versions) -> None:
    as_(cast.tina).post(WRITE, data={**written(cast), "steps": "# 先听\n\n## 适用\n\n1. 再分"})

    [version], log = versions(), FaultLog()
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        source = read_method("method", files.read(opened.get_one(StoredFile, version.source_id)), log)
    assert log.faults == [] and source is not None
    assert source.text == methods.said_by(version)


def test_a_case_names_it(as_, cast, method) -> None:
    """The choice of methods in a draft offers it."""
    alice = as_(cast.alice)
    slug = as_(cast.tina).post(WRITE, data=written(cast)).location.rpartition("/")[2]
    draft = alice.post("/drafts/new", data={"unit": str(cast.guangming), "then": "blank"}).location

    alice.post(draft, data={"whole": "1", "methods": [slug], "based_on": "0", "then": "stay"})

    page = alice.get(draft).text
    assert "三张清单法" in page
    assert [tag for tag in page.split("<input") if f'value="{slug}"' in tag and "checked" in tag.partition(">")[0]]


def test_writing_keeps_what_was_typed(as_, cast, versions) -> None:
    page = as_(cast.tina).post(WRITE, data={**written(cast), "idea": " "})

    assert page.status_code == 422 and "请用一句话说清它是什么。" in page.text
    for typed in ("三张清单法", "- 已经立案的事", "孙书记"):
        assert typed in page.text
    assert versions() == []


def test_writing_is_for_those_who_run_the_unit(as_, cast, versions) -> None:
    assert as_(cast.alice).post(WRITE, data=written(cast)).status_code == 403
    assert as_(cast.mallory).post(WRITE, data=written(cast)).status_code == 422  # not one of hers to choose
    assert as_(cast.bo).post(WRITE, data=written(cast)).status_code == 422  # his is the street
    assert as_(cast.tina).put(WRITE).status_code == 405
    assert versions() == []


def test_a_look_keeps_nothing(as_, cast, versions) -> None:
    page = as_(cast.tina).post(WRITE, data={**written(cast), "then": "preview"})

    assert page.status_code == 200 and "<strong>听</strong>" in page.text and "还没有保存。" in page.text
    assert versions() == []


def test_a_change_is_a_version_and_the_older_one_stays(as_, cast, method, versions, trail) -> None:
    tina, alice = as_(cast.tina), as_(cast.alice)
    assert "谁受影响谁坐下来谈。" in tina.get(EDIT).text

    assert tina.post(EDIT, data={**SAID, "based_on": "1"}).status_code == 303

    assert [one.number for one in versions()] == [1, 2]
    assert trail()[-1].verb == "cases.write_method"
    assert "三张清单法" in alice.get(READ).text
    older = alice.get(f"{READ}?version=1").text
    assert "谁受影响谁坐下来谈。" in older and "这是旧的一版" in older
    assert EDIT not in tina.get(f"{READ}?version=1").text
    assert alice.get(f"{READ}?version=3").status_code == 404
    assert alice.post(f"{READ}?version=1").status_code == 405
    assert "/cases/dianti" in alice.get("/cases/?q=三张清单").text  # the case is found by the new name


def test_a_change_keeps_what_was_typed(as_, cast, method, versions) -> None:
    page = as_(cast.tina).post(EDIT, data={**SAID, "based_on": "1", "steps": "![图](https://example.org/a.png)"})

    assert page.status_code == 422 and "https://example.org/a.png" in page.text and "三张清单法" in page.text
    assert len(versions()) == 1


def test_a_change_is_for_those_who_run_its_unit(as_, cast, method, versions) -> None:
    said = {**SAID, "based_on": "1"}
    assert as_(cast.alice).post(EDIT, data=said).status_code == 403
    for stranger in (cast.mallory, cast.bo):
        assert as_(stranger).get(EDIT).status_code == 404
        assert as_(stranger).post(EDIT, data=said).status_code == 404
    assert as_(cast.tina).delete(EDIT).status_code == 405
    assert len(versions()) == 1
    assert as_(cast.pan).post(EDIT, data=said).status_code == 303


def test_two_writers_are_told_of_each_other(as_, cast, method, versions) -> None:
    tina, chen = as_(cast.tina), as_(cast.chen)
    tina.post(EDIT, data={**SAID, "based_on": "1"})

    mine = {**SAID, "name": "四张清单法", "based_on": "1"}
    page = chen.post(EDIT, data=mine)

    assert page.status_code == 422 and "四张清单法" in page.text and 'value="2"' in page.text
    assert chen.post(EDIT, data={**mine, "based_on": "2"}).status_code == 303
    assert [one.name for one in versions()] == ["楼道议事法", "三张清单法", "四张清单法"]


def test_nothing_changed_is_no_version(as_, cast, method, versions) -> None:
    said = {**SAID, "based_on": "1"}
    as_(cast.tina).post(EDIT, data=said)
    as_(cast.tina).post(EDIT, data={**said, "based_on": "2"})
    assert len(versions()) == 2


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "````", "![x](files/x.png)"]
)
def test_what_the_folder_would_not_take_is_refused_at_its_field(app, hostile) -> None:
    with app.test_request_context(method="POST", data={**SAID, "fits": hostile}), pytest.raises(Refused) as refusal:
        checked(MethodForm(meta={"csrf": False}).said())
    assert refusal.value.field == "fits"


def test_a_method_of_the_site_is_changed_at_the_top(app, as_, cast) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        made = methods.create_method(slug="loudao-yishi", unit=None, now=NOW)
        methods.add_version(made, METHOD, actor=SYSTEM, now=NOW)
        assert isinstance(made, Method)
    assert as_(cast.tina).get(EDIT).status_code == 404
    assert as_(cast.pan).get(EDIT).status_code == 200
