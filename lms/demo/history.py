"""A little history: colleagues who have finished a course, each by the verbs that a learner uses.

Nothing is written past the rules: lessons are finished by their videos and checkpoints, the quiz is answered and
handed in, and the hours follow from its event. So the demonstration's ledger stands every check that a real one stands.
"""

from datetime import datetime, timedelta

from lms.core import db
from lms.core.web import Actor
from lms.courses import access as courses
from lms.courses import actions as learning
from lms.courses import tickets, watched
from lms.courses.models import Lesson
from lms.courses.queries import list_lessons
from lms.people.models import Person
from lms.quizzes import access as quizzes
from lms.quizzes import actions as taking
from lms.quizzes import checkpoints
from lms.quizzes.answers import Save
from lms.quizzes.kinds.base import Response
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.numerical import Numerical
from lms.quizzes.kinds.short_answer import ShortAnswer
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.kinds.true_false import TrueFalse
from lms.quizzes.questions import FULL, Question
from lms.units.models import Unit

QUIZ_TAKES = timedelta(minutes=12)


def finish(person: Person, unit: Unit, course_id: int, *, now: datetime) -> None:
    """Let `person` study a course and pass its quiz at `now`; whoever has begun it is left alone."""
    actor = Actor(person.id, None, person.name, unit.id, unit.path, unit.name, homes=(unit.path,))
    study = courses.get_study(actor, course_id)
    if study.enrollment is not None:
        return
    learning.enroll(study, actor=actor, now=now)
    study = courses.get_study(actor, course_id)
    for row in list_lessons(study, person.id):
        lesson = courses.get_lesson(study, row.position)
        _finish_lesson(study, lesson, actor, now)
    attempt = learning.start_quiz(study, actor=actor, now=now)
    sitting = quizzes.get_sitting(actor, attempt.id, lock=True)
    for item in sitting.items:
        save = Save(right_response(item.question), sequence=1, based_on=0, device="demo")
        taking.save_answer(sitting, item, save, actor=actor, now=now)
    db.session().flush()
    sitting = quizzes.get_sitting(actor, attempt.id, lock=True)
    taking.submit(sitting, token=None, actor=actor, now=now + QUIZ_TAKES)


def _finish_lesson(study: courses.Study, lesson: Lesson, actor: Actor, now: datetime) -> None:
    """Watch the video, if there is one; answer the checkpoint with its first option, or mark the lesson read."""
    if lesson.video:
        _watch(study, lesson, actor, now)
    if lesson.checkpoint is None:
        learning.finish_lesson(study, lesson, actor=actor, now=now)
        return
    question = checkpoints.view_of(lesson.checkpoint, lesson.seed_for(actor.person_id))
    first = [question.input.options[0].name]
    fields = {f"{question.field}.{row.name}": first for row in question.input.rows} or {question.field: first}
    learning.answer_checkpoint(study, lesson, fields, actor=actor, now=now)


def _watch(study: courses.Study, lesson: Lesson, actor: Actor, now: datetime) -> None:
    """Play the whole video, so that it ends now, and report it once."""
    assert actor.person_id is not None
    length = watched.length_of(lesson)
    token = tickets.issue(tickets.WATCH, lesson, actor.person_id, now - timedelta(milliseconds=length))
    report = watched.Report(token, sequence=1, claimed=((0, length),), position=length)
    learning.report_watching(study, lesson, report, actor=actor, now=now)


def right_response(question: Question) -> Response:
    """What somebody who knows the material answers, as the module stores it.

    :raise TypeError: a kind that a starter course's paper does not draw.
    """
    body = question.body
    if isinstance(body, SingleChoice):
        return {"chosen": [i for i, option in enumerate(body.options) if option.weight == FULL][:1]}
    if isinstance(body, MultipleChoice):
        return {"chosen": [i for i, option in enumerate(body.options) if option.weight > 0]}
    if isinstance(body, TrueFalse):
        return {"truth": body.answer}
    if isinstance(body, Numerical):
        return {"number": str(body.answers[0].low)}
    if isinstance(body, ShortAnswer):
        return {"text": body.answers[0].text}
    if isinstance(body, Matching):
        return {"pairs": {str(i): body.choices.index(pair.right) for i, pair in enumerate(body.pairs)}}
    raise TypeError(question.kind)
