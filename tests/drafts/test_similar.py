"""Near-duplicates of a draft: copies are found whatever was done to them, and only where they may be read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.cases import actions as case_actions
from lms.cases.kinds import Section
from lms.cases.models import Case, CaseKey
from lms.core import db
from lms.core.web import Actor
from lms.drafts import similar
from lms.drafts.models import CaseDraft
from lms.units.models import Unit
from tests.cases.made import NOW, make_case
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.installation import ROOT

READER = Actor(1, None, "读者")


def sections_of(path: Path) -> dict[str, str]:
    """The four sections of a case of the library."""
    parts = path.read_text(encoding="utf-8").split("\n## ")[1:]
    return {section.value: part.partition("\n")[2] for section, part in zip(Section, parts, strict=True)}


@pytest.fixture
def library(app):
    """The shipped cases, published; `library["loushui-liangjia"]` are the sections of one."""
    found = {path.stem: sections_of(path) for path in sorted((ROOT / "case_library").glob("*_*/*.md"))}
    found |= {path.stem: sections_of(path) for path in sorted((ROOT / "case_library/mediation").glob("*.md"))}
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        for slug, sections in found.items():
            make_case(slug=slug, sections={section: sections[section.value] for section in Section})
    return found


def shuffled(chance: random.Random, text: str) -> str:
    return "\n".join(chance.sample(text.split("\n"), text.count("\n") + 1))


def alike(app, sections, reader=READER, case_id=0):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False):
        return similar.list_alike(reader, CaseDraft(case_id=case_id, title="", summary="", **sections))


def test_copies_are_found_first_and_by_how_much(app, library):
    chance, sections = random.Random(1), library["loushui-liangjia"]
    copies = {
        "as it is": sections,
        "names changed": {name: text.replace("漏", "渗").replace("楼上", "上家") for name, text in sections.items()},
        "reordered": dict(zip(sections, reversed(sections.values()), strict=True)),
        "half": {name: text[: len(text) // 2] for name, text in sections.items()},
        "one section": {**library["taifeng-dixiashi"], "process": sections["process"]},
        "shuffled": {name: shuffled(chance, text) for name, text in sections.items()},
    }  # fmt: skip

    for what, copied in copies.items():
        found = {one.slug: one for one in alike(app, copied)}
        assert "loushui-liangjia" in found, what
    assert alike(app, copies["as it is"])[0].percent == 100 and not alike(app, copies["as it is"])[0].section
    taken = {one.slug: one for one in alike(app, copies["one section"])}["loushui-liangjia"]
    assert taken.section == Section.PROCESS.label and taken.section_percent == 100 and not taken.is_nearly_same
    assert taken.passage in sections["process"].replace("**", "")


def test_the_shipped_cases_are_not_alike(app, library):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False):
        ids = dict(db.session().execute(select(Case.slug, Case.id)).all())

    assert [alike(app, sections, case_id=ids[slug]) for slug, sections in library.items()] == [[]] * len(library)


def test_what_may_not_be_read_is_not_named_and_hides_nothing(app, cast, library):
    sections = library["loushui-liangjia"]
    by_section = {section: sections[section.value] for section in Section}
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        county = db.session().get_one(Unit, cast.county)
        for number in range(similar.CANDIDATES + 2):
            make_case(slug=f"hidden-{number}", unit=county, sections=by_section, published=False)

    assert [one.slug for one in alike(app, sections)] == ["loushui-liangjia"]
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False):
        chen, mallory = actor_of(cast.chen), actor_of(cast.mallory)
    assert all(one.slug.startswith("hidden") for one in alike(app, sections, chen))
    assert [one.slug for one in alike(app, sections, mallory)] == ["loushui-liangjia"]


def test_keys_follow_what_is_shown(app, cast, library):
    sections = library["loushui-liangjia"]
    other = {section: library["taifeng-dixiashi"][section.value] for section in Section}
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        case = make_case(slug="new", sections={section: sections[section.value] for section in Section})
        first = set(db.session().scalars(select(CaseKey.key).where(CaseKey.case_id == case.id)))
        make_case(slug="drawn", sections=other)
        case_actions.withdraw(case, reason="重写", actor=SYSTEM, now=NOW)
    assert first and "new" not in [one.slug for one in alike(app, sections)]
    assert "drawn" in [one.slug for one in alike(app, library["taifeng-dixiashi"])]


def test_the_page_says_how_much_and_where(as_, cast, app, library, make):
    draft = make(**{**library["taifeng-dixiashi"], "process": library["loushui-liangjia"]["process"]})

    page = as_(cast.alice).get(f"/drafts/{draft}/check").text

    assert "/cases/loushui-liangjia" in page and "“做法与过程”这一部分有 100%" in page
    assert "最长的一处相同" in page
