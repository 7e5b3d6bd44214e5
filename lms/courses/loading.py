"""From a course folder, found sound, to the rows of a revision; and back to the same bytes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from lms.core import db, files, markdown
from lms.core.errors import BadInput, Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses import parts, queries
from lms.courses.faults import Fault
from lms.courses.folder import CourseSource
from lms.courses.lesson_text import LessonSource
from lms.courses.media import MediaKind, MediaSource
from lms.courses.models import Course, CourseFile, CourseRevision, Lesson
from lms.courses.prose import retarget
from lms.courses.text import decode_sound
from lms.quizzes import actions as quizzes
from lms.quizzes.models import Paper

#: The types of the originals, which are never handed out to learners.
ORIGINAL = "text/plain"


def rendering_faults(source: CourseSource, shown_as: str = "") -> list[Fault]:
    """The lessons and documents that cannot become a page, by trying; for `courses check`."""
    texts = {lesson.path: lesson.text for lesson in source.lessons}
    texts |= {f"media/{media.name}": decode_sound(media.data) for media in _readable(source)}
    try:
        markdown.render_all(list(texts.values()))
    except BadInput:
        return [fault for path, text in texts.items() if (fault := _rendering_fault(path, text, shown_as))]
    return []


def _rendering_fault(path: str, text: str, shown_as: str) -> Fault | None:
    try:
        markdown.render(text)
    except BadInput as error:
        return Fault(f"{shown_as}/{path}" if shown_as else path, None, "unrenderable", {"reason": error.message})
    return None


def build_revision(course: Course, source: CourseSource, *, actor: Actor, now: datetime) -> CourseRevision:
    """Write the next revision of `course`: its lessons, its paper, its files.

    :raise Refused: a lesson's text is too involved to be rendered.
    """
    facts = source.facts
    revision = CourseRevision(
        course_id=course.id,
        number=course.latest + 1,
        title=facts.title,
        summary=facts.summary,
        audience=facts.audience,
        authors=list(facts.authors),
        hours=facts.hours,
        training_type=facts.training_type,
        abilities=[ability.value for ability in facts.abilities],
        lesson_count=len(source.lessons),
        digest=source.digest,
        loaded_at=now,
        loaded_by_id=actor.person_id,
    )
    course.latest = revision.number
    db.session().add(revision)
    db.session().flush()  # the paper, the lessons and the files point at it
    revision.paper_id = _publish_paper(revision, source, course.organizer_id, actor=actor, now=now)
    texts = _render(source, revision.number)
    for lesson in source.lessons:
        _add_lesson(revision, lesson, source, texts[lesson.path], actor=actor, now=now)
    _add_files(revision, source, texts, now=now)
    db.session().flush()
    return revision


def _publish_paper(
    revision: CourseRevision, source: CourseSource, organizer_id: int | None, *, actor: Actor, now: datetime
) -> int:
    rules = source.quiz.rules
    paper: Paper = quizzes.publish_paper(
        title=revision.title,
        owner=("course_revision", str(revision.id)),
        questions=source.quiz.questions,
        draws=[quizzes.Draw(draw.category, draw.count) for draw in rules.draws],
        pass_percent=rules.pass_percent,
        time_limit_minutes=rules.time_limit_minutes,
        attempts_allowed=rules.attempts_allowed,
        wait_hours=rules.wait_hours,
        unit_id=organizer_id,
        actor=actor,
        now=now,
    )
    return paper.id


def _render(source: CourseSource, number: int) -> dict[str, str]:
    """The HTML of each lesson and readable document by path, its addresses pointing at this revision's files.

    :raise Refused: one of them cannot be rendered.
    """
    texts = {lesson.path: lesson.text for lesson in source.lessons}
    texts |= {f"media/{media.name}": decode_sound(media.data) for media in _readable(source)}
    try:
        pages = markdown.render_all(list(texts.values()))
    except BadInput as error:
        raise Refused(_l("课文无法生成网页：%(reason)s", reason=error.message)) from error
    targets = {name: _address(media, number) for name, media in source.media.items()}
    return {path: retarget(html, targets.get) for path, html in zip(texts, pages, strict=True)}


def _address(media: MediaSource, number: int) -> str:
    """Relative to a lesson's page, so that the site may live below any prefix."""
    folder = "documents" if media.type.kind is MediaKind.TEXT else "files"
    return f"../{folder}/{quote(media.name)}?revision={number}"


def _readable(source: CourseSource) -> Sequence[MediaSource]:
    return [media for media in source.media.values() if media.type.kind is MediaKind.TEXT]


def _add_lesson(
    revision: CourseRevision, lesson: LessonSource, source: CourseSource, html: str, *, actor: Actor, now: datetime
) -> None:
    checkpoint = lesson.checkpoint and quizzes.publish_question(lesson.checkpoint.question, actor=actor, now=now)
    transcript = lesson.video.transcript if lesson.video else None
    handed_out = (MediaKind.DOCUMENT, MediaKind.TEXT)
    documents = [n for n in lesson.media if source.media[n].type.kind in handed_out and n != transcript]
    row = Lesson(
        revision_id=revision.id,
        position=lesson.position,
        slug=lesson.slug,
        title=lesson.title,
        html=html,
        digest=hashlib.sha256(source.files[lesson.path]).hexdigest(),
        documents=documents,
        checkpoint_id=checkpoint.id if checkpoint else None,
        video=asdict(lesson.video) if lesson.video else None,
        parts=[part.kept() for part in lesson.parts],
    )
    db.session().add(row)
    if lesson.parts:
        db.session().flush()  # they point at it
        parts.keep(row, lesson.parts, actor=actor, now=now)


def _add_files(revision: CourseRevision, source: CourseSource, texts: Mapping[str, str], *, now: datetime) -> None:
    for path, data in source.files.items():
        media = source.media.get(path.removeprefix("media/")) if path.startswith("media/") else None
        stored = files.store(data, Path(path).name, now=now)
        db.session().add(
            CourseFile(
                revision_id=revision.id,
                path=path,
                file_id=stored.id,
                mime=media.type.mime if media else ORIGINAL,
                html=texts.get(path) if media else None,
            )
        )


def write_folder(revision: CourseRevision, target: Path) -> int:
    """Write the files of a revision into `target`, as they came; answers how many.

    :raise Refused: `target` is there and not an empty folder.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(_l("“%(path)s”不是空文件夹，没有写入任何文件。", path=str(target)))
    originals = queries.list_files(revision)
    for original in originals:
        path = target / original.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files.read(original.file))
    return len(originals)
