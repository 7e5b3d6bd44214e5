"""Courses and quizzes."""

from __future__ import annotations

from tests.whole.line import DEVICE, OWN, Line

COURSE = {"course_id": "course"}
LESSON = {"course_id": "course", "position": 1}
MINE = {"attempt_id": "attempt"}
ESSAY = {"attempt_id": "essay"}
PAPER = {"paper_id": "attempt_paper"}

LINES = (
    # courses: this one belongs to 和平街道
    Line("courses.index", "303 200 200 200 200 200"),
    Line("courses.show", "303 200 200 200 200 404", COURSE),
    Line("courses.overview", "303 403 200 200 200 404", COURSE),
    Line("courses.feedback", "303 403 200 200 200 404", COURSE),
    Line(
        "courses.reply", "303 403 303 303 303 404", {"course_id": "course", "lesson_id": "lesson"}, {"text": "已修改。"}
    ),
    Line(
        "courses.give_feedback",
        "303 303 422 422 422 404",
        {"course_id": "course", "position": 2},
        {"opinion": "unclear", "sentence": "第二步没看懂"},
    ),
    Line("courses.lesson", "303 200 200 200 200 404", LESSON),
    Line("courses.document", "303 200 200 200 200 404", {"course_id": "course", "name": "form.md"}),
    Line("courses.file", "303 200 200 200 200 404", {"course_id": "course", "name": "flow.svg"}),
    Line("courses.along", "303 200 200 200 200 404", COURSE),
    Line("courses.transcript", "303 404 404 404 404 404", LESSON),
    Line("courses.watch", "303 404 404 404 404 404", LESSON, quiet=OWN),
    Line("courses.enroll", "303 303 303 303 303 404", COURSE),
    Line("courses.finish", "303 303 422 422 422 404", {"course_id": "course", "position": 2}, quiet=OWN),
    Line("courses.checkpoint", "303 422 422 422 422 404", LESSON),
    Line("courses.quiz", "303 422 422 422 422 404", COURSE),
    Line("courses.move", "303 303 422 422 422 404", COURSE, quiet="nothing newer to move to"),
    # quizzes: an attempt is one person's alone
    Line("quizzes.attempt", "303 200 404 404 404 404", MINE),
    Line("quizzes.confirm", "303 200 404 404 404 404", MINE),
    Line("quizzes.result", "303 200 404 404 404 404", ESSAY),
    Line(
        "quizzes.answer",
        "303 303 404 404 404 404",
        {"attempt_id": "attempt", "position": 1},
        {"sequence": "1", "based_on": "0", "device": DEVICE},
        quiet=OWN,
    ),
    Line("quizzes.answers", "303 303 404 404 404 404", MINE, {"based_on.1": "0", "device": DEVICE}, quiet=OWN),
    Line("quizzes.submit", "303 303 404 404 404 404", MINE, {"token": "a-token-of-a-page"}),
    Line("quizzes.essays", "303 403 200 403 403 403"),
    Line("quizzes.marking", "303 403 200 403 403 403", ESSAY),
    Line("quizzes.mark", "303 403 303 403 403 403", {"attempt_id": "essay", "position": 1}, {"percent": "80"}),
    Line("quizzes.correct", "303 403 200/422 404 200/422 404", {"paper_id": "attempt_paper", "position": 1}),
    Line("quizzes.items", "303 403 200 404 200 404", PAPER),
)
