"""The pages of courses as a learner meets them, and as a stranger does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.core import db
from lms.courses.models import Enrollment, LessonFinish
from tests.courses.folders import change, put, write_course


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


@pytest.fixture
def alice(as_, cast):
    return as_(cast.alice)


def fetch(client, address: str, **arguments):
    """The answer of a file, read to its end and closed, as a browser does."""
    with client.get(address, **arguments) as answer:
        answer.get_data()
        return answer


@pytest.fixture
def rows(app):
    """`rows(Model)` counts the rows of a table."""

    def count(model):
        with db.unit_of_work(app.extensions["database"], write=False) as session:
            return session.scalar(select(func.count()).select_from(model))

    return count


@pytest.fixture
def street_course(load, cast):
    """A course that 和平街道 offers to its own people: Alice's, not Wen's."""
    return load(organizer=cast.street)


def test_the_course_page_says_first_what_to_do(alice, course):
    page = text_of(alice.get(f"/courses/{course}"))

    assert "共 2 课，学完并通过测验得 2 学时。" in page
    assert page.index(">开始学习<") < page.index("第一次接待")


def test_a_course_from_the_first_lesson_to_the_quiz(alice, course):
    begun = alice.post(f"/courses/{course}/enroll")
    assert begun.location == f"/courses/{course}/lessons/1"
    lesson = text_of(alice.get(f"/courses/{course}/lessons/1"))
    assert "张阿姨说楼上漏水" in lesson
    assert "学完了" not in lesson  # the checkpoint decides

    answered = alice.post(f"/courses/{course}/lessons/1/checkpoint", data=answer_to(lesson))
    assert answered.status_code == 303
    assert "先让人说完" in text_of(alice.get(f"/courses/{course}/lessons/1"))
    assert "接着学第 2 课：入户走访" in text_of(alice.get(f"/courses/{course}"))

    finished = alice.post(f"/courses/{course}/lessons/2/finish")
    assert finished.location == f"/courses/{course}#next"
    assert "每一课都学完了" in text_of(alice.get(f"/courses/{course}"))
    started = alice.post(f"/courses/{course}/quiz").location
    assert "/quizzes/attempts/" in started
    assert f'href="{started}"' in alice.get(f"/courses/{course}").get_data(as_text=True)
    assert alice.post(f"/courses/{course}/quiz").location == started


def answer_to(page: str) -> dict[str, str]:
    """Choose the first option of the question on a lesson's page."""
    [(name, value), *_others] = re.findall(r'type="radio"[^>]*name="([^"]+)"[^>]*value="([^"]+)"', page)
    return {name: value}


def test_looking_writes_nothing(alice, course, rows):
    for address in ("/courses/", f"/courses/{course}", f"/courses/{course}/lessons/1", f"/courses/{course}/lessons/2"):
        assert alice.get(address).status_code == 200
    assert rows(Enrollment) == rows(LessonFinish) == 0


def test_before_the_answer_the_page_has_no_key(alice, course):
    alice.post(f"/courses/{course}/enroll")
    page = text_of(alice.get(f"/courses/{course}/lessons/1"))

    assert "先让人说完" not in page
    assert "还没有弄清情况" not in page


def test_beginning_from_a_lesson_comes_back_to_it(alice, course):
    assert alice.post(f"/courses/{course}/enroll", data={"lesson": "2"}).location.endswith("/lessons/2")


@pytest.mark.parametrize("lesson", ["x", "0", "61", "-1"])
def test_a_lesson_that_no_page_names(alice, course, lesson, rows):
    assert alice.post(f"/courses/{course}/enroll", data={"lesson": lesson}).status_code == 400
    assert rows(Enrollment) == 0


