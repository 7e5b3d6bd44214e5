"""Reads a course folder into immutable dataclasses and lists everything that is wrong with it.

The format is documented for the people who write courses in `courses/README.md`. Nothing here touches the database
and nothing here is lenient: what cannot be loaded whole is not loaded.
"""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lms.courses import limits
from lms.courses.bank import QuizSource, read_quiz
from lms.courses.course_toml import CourseFacts, read_facts
from lms.courses.faults import Fault, FaultLog, Severity
from lms.courses.lesson_text import LessonSource, read_lesson
from lms.courses.lesson_video import check_segments
from lms.courses.media import MediaSource, read_media
from lms.courses.text import decode
from lms.hours.kinds import Tier

FACTS = "course.toml"
QUIZ = "quiz.gift"
MEDIA = "media"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LESSON = re.compile(r"(?P<number>\d{2})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_TIERS = tuple(tier.value for tier in Tier)
#: Names that a file system, a shell, a header or a URL would read as something else.
_BAD_NAME = re.compile(r"[\s\"'<>:|?*\\/&%#;`\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_MEDIA_LIMITS = (limits.MEDIA_BYTES, limits.VIDEO_BYTES)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CourseSource:
    """A course as its folder has it, found sound. `files` are all its bytes by path, in order of path."""

    slug: str
    facts: CourseFacts
    lessons: tuple[LessonSource, ...]
    quiz: QuizSource
    media: Mapping[str, MediaSource]
    files: Mapping[str, bytes]
    digest: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one folder: the course, unless there are errors, and every fault."""

    slug: str
    course: CourseSource | None
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Found:
    """What lies in a course folder, before it is understood."""

    texts: dict[str, bytes] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)


def find_courses(root: Path, *, shown_as: str = "") -> tuple[tuple[Path, ...], tuple[Fault, ...]]:
    """The course folders at `root` (a course, a tier's folder or the whole tree), and what is wrong around them."""
    log = FaultLog(shown_as)
    root = root.resolve()
    if not root.is_dir():
        log.add("not_a_folder")
        return (), log.sorted()
    if (root / FACTS).exists():
        return (root,), ()
    tiers = [root] if root.name in _TIERS else _tier_folders(root, log)
    courses = [folder for tier in tiers for folder in _subfolders(tier, log.at(tier.name) if tier != root else log)]
    _refuse_twins(courses, root, log)
    if not courses:
        log.add("no_courses")
    return tuple(courses), log.sorted()


def read_course(folder: Path, *, shown_as: str = "") -> Reading:
    """Read the course in `folder`. Faults name files as `shown_as/…`, by default from the folder on."""
    folder = folder.resolve()
    log = FaultLog(shown_as)
    if len(folder.name) > limits.SLUG_CHARS or not _SLUG.fullmatch(folder.name):
        log.add("bad_slug", name=folder.name)
    found = _collect(folder, log)
    media = {name: read_media(name, data, log.at(MEDIA).at(name)) for name, data in found.media.items()}
    check_segments(media, log.at(MEDIA))
    tier_folder = folder.parent.name if folder.parent.name in _TIERS else None
    facts = _read_facts(found, log, tier_folder)
    lessons = _read_lessons(found, media, log)
    quiz = _read_quiz(found, facts, log)
    used = {name for lesson in lessons for name in lesson.media}
    for name in media:
        if name not in used:
            log.at(MEDIA).at(name).warn("unused_media", name=name)
    faults = log.sorted()
    if facts is None or quiz is None or any(fault.severity is Severity.ERROR for fault in faults):
        return Reading(folder.name, None, faults)
    files = {**found.texts, **{f"{MEDIA}/{name}": data for name, data in found.media.items()}}
    files = dict(sorted(files.items()))
    sound = {name: source for name, source in media.items() if source is not None}
    course = CourseSource(folder.name, facts, lessons, quiz, sound, files, digest_of(files))
    return Reading(folder.name, course, faults)


def digest_of(files: Mapping[str, bytes]) -> str:
    """One hex SHA-256 over names and bytes. Order of reading, dates and owners of the files do not count."""
    total = hashlib.sha256()
    for path, data in sorted(files.items()):
        total.update(f"{path}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()


def _tier_folders(root: Path, log: FaultLog) -> list[Path]:
    folders = _subfolders(root, log)
    for folder in folders:
        if folder.name not in _TIERS:
            log.at(folder.name).add("unknown_tier_folder", name=folder.name, choices=", ".join(_TIERS))
    by_name = {folder.name: folder for folder in folders}
    return [by_name[tier] for tier in _TIERS if tier in by_name]


def _subfolders(folder: Path, log: FaultLog) -> list[Path]:
    try:
        inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        log.add("unreadable", name=folder.name)
        return []
    for path in inner:
        if path.is_symlink():
            log.at(path.name).add("symlink", name=path.name)
    return [path for path in inner if not path.is_symlink()]


def _refuse_twins(courses: Sequence[Path], root: Path, log: FaultLog) -> None:
    """The folder's name is how a course is known, whatever its tier."""
    seen: dict[str, Path] = {}
    for folder in courses:
        first = seen.setdefault(folder.name, folder)
        if first is not folder:
            inner = log.at(folder.relative_to(root).as_posix())
            inner.add("duplicate_course", name=folder.name, other=first.relative_to(root).as_posix())


def _collect(folder: Path, log: FaultLog) -> _Found:
    """The bytes of every file that belongs to a course; what does not belong is a fault."""
    found = _Found()
    budget = limits.COURSE_BYTES
    for path in entries(folder, log):
        if path.name == MEDIA and path.is_dir() and not path.is_symlink():
            for inner in entries(path, log.at(MEDIA)):
                budget -= take(inner, found.media, _media_limit(inner.name), log.at(MEDIA), budget)
        elif limit := _text_limit(path.name):
            budget -= take(path, found.texts, limit, log, budget)
        elif path.suffix == ".md":
            log.at(path.name).add("bad_lesson_name", name=path.name)
        else:
            log.at(path.name).add("unexpected_file", name=path.name)
    if len(found.media) > limits.MEDIA_FILES:
        log.at(MEDIA).add("too_many", limit=limits.MEDIA_FILES)
    return found


def _text_limit(name: str) -> int | None:
    """The most bytes of a text file of a course; None when the name is not one of a course's."""
    if name == FACTS:
        return limits.TOML_BYTES
    if name == QUIZ:
        return limits.QUIZ_BYTES
    return limits.LESSON_BYTES if _LESSON.fullmatch(name) else None


def _media_limit(name: str) -> int:
    return limits.VIDEO_BYTES if name.lower().endswith(".mp4") else limits.MEDIA_BYTES


def entries(folder: Path, log: FaultLog) -> list[Path]:
    """What is in a folder, by name; hidden files are said and left out, colliding and impossible names are faults."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        log.add("unreadable", name=folder.name)
        return []
    if len(paths) > limits.FOLDER_ENTRIES:
        log.add("too_many", limit=limits.FOLDER_ENTRIES)
        return []
    kept = []
    seen: dict[str, str] = {}
    for path in paths:
        same = unicodedata.normalize("NFC", path.name).casefold()
        if path.name.startswith("."):
            log.at(path.name).warn("ignored_file", name=path.name)
            continue
        if not _is_good_name(path.name):
            log.add("bad_name", name=path.name.encode(errors="replace").decode())
            continue
        if same in seen:
            log.at(path.name).add("name_collision", name=path.name, other=seen[same])
        kept.append(path)
        seen.setdefault(same, path.name)
    return kept


def _is_good_name(name: str) -> bool:
    return (
        len(name) <= limits.NAME_CHARS
        and name.isprintable()
        and not name.endswith(".")
        and not _BAD_NAME.search(name)
        and not _DEVICE.fullmatch(name)
        and unicodedata.is_normalized("NFC", name)
    )


def take(path: Path, into: dict[str, bytes], limit: int, log: FaultLog, budget: int) -> int:
    """Read one plain file of at most `limit` bytes; answers how many were read."""
    log = log.at(path.name)
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            log.add("symlink", name=path.name)
        elif stat.S_ISDIR(status.st_mode):
            log.add("media_folder" if limit in _MEDIA_LIMITS else "not_regular", name=path.name)
        elif not stat.S_ISREG(status.st_mode):
            log.add("not_regular", name=path.name)
        elif status.st_size > min(limit, budget):
            log.add("too_big", size=limits.shown(status.st_size), limit=limits.shown(min(limit, max(budget, 0))))
        else:
            with path.open("rb") as file:
                into[path.name] = file.read(limit)
            return len(into[path.name])
    except OSError:
        log.add("unreadable", name=path.name)
    return 0


def _read_facts(found: _Found, log: FaultLog, tier_folder: str | None) -> CourseFacts | None:
    text = _text(FACTS, found, log)
    return None if text is None else read_facts(text, log.at(FACTS), tier_folder=tier_folder)


def _read_quiz(found: _Found, facts: CourseFacts | None, log: FaultLog) -> QuizSource | None:
    text = _text(QUIZ, found, log)
    if facts is not None and facts.quiz is None:
        log.at(FACTS).add("missing_key", key="[quiz]")
    if text is None:
        return None
    return read_quiz(text, facts.quiz if facts else None, log.at(QUIZ), log.at(FACTS))


def _text(name: str, found: _Found, log: FaultLog) -> str | None:
    if name in found.texts:
        return decode(found.texts[name], log.at(name))
    if not any(fault.path == log.at(name).path for fault in log.faults):  # present, but already refused
        log.add("missing_file", name=name)
    return None


def _read_lessons(found: _Found, media: Mapping[str, MediaSource | None], log: FaultLog) -> tuple[LessonSource, ...]:
    matches = [match for name in sorted(found.texts) if (match := _LESSON.fullmatch(name))]
    if not matches:
        log.add("no_lessons")
    if len(matches) > limits.LESSONS:
        log.add("too_many", limit=limits.LESSONS)
    _check_numbers(matches, log)
    lessons = []
    for match in matches:
        name = match.group()
        text = decode(found.texts[name], log.at(name))
        if text is not None:
            lessons.append(read_lesson(int(match["number"]), match["slug"], name, text, media, log.at(name)))
    return tuple(lessons)


def _check_numbers(matches: Sequence[re.Match[str]], log: FaultLog) -> None:
    """From 01 on without gaps, no number and no name twice."""
    numbers: dict[int, str] = {}
    slugs: dict[str, str] = {}
    for match in matches:
        name, number, slug = match.group(), int(match["number"]), match["slug"]
        if number in numbers:
            log.at(name).add("lesson_number_twice", number=match["number"], other=numbers[number])
        elif number != len(numbers) + 1:
            log.at(name).add("lesson_gap", expected=f"{len(numbers) + 1:02}")
        if slug in slugs:
            log.at(name).add("lesson_slug_twice", slug=slug, other=slugs[slug])
        numbers.setdefault(number, name)
        slugs.setdefault(slug, name)
