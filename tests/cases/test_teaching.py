"""A lesson shows a version of a case; what became of the case since is said there."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lms.cases import actions, teaching, uses
from lms.cases.kinds import Section
from lms.cases.models import Case, CaseTeaching
from lms.core import clock, db
from lms.core.errors import Refused
from lms.courses import actions as courses
from lms.courses import parts
from lms.courses.folder import read_course
from lms.notices.models import Notice
from lms.units.models import Unit
from tests.cases.made import LIFT, NOW, make_case
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.courses.folders import write_course

FENCE = "\n下面读一段。\n```case dianti@1 process\n- 一楼的顾虑怎样打消？\n2. 先找谁？\n```\n接着讲。\n"
THEN: dict[str, Any] = {"actor": SYSTEM, "now": NOW}


@pytest.fixture
def taught(app, cast, tmp_path):
    """The address of a lesson in whose middle a part of a case stands."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        make_case(unit=opened.get_one(Unit, cast.county), slug="dianti")
        folder = write_course(tmp_path)
        lesson = next(folder.glob("02-*.md"))
        lesson.write_text(lesson.read_text() + FENCE)
        source = read_course(folder).course
        assert source is not None
        street = opened.get_one(Unit, cast.street)
        course = courses.load_folder(source, organizer=street, actor=SYSTEM, now=NOW).course
    return f"/courses/{course.id}/lessons/2"


def change_case(app, change) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        change(opened.scalars(select(Case).where(Case.slug == "dianti")).one())


def test_a_lesson_shows_the_part_with_its_questions(as_, cast, taught, look) -> None:
    page = as_(cast.alice).get(taught).get_data(as_text=True)
    assert "挨户问担心什么" in page and "六层老楼没有电梯" not in page
    assert "<li>一楼的顾虑怎样打消？</li><li>先找谁？</li>" in page
    assert page.index("下面读一段") < page.index("挨户问担心什么") < page.index("接着讲")
    assert look(CaseTeaching, 1).position == 0
    shown = as_(cast.alice).get("/cases/dianti").get_data(as_text=True)
    assert f'href="{taught}"' in shown
    # The course is the street's: to the other county it does not exist, and the case does not tell of it.
    assert taught not in as_(cast.wen).get("/cases/dianti").get_data(as_text=True)


def test_it_stays_with_its_version_and_says_that_there_is_a_newer(app, as_, cast, taught) -> None:
    def newer(case: Case) -> None:
        text = replace(LIFT, sections={**LIFT.sections, Section.PROCESS: "新做法"})
        actions.add_version(case, text, **THEN)
        actions.publish(case, **THEN)

    change_case(app, newer)
    page = as_(cast.alice).get(taught).get_data(as_text=True)
    assert "挨户问担心什么" in page and "新做法" not in page and "有了新版" in page


def test_whoever_uses_or_teaches_it_hears_that_it_was_withdrawn(app, as_, cast, taught, work) -> None:
    case, now = db.session().scalars(select(Case).where(Case.slug == "dianti")).one(), clock.now()
    uses.note_use(case, sentence="在用", contact="办公室", actor=actor_of(cast.wen), now=now)
    actions.add_version(case, replace(LIFT, title="没有公开的新标题"), actor=SYSTEM, now=now)

    actions.withdraw(case, reason="当事人要求", actor=SYSTEM, now=now)

    told = db.session().scalars(select(Notice).where(Notice.kind == "cases.gone").order_by(Notice.person_id)).all()
    assert {(one.person_id, one.why) for one in told} == {(cast.wen, "user"), (cast.bo, "teacher")}
    assert all(one.params["title"] == LIFT.title for one in told)


def test_a_withdrawn_case_says_so_where_it_is_taught(app, as_, cast, taught) -> None:
    change_case(app, lambda case: actions.withdraw(case, reason="数据有误", **THEN))
    page = as_(cast.alice).get(taught).get_data(as_text=True)
    assert "挨户问担心什么" not in page and "这里用到的案例已经撤回" in page and "接着讲" in page


def test_a_fence_that_names_nothing_is_a_fault(tmp_path) -> None:
    parts.register(teaching.PART)  # as app.py does
    folder = write_course(tmp_path)
    lesson = next(folder.glob("02-*.md"))
    text = lesson.read_text()
    for argument in ("dianti", "dianti@0", "dianti@1 votes", "Dianti@1", ""):
        lesson.write_text(text + f"\n```case {argument}\n```\n")
        [fault] = read_course(folder).faults
        assert (fault.code, fault.line) == ("bad_case_part", 5), argument


def test_a_case_that_was_never_public_cannot_be_taught(app, cast, tmp_path) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        make_case(slug="dianti", published=False)
        folder = write_course(tmp_path)
        lesson = next(folder.glob("02-*.md"))
        lesson.write_text(lesson.read_text() + FENCE)
        source = read_course(folder).course
        assert source is not None
        with pytest.raises(Refused, match="没有发布过"), opened.begin_nested():
            courses.load_folder(source, organizer=opened.get_one(Unit, cast.street), actor=SYSTEM, now=NOW)


def test_two_clicks_make_a_course_that_can_be_loaded(app, as_, cast, taught, tmp_path) -> None:
    page = as_(cast.tina).get("/cases/dianti/lesson").get_data(as_text=True)
    assert "dianti@1" in page and "/cases/dianti/lesson.zip" in page
    answer = as_(cast.tina).get("/cases/dianti/lesson.zip")
    zipfile.ZipFile(BytesIO(answer.data)).extractall(tmp_path / "county")
    reading = read_course(Path(tmp_path / "county" / "anli-dianti"))
    assert reading.course is not None, reading.faults
    assert "换一个小区还行不行？" in reading.course.lessons[0].parts[0].body
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        county = opened.get_one(Unit, cast.county)
        assert courses.load_folder(reading.course, organizer=county, actor=SYSTEM, now=NOW).revision.lesson_count == 1