@pytest.mark.parametrize("press", ["enroll", "lessons/2/finish"])
def test_pressing_twice_counts_once(alice, course, rows, press):
    alice.post(f"/courses/{course}/enroll")
    first, second = (alice.post(f"/courses/{course}/{press}") for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert rows(Enrollment) == 1
    assert rows(LessonFinish) <= 1


def test_a_lesson_with_a_checkpoint_is_not_finished_by_a_press(alice, course, rows):
    alice.post(f"/courses/{course}/enroll")
    refused = alice.post(f"/courses/{course}/lessons/1/finish")

    assert refused.status_code == 422
    assert "这一课要答完“想一想”才算学完。" in text_of(refused)
    assert rows(LessonFinish) == 0


def test_an_empty_answer_is_refused_and_told(alice, course, rows):
    alice.post(f"/courses/{course}/enroll")
    refused = alice.post(f"/courses/{course}/lessons/1/checkpoint")

    assert refused.status_code == 422
    assert "请先作答。" in text_of(refused)
    assert rows(LessonFinish) == 0


def test_an_answer_that_the_page_does_not_offer_is_bad_input(alice, course, rows):
    alice.post(f"/courses/{course}/enroll")
    name = next(iter(answer_to(text_of(alice.get(f"/courses/{course}/lessons/1")))))

    assert alice.post(f"/courses/{course}/lessons/1/checkpoint", data={name: "none of these"}).status_code == 400
    assert rows(LessonFinish) == 0


def test_a_lesson_without_a_question_has_nothing_to_answer(alice, course):
    alice.post(f"/courses/{course}/enroll")
    assert alice.post(f"/courses/{course}/lessons/2/checkpoint").status_code == 422


@pytest.mark.parametrize("press", ["lessons/1/checkpoint", "lessons/2/finish", "quiz", "revision"])
def test_a_course_must_be_begun_first(alice, course, press, rows):
    assert alice.post(f"/courses/{course}/{press}").status_code == 422
    assert rows(LessonFinish) == 0


def test_the_quiz_waits_for_the_lessons(alice, course):
    alice.post(f"/courses/{course}/enroll")
    refused = alice.post(f"/courses/{course}/quiz")

    assert refused.status_code == 422
    assert "学完每一课，才能参加测验。" in text_of(refused)


PRESSES = ("enroll", "quiz", "revision", "lessons/1/checkpoint", "lessons/2/finish")
PAGES = ("", "/lessons/1", "/files/flow.svg", "/documents/form.md")


@pytest.mark.parametrize("press", PRESSES)
def test_another_county_cannot_change_it(as_, cast, street_course, press, rows):
    for stranger in (cast.wen, cast.mallory):
        assert as_(stranger).post(f"/courses/{street_course}/{press}").status_code == 404
    assert rows(Enrollment) == 0


@pytest.mark.parametrize("page", PAGES)
def test_another_county_cannot_see_it(as_, cast, street_course, page):
    for stranger in (cast.wen, cast.mallory, cast.rui):
        assert fetch(as_(stranger), f"/courses/{street_course}{page}").status_code == 404
    for reader in (cast.alice, cast.sun, cast.bo, cast.chen, cast.tina, cast.dong, cast.pan):
        assert fetch(as_(reader), f"/courses/{street_course}{page}").status_code == 200


@pytest.mark.parametrize("press", PRESSES)
def test_pages_are_for_those_who_signed_in(client, course, press, rows):
    assert "sign-in" in client.post(f"/courses/{course}/{press}").location
    assert rows(Enrollment) == 0


@pytest.mark.parametrize("page", PAGES)
def test_and_so_are_files(client, course, page):
    assert "sign-in" in client.get(f"/courses/{course}{page}").location


@pytest.mark.parametrize("press", PRESSES)
def test_a_change_is_not_a_get(alice, course, press):
    assert alice.get(f"/courses/{course}/{press}").status_code == 405


@pytest.mark.parametrize("press", PRESSES)
def test_a_change_needs_its_token(app, alice, course, press, rows):
    app.config["WTF_CSRF_ENABLED"] = True
    assert alice.post(f"/courses/{course}/{press}").status_code == 400
    assert rows(Enrollment) == 0


@pytest.mark.parametrize(
    "page",
    ["/courses/999999", "/courses/9223372036854775807", "/courses/9223372036854775808", "/courses/0", "/courses/-1"],
)
def test_a_course_that_does_not_exist(alice, page):
    assert alice.get(page).status_code == 404


@pytest.mark.parametrize("page", ["lessons/3", "lessons/0", "lessons/9223372036854775807", "documents/flow.svg"])
def test_a_part_that_does_not_exist(alice, course, page):
    assert alice.get(f"/courses/{course}/{page}").status_code == 404


def test_a_lesson_of_another_course_is_not_reached_through_this_one(alice, course, load, tmp_path):
    longer = write_course(tmp_path / "more", "longer")
    put(longer, "03-third.md", "# 第三课\n\n文字\n")
    other = load(longer)

    assert alice.get(f"/courses/{other}/lessons/3").status_code == 200
    assert alice.get(f"/courses/{course}/lessons/3").status_code == 404


# Revisions


def test_a_learner_stays_on_the_revision_they_began_until_they_choose(alice, as_, cast, load, folder):
    course = load()
    alice.post(f"/courses/{course}/enroll")
    alice.post(f"/courses/{course}/lessons/2/finish")
    change(folder, "01-first-visit.md", "张阿姨说楼上漏水", "李阿姨说楼上漏水")
    assert load() == course

    assert "张阿姨" in text_of(alice.get(f"/courses/{course}/lessons/1"))
    assert "李阿姨" in text_of(as_(cast.sun).get(f"/courses/{course}/lessons/1"))
    assert "这门课有了新版" in text_of(alice.get(f"/courses/{course}"))

    moved = alice.post(f"/courses/{course}/revision", follow_redirects=True)
    assert "内容没有变的 1 课仍算学完" in text_of(moved)
    assert "李阿姨" in text_of(alice.get(f"/courses/{course}/lessons/1"))
    assert "接着学第 1 课" in text_of(alice.get(f"/courses/{course}"))


def test_moving_twice_changes_nothing(alice, load, folder, rows):
    course = load()
    alice.post(f"/courses/{course}/enroll")
    alice.post(f"/courses/{course}/lessons/2/finish")
    change(folder, "01-first-visit.md", "张阿姨", "李阿姨")
    load()
    for _ in range(2):
        assert alice.post(f"/courses/{course}/revision").status_code == 303
    assert rows(LessonFinish) == 2


# Files


def test_an_old_revision_keeps_its_files(alice, load, folder):
    course = load()
    before = fetch(alice, f"/courses/{course}/files/flow.svg?revision=1").data
    change(folder, "media/flow.svg", "<title>flow</title>", "<title>new</title>")
    load()

    assert fetch(alice, f"/courses/{course}/files/flow.svg?revision=1").data == before
    assert b"<title>new</title>" in fetch(alice, f"/courses/{course}/files/flow.svg").data


def test_the_pictures_of_a_lesson_are_found_where_its_page_points(alice, course):
    page = text_of(alice.get(f"/courses/{course}/lessons/1"))
    [address] = re.findall(r'<img[^>]* src="([^"]+)"', page)

    answer = fetch(alice, address)
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"


def test_a_refused_answer_still_shows_the_pictures(alice, course):
    alice.post(f"/courses/{course}/enroll")
    refused = alice.post(f"/courses/{course}/lessons/1/checkpoint")
    assert refused.status_code == 422
    [picture] = re.findall(r'<img[^>]*src="([^"]+)"', refused.get_data(as_text=True))
    assert picture == f"/courses/{course}/files/flow.svg?revision=1"
    assert fetch(alice, picture).status_code == 200


def test_a_drawing_is_never_a_page(alice, course):
    answer = fetch(alice, f"/courses/{course}/files/flow.svg")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_a_revision_is_kept_by_the_browser_alone(alice, course):
    named = fetch(alice, f"/courses/{course}/files/flow.svg?revision=1")
    assert named.headers["Cache-Control"].startswith("private, max-age=")
    assert fetch(alice, f"/courses/{course}/files/flow.svg").headers["Cache-Control"] == "no-store"

    again = fetch(
        alice, f"/courses/{course}/files/flow.svg?revision=1", headers={"If-None-Match": named.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.data == b""


def test_a_conditional_request_is_no_way_around_permission(as_, cast, street_course, alice):
    tag = fetch(alice, f"/courses/{street_course}/files/flow.svg").headers["ETag"]
    answer = fetch(as_(cast.wen), f"/courses/{street_course}/files/flow.svg", headers={"If-None-Match": tag})
    assert answer.status_code == 404


def test_a_chinese_name_travels_in_the_header(alice, load, folder):
    (folder / "media" / "form.md").rename(folder / "media" / "登记表.md")
    change(folder, "01-first-visit.md", "media/form.md", "media/登记表.md")
    course = load()

    page = alice.get(f"/courses/{course}/lessons/1").get_data(as_text=True)
    [address] = re.findall(r'做完以后填写<a href="([^"]+)"', page)
    assert alice.get(address).status_code == 200
    answer = fetch(alice, f"/courses/{course}/files/登记表.md")
    assert "filename*=UTF-8''%E7%99%BB%E8%AE%B0%E8%A1%A8.md" in answer.headers["Content-Disposition"]
    assert answer.mimetype == "text/markdown"


@pytest.mark.parametrize(
    "name", ["..%2f..%2fcourse.toml", "course.toml", "%2e%2e", "quiz.gift", "a%00b", "%0d%0aX:%20y", "x" * 5000]
)
def test_only_media_are_handed_out(alice, course, name):
    assert fetch(alice, f"/courses/{course}/files/{name}").status_code in (400, 404)


@pytest.mark.parametrize("revision", ["x", "-1", "9" * 30, "1&revision=1"])
def test_a_revision_that_is_no_number(alice, course, revision):
    assert fetch(alice, f"/courses/{course}/files/flow.svg?revision={revision}").status_code == 400


def test_a_document_can_be_read_and_downloaded(alice, course):
    lesson = text_of(alice.get(f"/courses/{course}/lessons/1"))
    assert f'href="/courses/{course}/documents/form.md?revision=1"' in lesson
    assert '<span class="document__name">接待登记表</span>' in lesson

    page = text_of(alice.get(f"/courses/{course}/documents/form.md?revision=1"))
    assert "<table>" in page
    assert f"/courses/{course}/files/form.md" in page
    assert "<title>接待登记表" in page


# What a page costs


def test_statements_of_the_pages(alice, course, query_count):
    alice.post(f"/courses/{course}/enroll")
    for page in ("/courses/", f"/courses/{course}", f"/courses/{course}/lessons/1", f"/courses/{course}/lessons/2"):
        with query_count() as statements:
            assert alice.get(page).status_code == 200
        assert len(statements) <= 8, (page, statements)


def test_the_statements_of_a_catalog_do_not_grow(alice, load, tmp_path: Path, query_count):
    for number in range(6):
        load(write_course(tmp_path / str(number), f"course-{number}"))
    with query_count() as statements:
        alice.get("/courses/")
    assert len(statements) <= 8
