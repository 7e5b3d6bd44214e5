"""Feedback on lessons (课时反馈) as pages show it: counts and sentences without names, and one's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select

from lms.core import db
from lms.courses.models import Lesson, LessonFeedback, LessonReply, Opinion

MOST_SENTENCES = 300
"""The newest sentences of a revision that are shown."""


@dataclass
class LessonSaid:
    """A lesson with what was said of it."""

    id: int
    position: int
    title: str
    counts: Counter[Opinion] = field(default_factory=Counter)
    sentences: list[tuple[Opinion, str]] = field(default_factory=list)
    replies: list[LessonReply] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many said something."""
        return self.counts.total()


def find_own(lesson_id: int, person_id: int | None) -> LessonFeedback | None:
    """What a person said of a lesson."""
    own = (LessonFeedback.lesson_id == lesson_id, LessonFeedback.person_id == person_id)
    return db.session().scalars(select(LessonFeedback).where(*own)).one_or_none()


def list_replies(lesson_id: int) -> Sequence[LessonReply]:
    """What was answered, in order."""
    return db.session().scalars(_replies().where(Lesson.id == lesson_id)).all()


def list_said(revision_id: int) -> Sequence[LessonSaid]:
    """Every lesson of a revision with what was said of it; no time and no name, for either could tell who it was."""
    session = db.session()
    titles = select(Lesson.id, Lesson.position, Lesson.title).where(Lesson.revision_id == revision_id)
    lessons = {row.id: LessonSaid(*row) for row in session.execute(titles.order_by(Lesson.position))}
    counted = (
        select(LessonFeedback.lesson_id, LessonFeedback.opinion, func.count())
        .where(LessonFeedback.lesson_id.in_(lessons))
        .group_by(LessonFeedback.lesson_id, LessonFeedback.opinion)
    )
    for lesson_id, opinion, count in session.execute(counted):
        lessons[lesson_id].counts[opinion] = count
    for lesson_id, sentences in _sentences(list(lessons)).items():
        lessons[lesson_id].sentences = sentences
    for reply in session.scalars(_replies().where(Lesson.revision_id == revision_id)):
        lessons[reply.lesson_id].replies.append(reply)
    return list(lessons.values())


def _sentences(lesson_ids: list[int]) -> dict[int, list[tuple[Opinion, str]]]:
    """The newest sentences, put in the order of their words: even the order does not say who came last."""
    statement = (
        select(LessonFeedback.lesson_id, LessonFeedback.opinion, LessonFeedback.sentence)
        .where(LessonFeedback.lesson_id.in_(lesson_ids), LessonFeedback.sentence != "")
        .order_by(LessonFeedback.given_at.desc(), LessonFeedback.id.desc())
        .limit(MOST_SENTENCES)
    )
    found: dict[int, list[tuple[Opinion, str]]] = defaultdict(list)
    rows = db.session().execute(statement).all()
    for row in sorted(rows, key=lambda row: (row.opinion, row.sentence)):
        found[row.lesson_id].append((row.opinion, row.sentence))
    return found


def _replies() -> Select[LessonReply]:
    return select(LessonReply).join(Lesson, Lesson.id == LessonReply.lesson_id).order_by(LessonReply.id)
