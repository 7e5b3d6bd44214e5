"""A case's life: versions never change, steps say who and why, the public reads what was published."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from lms.cases import access, actions
from lms.cases.kinds import Section, State
from lms.cases.models import Case, CaseStep, CaseVersion
from lms.core import db, search
from lms.core.errors import Denied, Refused
from lms.core.search import SearchDocument
from lms.units.models import Level, Unit
from tests.cases.made import LIFT, NOW, make_case
from tests.cast import SYSTEM
from tests.conftest import actor_of

THEN: dict[str, Any] = {"actor": SYSTEM, "now": NOW}


def states(case: Case) -> list[str]:
    found = db.session().scalars(select(CaseStep.state).where(CaseStep.case_id == case.id).order_by(CaseStep.id))
    return [state.value for state in found]


def test_a_change_after_publication_leaves_the_public_with_what_was_published(work, cast) -> None:
    case = make_case(unit=work.get(Unit, cast.county), author_id=cast.alice)
    actions.add_version(case, replace(LIFT, title="改过的标题"), note="改标题", **THEN)
    assert (case.state, case.published_number, case.latest_number) == (State.DRAFT, 1, 2)
    stranger = actor_of(cast.wen)
    assert access.get_version(stranger, case).title == LIFT.title
    with pytest.raises(Denied):
        access.get_version(stranger, case, 2)
    assert access.get_version(actor_of(cast.alice), case, 2).title == "改过的标题"
    body = work.scalar(select(SearchDocument.body).where(SearchDocument.object_id == case.id))
    assert "改过的标题" not in body  # what is not public is not searched either
    actions.publish(case, **THEN)
    assert states(case) == ["draft", "published", "draft", "published"]


def test_steps_go_only_where_they_may(work, cast) -> None:
    case = make_case(published=False)
    with pytest.raises(Refused):
        actions.take_step(case, State.ACCEPTED, level=Level.COUNTY, **THEN)
    actions.take_step(case, State.SUBMITTED, **THEN)
    actions.take_step(case, State.ACCEPTED, level=Level.COUNTY, unit=work.get(Unit, cast.county), **THEN)
    actions.take_step(case, State.RECOMMENDED, level=Level.COUNTY, **THEN)
    assert (case.state, case.level) == (State.RECOMMENDED, Level.COUNTY)
    actions.add_version(case, replace(LIFT, summary="改了"), **THEN)
    assert (case.state, case.level) == (State.DRAFT, None)


def test_what_is_not_complete_is_not_submitted(work) -> None:
    empty = replace(LIFT, sections={**LIFT.sections, Section.RESULTS: " "})
    with pytest.raises(Refused, match="成效与反响"):
        actions.take_step(make_case(empty, published=False), State.SUBMITTED, **THEN)
    with pytest.raises(Refused, match="同意"):
        make_case(illustration=False, consent=True, anonymized=False)
    assert make_case(illustration=False, consent=True, anonymized=True).is_public


def test_a_withdrawn_case_is_read_by_its_own_people_alone(work, cast) -> None:
    case = make_case(unit=work.get(Unit, cast.county))
    with pytest.raises(Refused):
        actions.withdraw(case, reason=" ", **THEN)
    actions.withdraw(case, reason="数据有误", **THEN)
    assert not case.is_public and case.published_at == NOW
    with pytest.raises(Denied):
        access.get_case(actor_of(cast.wen), case.slug)
    assert access.get_case(actor_of(cast.chen), case.slug) is case


def test_labels_stand_on_their_own(work, cast) -> None:
    case = make_case(unit=work.get(Unit, cast.guangming))
    county, city = work.get(Unit, cast.county), work.get(Unit, cast.city)
    version = work.scalars(select(CaseVersion).where(CaseVersion.case_id == case.id)).one()
    label = actions.award_label(case, version, unit=county, name="清河区优秀案例", **THEN)
    other = actions.award_label(case, version, unit=city, name="市优秀案例", **THEN)
    with pytest.raises(Refused):
        actions.award_label(case, version, unit=county, name="清河区优秀案例", **THEN)
    actions.revoke_label(other, reason="重复", **THEN)
    assert label.revoked_at is None and other.revoked_at is not None


def test_headings_of_a_section_stand_below_it_and_notes_are_its_own(work) -> None:
    case = make_case(sections={**LIFT.sections, Section.PROCESS: "# 一\n\n```\n# 代码\n```\n\n文字[^1]\n\n[^1]: 注"})
    version = access.get_version(SYSTEM, case)
    assert version.process.startswith("### 一") and "\n# 代码" in version.process
    assert "fn:process-1" in version.html["process"]
    assert search.terms("电梯") == ["电梯"]
