"""The course folder: what is read from a sound one, and each fault of its files and names."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from lms.courses import limits
from lms.courses.folder import digest_of, find_courses, read_course
from lms.hours.kinds import Ability, Tier, TrainingType
from tests.courses.folders import DRAWING, change, only_fault, places, png, put, write_course


def test_a_sound_course_is_read_whole(folder: Path) -> None:
    reading = read_course(folder)
    assert reading.faults == ()
    course = reading.course
    assert course is not None
    assert course.slug == "jiedai"
    assert (course.facts.tier, course.facts.training_type) == (Tier.STREET, TrainingType.INDUCTION)
    assert course.facts.abilities == (Ability.MASS_WORK, Ability.MEDIATION)
    assert course.facts.hours == Decimal("2.00")
    assert [(lesson.position, lesson.slug, lesson.title) for lesson in course.lessons] == [
        (1, "first-visit", "第一次接待"),
        (2, "at-the-door", "入户走访"),
    ]
    assert course.lessons[0].media == ("flow.svg", "form.md")
    assert course.lessons[0].checkpoint is not None
    assert "checkpoint" not in course.lessons[0].text
    assert course.lessons[1].checkpoint is None
    assert len(course.quiz.questions) == 3
    assert list(course.files) == sorted(course.files)
    assert course.files["quiz.gift"] == (folder / "quiz.gift").read_bytes()


def test_the_digest_changes_with_a_byte_and_with_nothing_else(folder: Path) -> None:
    first = read_course(folder).course
    os.utime(folder / "01-first-visit.md", (0, 0))
    again = read_course(folder).course
    change(folder, "02-at-the-door.md", "退后一步", "退后两步")
    changed = read_course(folder).course
    assert first
    assert again
    assert changed
    assert first.digest == again.digest != changed.digest


def test_the_digest_knows_names_from_contents() -> None:
    assert digest_of({"a": b"1", "b": b"2"}) != digest_of({"a": b"2", "b": b"1"})
    assert digest_of({"a": b"1", "b": b"2"}) == digest_of({"b": b"2", "a": b"1"})


@pytest.mark.parametrize("name", ["course.toml", "quiz.gift"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    fault = only_fault(folder)
    assert (fault.code, fault.params["name"]) == ("missing_file", name)


def test_a_course_without_lessons(folder: Path) -> None:
    for lesson in folder.glob("0*.md"):
        lesson.unlink()
    assert only_fault(folder).code == "no_lessons"


@pytest.mark.parametrize("slug", ["Jiedai", "接待", "jie_dai", "-jiedai", "jiedai-", "a" * 61])
def test_a_folder_name_that_is_no_slug(tmp_path: Path, slug: str) -> None:
    assert only_fault(write_course(tmp_path, slug)).code == "bad_slug"


@pytest.mark.parametrize("name", ["1-first.md", "03_x.md", "03-Door.md", "03-门.md", "README.md"])
def test_a_lesson_with_a_wrong_name(folder: Path, name: str) -> None:
    put(folder, name, "# 标题\n\n文字\n")
    assert (only_fault(folder).code, only_fault(folder).path) == ("bad_lesson_name", name)


def test_a_file_that_is_not_part_of_a_course(folder: Path) -> None:
    put(folder, "notes.docx", b"x")
    assert (only_fault(folder).code, only_fault(folder).path) == ("unexpected_file", "notes.docx")


def test_a_hidden_file_is_said_and_left_out(folder: Path) -> None:
    put(folder, ".DS_Store", b"x")
    reading = read_course(folder)
    assert places(reading, "ignored_file") == [(".DS_Store", None)]
    assert reading.course is not None
    assert ".DS_Store" not in reading.course.files


def test_a_gap_in_the_numbers(folder: Path) -> None:
    (folder / "02-at-the-door.md").rename(folder / "03-at-the-door.md")
    fault = only_fault(folder)
    assert (fault.code, fault.path, fault.params["expected"]) == ("lesson_gap", "03-at-the-door.md", "02")


def test_a_number_used_twice(folder: Path) -> None:
    put(folder, "02-other.md", "# 又一课\n\n文字\n")
    assert only_fault(folder).code == "lesson_number_twice"


def test_a_lesson_name_used_twice(folder: Path) -> None:
    (folder / "02-at-the-door.md").rename(folder / "02-first-visit.md")
    assert only_fault(folder).code == "lesson_slug_twice"


def test_names_that_are_one_file_on_other_computers(folder: Path) -> None:
    put(folder, "media/FLOW.svg", DRAWING)
    fault = only_fault(folder)
    assert (fault.code, {fault.params["name"], fault.params["other"]}) == ("name_collision", {"flow.svg", "FLOW.svg"})


@pytest.mark.parametrize(
    "name",
    [
        "a b.png",
        'a".png',
        "con.png",
        "a\n.png",
        "a" * 101 + ".png",
        "a\u202egnp.exe",
        "e\u0301.png",
        "a;b.png",
        "b.png.",
    ],
)
def test_names_that_would_be_read_as_something_else(folder: Path, name: str) -> None:
    put(folder, f"media/{name}", png())
    assert only_fault(folder).code == "bad_name"


def test_a_symlink_is_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# 秘密\n\n不该读到\n")
    (folder / "03-secret.md").symlink_to(secret)
    fault = only_fault(folder)
    assert (fault.code, fault.path) == ("symlink", "03-secret.md")


def test_a_linked_media_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "media").rename(tmp_path / "elsewhere")
    (folder / "media").symlink_to(tmp_path / "elsewhere")
    assert places(read_course(folder), "unexpected_file") == [("media", None)]


def test_a_pipe_does_not_hang_the_reader(folder: Path) -> None:
    os.mkfifo(folder / "media" / "pipe.png")
    assert only_fault(folder).code == "not_regular"


def test_a_folder_inside_media(folder: Path) -> None:
    (folder / "media" / "more").mkdir()
    assert only_fault(folder).code == "media_folder"


def test_a_file_that_is_too_big(folder: Path) -> None:
    put(folder, "02-at-the-door.md", "# 长\n\n" + "字" * limits.LESSON_BYTES)
    assert (only_fault(folder).code, only_fault(folder).path) == ("too_big", "02-at-the-door.md")


def test_too_much_in_one_course(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COURSE_BYTES", 1200)
    assert places(read_course(folder), "too_big")


def test_too_many_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEDIA_FILES", 1)
    assert only_fault(folder).code == "too_many"


@pytest.mark.parametrize("name", ["course.toml", "02-at-the-door.md", "quiz.gift"])
def test_a_byte_that_is_no_utf8_has_its_line(folder: Path, name: str) -> None:
    lines = (folder / name).read_bytes().split(b"\n")
    lines[2] = "# 居民".encode("gb18030")
    put(folder, name, b"\n".join(lines))
    assert places(read_course(folder), "not_utf8") == [(name, 3)]


def test_a_nul_has_its_line(folder: Path) -> None:
    put(folder, "02-at-the-door.md", "# 标题\n\n文字\0\n")
    assert (only_fault(folder).code, only_fault(folder).line) == ("nul", 3)


def test_windows_line_ends_and_a_byte_order_mark_are_welcome(folder: Path) -> None:
    for name in ("course.toml", "01-first-visit.md", "quiz.gift"):
        text = (folder / name).read_bytes().decode()
        put(folder, name, "\ufeff" + text.replace("\n", "\r\n"))
    reading = read_course(folder)
    assert reading.faults == ()
    assert reading.course
    assert reading.course.files["quiz.gift"].startswith(b"\xef\xbb\xbf//")


def test_the_whole_tree_a_tier_or_one_course_can_be_named(tmp_path: Path) -> None:
    root = tmp_path / "courses"
    street, county = write_course(root, "a"), write_course(root, "b", tier="county")
    put(root, "README.md", "readme")
    assert find_courses(root) == ((county, street), ())
    assert find_courses(root / "street") == ((street,), ())
    assert find_courses(street) == ((street,), ())


def test_one_name_in_two_tiers(tmp_path: Path) -> None:
    write_course(tmp_path, "a")
    write_course(tmp_path, "a", tier="county")
    _, faults = find_courses(tmp_path)
    assert [(fault.code, fault.path) for fault in faults] == [("duplicate_course", "street/a")]


def test_a_tier_that_does_not_exist(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "village").mkdir()
    assert [fault.code for fault in find_courses(tmp_path)[1]] == ["unknown_tier_folder"]


def test_nothing_there(tmp_path: Path) -> None:
    assert [fault.code for fault in find_courses(tmp_path / "none")[1]] == ["not_a_folder"]
    assert [fault.code for fault in find_courses(tmp_path)[1]] == ["no_courses"]


def test_the_tier_is_the_folders(folder: Path) -> None:
    change(folder, "course.toml", 'tier = "street"', 'tier = "city"')
    assert (only_fault(folder).code, only_fault(folder).line) == ("tier_mismatch", 3)


def test_a_course_outside_the_tree_may_have_any_tier(folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "jiedai")
    assert read_course(tmp_path / "jiedai").faults == ()
