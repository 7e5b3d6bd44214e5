"""What to do next in a course: one step, so that a page can say it first. Pure: it reads no table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.courses.access import Study
from lms.courses.queries import LessonRow


class Next(StrEnum):
    """The kinds of step, in the order in which a learner meets them."""

    BEGIN = "begin"
    LESSON = "lesson"
    QUIZ = "quiz"
    DONE = "done"


@dataclass(frozen=True)
class Step:
    """The next step, and the lesson that it is about, if it is about one."""

    kind: Next
    lesson: LessonRow | None = None


def next_step(study: Study, lessons: Sequence[LessonRow], *, finished: bool) -> Step:
    """The first thing still to do.

    :param finished: whether the course stands as finished this year.
    """
    if finished:
        return Step(Next.DONE)
    left = next((lesson for lesson in lessons if lesson.finished_at is None), None)
    if study.enrollment is None:
        return Step(Next.BEGIN, lessons[0] if lessons else None)
    return Step(Next.LESSON, left) if left else Step(Next.QUIZ)


def neighbors(lessons: Sequence[LessonRow], position: int) -> tuple[LessonRow | None, LessonRow | None]:
    """The lessons before and after `position`."""
    before = [lesson for lesson in lessons if lesson.position < position]
    after = [lesson for lesson in lessons if lesson.position > position]
    return (before[-1] if before else None, after[0] if after else None)
