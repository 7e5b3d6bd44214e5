"""What the two pages of a learner show: gathered here, because a GET and a refused POST show the same."""

import json
import re
from typing import Any

from flask import Response, url_for

from lms.core import clock, files
from lms.core.db import JsonDict
from lms.core.errors import Denied
from lms.core.files import StoredFile
from lms.core.web import Actor, allow_media_by_script
from lms.courses import access, captions, feedback, limits, media, parts, progress, queries, tickets, watched
from lms.courses.access import Study
from lms.courses.models import Lesson, Opinion
from lms.courses.steps import neighbors, next_step
from lms.courses.watched import Standing
from lms.quizzes import checkpoints
from lms.quizzes import queries as quizzes
from lms.quizzes.models import Paper

#: What a page weighs beside its text.
FRAME_BYTES = 12 * limits.KB

#: Runs over whole attributes, so that text that merely looks like an address stays as it is.
_OWN_FILE = re.compile(r'(?P<before><(?:img|a)(?:\s+[\w-]+="[^"]*")*?\s+(?:src|href)=")\.\./(?=(?:files|documents)/)')


def course_page(study: Study, actor: Actor) -> dict[str, Any]:
    """What a course is about, its lessons with their state, the quiz, and the next step."""
    lessons = queries.list_lessons(study, actor.person_id)
    finish = queries.find_course_finish(study.course.id, actor.person_id, clock.today().year)
    step = next_step(study, lessons, finished=finish is not None)
    return {
        "study": study,
        "revision": study.revision,
        "lessons": lessons,
        "done": sum(lesson.finished_at is not None for lesson in lessons),
        "finish": finish,
        "step": step,
        "quiz": quizzes.standing(study.revision.paper_id, actor.person_id),
        "runs": access.may_run(actor, study),
    }


def overview_page(study: Study, number: int) -> dict[str, Any]:
    """How one revision of a course does: how many began, where they stand, how many finished.

    :raise Denied: the course has no such revision.
    """
    revisions = progress.list_revisions(study.course)
    revision = next((row for row in revisions if row.number == number), None)
    if revision is None:
        raise Denied()
    return {"revisions": revisions, "revision": revision, "lessons": progress.list_stops(revision)}


def lesson_page(study: Study, lesson: Lesson, actor: Actor) -> dict[str, Any]:
    """One lesson: its text, its video, its documents, its checkpoint before or after the answer, and the way on."""
    lessons = queries.list_lessons(study, actor.person_id)
    before, after = neighbors(lessons, lesson.position)
    row = next(row for row in lessons if row.id == lesson.id)
    return {
        "study": study,
        "revision": study.revision,
        "lesson": lesson,
        "pieces": parts.pieces(lesson, _rooted(lesson.html, study), actor),
        "row": row,
        "lessons": lessons,
        "before": before,
        "after": after,
        "left": sum(other.finished_at is None for other in lessons),
        "documents": queries.list_documents(lesson),
        **_video(study, lesson, actor),
        **_checkpoint(lesson, actor, row.answer),
        **_feedback(lesson, actor, finished=row.finished_at is not None),
    }


def feedback_page(study: Study, number: int) -> dict[str, Any]:
    """What learners said of the lessons of a revision, and what was answered.

    :raise Denied: the course has no such revision.
    """
    revisions = progress.list_revisions(study.course)
    revision = next((row for row in revisions if row.number == number), None)
    if revision is None:
        raise Denied()
    return {
        "revisions": revisions,
        "revision": revision,
        "lessons": feedback.list_said(revision.id),
        "opinions": list(Opinion),
    }


def _video(study: Study, lesson: Lesson, actor: Actor) -> dict[str, Any]:
    """What the player needs, and the transcript; nothing where the lesson has no video."""
    if not lesson.video:
        return {"video": None, "transcript": None}
    row = watched.find(lesson, actor.person_id)
    streams = lesson.video["name"].endswith(media.PLAYLIST.extensions)
    if streams:
        allow_media_by_script()
    name = lesson.video["transcript"]
    found = queries.find_page(lesson.revision_id, name) if name else None
    return {
        "video": lesson.video,
        "streams": streams,
        "is_watched": watched.is_watched(lesson, actor.person_id),
        "resume_at": row.position if row else 0,
        "spans": json.dumps(row.spans if row else [], separators=(",", ":")),
        "watch_token": _token(tickets.WATCH, study, lesson),
        "transcript": _rooted(found, study) if found else None,
    }


