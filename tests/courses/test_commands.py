"""`lms courses check|load|export`: what they say, what they leave, and their exit codes."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lms.core import db
from lms.core.errors import Refused
from lms.courses.commands import courses
from lms.courses.models import Course, CourseRevision
from tests.courses.folders import change, put, write_course


@pytest.fixture
def run(app):
    """`run("check", path)` as the `lms` command would, with the application's context."""

    def call(*words) -> tuple[int, str]:
        with app.app_context():
            result = CliRunner().invoke(courses, [str(word) for word in words])
        if isinstance(result.exception, Refused):  # the `lms` command says it and exits with 1
            return 1, str(result.exception.message)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return call


@pytest.fixture
def revisions(app):
    def count() -> int | None:
        with db.unit_of_work(app.extensions["database"], write=False) as session:
            return session.scalar(select(func.count()).select_from(CourseRevision))

    return count


def test_a_sound_course_passes(run, folder):
    assert run("check", folder) == (0, "1 门课程，可以载入。\n")


def test_every_fault_is_named_by_file_and_line(run, folder):
    change(folder, "course.toml", '"2.00"', '"two"')
    change(folder, "01-first-visit.md", "media/form.md", "media/none.md")
    code, said = run("check", folder)

    assert code == 1
    assert f"{folder}/course.toml:6: 学时“two”" in said
    assert f"{folder}/01-first-visit.md:10: media 文件夹里没有“none.md”。" in said
    assert f"{folder}/media/form.md: 提醒：没有一课用到“form.md”。" in said
    assert "2 处问题，1 处提醒。" in said


def test_the_tree_is_checked_as_it_was_named(run, folder, monkeypatch):
    put(folder, "02-at-the-door.md", "没有标题\n")
    monkeypatch.chdir(folder.parents[2])
    for path in ("courses", "courses/street", "./courses/"):
        assert "courses/street/jiedai/02-at-the-door.md:1: " in run("check", path)[1]
    monkeypatch.chdir(folder)
    assert "02-at-the-door.md:1: " in run("check", ".")[1]


@pytest.mark.parametrize("path", ["nowhere", "/dev/null", ""])
def test_no_folder(run, path):
    code, said = run("check", path)
    assert code in (1, 2)
    assert "Traceback" not in said


def test_a_lesson_that_would_hang_the_renderer_is_refused_with_its_file(run, folder):
    put(folder, "02-at-the-door.md", "# 标题\n\n" + "[" * 10_000 + "\n")
    code, said = run("check", folder)

    assert code == 1
    assert "02-at-the-door.md: 这一课的写法太复杂" in said


def test_a_warning_does_not_fail(run, folder):
    put(folder, "media/spare.md", "# 备用\n")
    code, said = run("check", folder)
    assert code == 0
    assert "提醒：" in said


def test_loading_says_what_came_of_it(run, folder, revisions):
    assert run("load", folder) == (0, "新建  jiedai  接待与走访  第 1 版\n")
    assert run("load", folder) == (0, "未变  jiedai  接待与走访  第 1 版\n")
    change(folder, "02-at-the-door.md", "敲门", "轻轻敲门")
    assert run("load", folder) == (0, "新版  jiedai  接待与走访  第 2 版\n")
    assert revisions() == 2


def test_one_fault_and_nothing_is_loaded(run, folder, revisions):
    bad = write_course(folder.parents[1], "bad", tier="county")
    put(bad, "quiz.gift", "::甲:: 没有结束 {T\n")
    code, said = run("load", folder.parents[1])

    assert code == 1
    assert "没有载入任何课程。" in said
    assert revisions() == 0


def test_the_tier_is_the_organizers_level(run, folder, revisions):
    assert run("load", folder, "--unit", "990101") == (
        1,
        "接待与走访是街道全员课程，不能由清河区（县级）主办。",
    )
    assert revisions() == 0
    assert run("load", folder, "--unit", "990101001")[0] == 0


def test_a_unit_that_does_not_exist(run, folder):
    assert run("load", folder, "--unit", "12") == (1, "没有代码为 12 的单位。")


def test_the_same_name_may_belong_to_two_organizers(run, folder, app):
    for unit in ([], ["--unit", "990101001"], ["--unit", "990101002"]):
        assert run("load", folder, *unit)[1].startswith("新建")
    with db.unit_of_work(app.extensions["database"], write=False) as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 3


def test_export_gives_back_the_same_bytes(run, folder, tmp_path):
    put(folder, "02-at-the-door.md", "\ufeff# 入户走访\r\n\r\n敲门，退后一步。\r\n")
    run("load", folder)
    target = tmp_path / "out" / "jiedai"

    assert run("export", "jiedai", target) == (0, "已写入 6 个文件，第 1 版。\n")
    assert contents(target) == contents(folder)
    assert run("load", target) == (0, "未变  jiedai  接待与走访  第 1 版\n")


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_export_does_not_write_over_anything(run, folder, tmp_path):
    run("load", folder)
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")

    code, said = run("export", "jiedai", target)
    assert code == 1
    assert "不是空文件夹" in said
    assert contents(target) == {"mine.txt": b"mine"}
    assert run("export", "jiedai", target / "mine.txt")[0] == 1


def test_export_of_what_is_not_there(run, folder, tmp_path):
    run("load", folder)
    assert run("export", "none", tmp_path / "x") == (1, "没有课程“none”。")
    assert run("export", "jiedai", tmp_path / "x", "--unit", "990101001") == (1, "没有课程“jiedai”。")


def test_export_finds_the_only_course_of_a_name(run, folder, tmp_path):
    run("load", folder, "--unit", "990101001")
    assert run("export", "jiedai", tmp_path / "x")[0] == 0

    run("load", folder, "--unit", "990101002")
    code, said = run("export", "jiedai", tmp_path / "y")
    assert code == 1
    assert "和平街道 990101001, 滨河街道 990101002" in said
    assert run("export", "jiedai", tmp_path / "y", "--unit", "990101002")[0] == 0


def test_export_into_a_place_that_cannot_be_written(run, folder, tmp_path):
    run("load", folder)
    (tmp_path / "file").write_text("x")
    code, said = run("export", "jiedai", tmp_path / "file" / "below")
    assert code == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["load", "--help"], ["export", "--help"]])
def test_each_word_has_help(run, words):
    assert run(*words)[0] == 0
    assert isinstance(courses, click.Group)
