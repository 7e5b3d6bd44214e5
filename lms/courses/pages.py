"""What the two pages of a learner show: gathered here, because a GET and a refused POST show the same."""

from typing import Any

from flask import url_for

from lms.core import clock
from lms.core.db import JsonDict
from lms.core.errors import Denied
from lms.core.web import Actor
from lms.courses import access, feedback, progress, queries
from lms.courses.access import Study
from lms.courses.models import Lesson, Opinion
from lms.courses.steps import neighbors, next_step
from lms.quizzes import checkpoints
from lms.quizzes import queries as quizzes
from lms.quizzes.models import Paper


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
    """One lesson: its text, its documents, its checkpoint before or after the answer, and the way on."""
    lessons = queries.list_lessons(study, actor.person_id)
    before, after = neighbors(lessons, lesson.position)
    row = next(row for row in lessons if row.id == lesson.id)
    return {
        "study": study,
        "revision": study.revision,
        "lesson": lesson,
        "row": row,
        "lessons": lessons,
        "before": before,
        "after": after,
        "left": sum(other.finished_at is None for other in lessons),
        "documents": queries.list_documents(lesson),
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


def address_after(study: Study, position: int) -> str:
    """Where finishing a lesson leads: the next lesson, or after the last the course page with its next step."""
    course_id = study.course.id
    if position < study.revision.lesson_count:
        return url_for("courses.lesson", course_id=course_id, position=position + 1)
    return url_for("courses.show", course_id=course_id, _anchor="next")


def way_back(paper: Paper) -> tuple[str, str]:
    """From a quiz to its course: the title and the address. Registered with `quizzes.homes` in app.py."""
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