def _rooted(html: str, study: Study) -> str:
    """The text for a page at any depth: its pictures and documents are stored relative to the lesson's own page."""
    course = url_for("courses.show", course_id=study.course.id)
    return _OWN_FILE.sub(rf"\g<before>{course}/", html)


def reading_token(study: Study, lesson: Lesson) -> str:
    """For the page of the transcript: from now on it is being read."""
    return _token(tickets.READ, study, lesson)


def _token(purpose: str, study: Study, lesson: Lesson) -> str:
    """Empty before the course is begun: nothing is kept then."""
    begun = study.enrollment
    return tickets.issue(purpose, lesson, begun.person_id, clock.now()) if begun else ""


def standing_json(standing: Standing) -> dict[str, Any]:
    """What the player is told: which parts stand, so that it can report the others again."""
    return {
        "state": standing.state,
        "sequence": standing.sequence,
        "spans": [list(span) for span in standing.watched],
        "done": standing.is_watched,
    }


def along_json(study: Study) -> dict[str, Any]:
    """The addresses of a course's pages and files, for reading without a signal."""
    course_id, number = study.course.id, study.revision.number
    rows = queries.list_pages(study.revision.id)
    positions = [row.position for row in rows]
    addresses = [url_for("courses.lesson", course_id=course_id, position=position) for position in positions]
    videos = [row.position for row in rows if row.video and row.video["transcript"]]
    addresses += [url_for("courses.transcript", course_id=course_id, position=position) for position in videos]
    files_of = [(found.path.removeprefix("media/"), found) for found in queries.list_media(study.revision.id)]
    readable = [(name, found) for name, found in files_of if found.html is not None]
    handed = [(name, found) for name, found in files_of if found.html is None]
    size = sum(found.file.size for _name, found in files_of) + sum(row.size for row in rows)
    addresses += [
        url_for("courses.document", course_id=course_id, name=name, revision=number) for name, _found in readable
    ]
    return {
        "pages": [url_for("courses.show", course_id=course_id), *addresses],
        "files": [url_for("courses.file", course_id=course_id, name=name, revision=number) for name, _found in handed],
        "size": limits.shown(size + FRAME_BYTES * (len(addresses) + 1)),
    }


def playlist_of(stored: StoredFile, answer: Response, number: int) -> Response:
    """A playlist whose segments are those of the same revision; the headers of the file as it is stored."""
    text = captions.with_query(files.read(stored).decode(), f"revision={number}")
    made = Response(text)
    answer.close()  # it holds the file open
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy"):
        made.headers[name] = answer.headers[name]
    return made


def address_after(study: Study, position: int) -> str:
    """Where finishing a lesson leads: the next lesson, or after the last the course page with its next step."""
    course_id = study.course.id
    if position < study.revision.lesson_count:
        return url_for("courses.lesson", course_id=course_id, position=position + 1)
    return url_for("courses.show", course_id=course_id, _anchor="next")


def way_back(paper: Paper) -> tuple[str, str]:
    """From a quiz to its course: the title and the address. Registered with `quizzes.homes` in `setup`."""
    revision = queries.find_revision_of_paper(paper.id)
    return (
        (revision.title, url_for("courses.show", course_id=revision.course_id))
        if revision
        else (paper.title, url_for("courses.index"))
    )


def _feedback(lesson: Lesson, actor: Actor, *, finished: bool) -> dict[str, Any]:
    """What the reader said of this lesson, and what was answered to it: answers are for those who said something."""
    said = feedback.find_own(lesson.id, actor.person_id) if finished else None
    return {"said": said, "replies": feedback.list_replies(lesson.id) if said else [], "opinions": list(Opinion)}


def _checkpoint(lesson: Lesson, actor: Actor, answer: JsonDict | None) -> dict[str, Any]:
    """The question as a browser may see it; its explanation only once the answer stands."""
    version = lesson.checkpoint
    if version is None:
        return {"question": None, "outcome": None}
    seed = lesson.seed_for(actor.person_id)
    outcome = checkpoints.outcome_of(version, answer) if answer else None
    return {"question": checkpoints.view_of(version, seed), "outcome": outcome}
