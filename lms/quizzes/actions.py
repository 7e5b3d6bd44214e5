"""What is done with questions, papers and attempts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.quizzes import access, answers, deadlines, grading, publishing, queries
from lms.quizzes.access import Item, Sitting
from lms.quizzes.answers import Save, Saved
from lms.quizzes.chance import new_seed
from lms.quizzes.events import attempt_graded
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.models import Attempt, AttemptQuestion, EssayMark, Paper, PaperQuestion, QuestionVersion
from lms.quizzes.papers import Draw, draw_questions, shortages
from lms.quizzes.questions import Question

__all__ = ["Draw", "mark_essay", "publish_paper", "publish_question", "save_answer", "save_answers", "start", "submit"]


def publish_question(question: Question, *, actor: Actor, now: datetime) -> QuestionVersion:
    """Return the stored version of a question; the same content is stored once.

    :raise BadInput: a text that cannot be rendered within limits.
    """
    [version_id] = publishing.store([question], actor=actor, now=now)
    return db.session().get_one(QuestionVersion, version_id)


def publish_paper(
    *,
    title: str,
    owner: tuple[str, str],
    questions: Sequence[Question],
    draws: Sequence[Draw],
    pass_percent: int,
    time_limit_minutes: int | None,
    attempts_allowed: int | None,
    wait_hours: int,
    actor: Actor,
    now: datetime,
    unit_id: int | None = None,
) -> Paper:
    """Publish a paper; descriptions among the questions are left out, for nobody can answer them.

    :param owner: kind and reference of what it belongs to; ``homes`` knows the page of that kind.
    :param draws: how many of which category; none: every question.
    :param unit_id: whose trainers mark the essays; None: the trainers of the learner's own units.
    :raise Refused: it draws more than it has, or a rule makes no sense.
    :raise BadInput: a text that cannot be rendered within limits.
    """
    pool = [question for question in questions if kind_of(question.kind).counts]
    _check_rules(pool, draws, pass_percent, time_limit_minutes, attempts_allowed, wait_hours)
    paper = Paper(
        title=title,
        owner_kind=owner[0],
        owner_ref=owner[1],
        unit_id=unit_id,
        draws=[[draw.category, draw.count] for draw in draws],
        pass_percent=pass_percent,
        time_limit_minutes=time_limit_minutes,
        attempts_allowed=attempts_allowed,
        wait_hours=wait_hours,
        created_at=now,
        created_by_id=actor.person_id,
    )
    db.session().add(paper)
    db.session().flush()  # its id, for the pool below
    versions = publishing.store(pool, actor=actor, now=now)
    db.session().add_all(
        PaperQuestion(paper_id=paper.id, position=position, version_id=version_id, category=question.category)
        for position, (version_id, question) in enumerate(zip(versions, pool, strict=True), 1)
    )
    detail = {"title": title, "owner": list(owner), "questions": len(pool)}
    audit.record("quizzes.publish_paper", actor=actor, now=now, on=("paper", paper.id), unit_id=unit_id, detail=detail)
    return paper


def _check_rules(
    pool: Sequence[Question],
    draws: Sequence[Draw],
    pass_percent: int,
    time_limit_minutes: int | None,
    attempts_allowed: int | None,
    wait_hours: int,
) -> None:
    if not pool:
        raise Refused(_l("试卷里没有可以作答的题目。"))
    for short in shortages(draws, (question.category for question in pool)):
        raise Refused(
            _l(
                "分类“%(category)s”要抽 %(wanted)s 题，题库里只有 %(held)s 题。",
                category=short.category,
                wanted=short.wanted,
                held=short.held,
            )
        )
    if not 1 <= pass_percent <= 100:
        raise Refused(_l("及格线应是 1 到 100 之间的百分数。"))
    if time_limit_minutes is not None and not 1 <= time_limit_minutes <= 24 * 60:
        raise Refused(_l("时间限制应在 1 到 1440 分钟之间。"))
    if attempts_allowed is not None and not 1 <= attempts_allowed <= 1000:
        raise Refused(_l("作答次数应在 1 到 1000 次之间。"))
    if not 0 <= wait_hours <= 24 * 365:
        raise Refused(_l("重考间隔应在 0 到 8760 小时之间。"))


def start(paper: Paper, *, actor: Actor, now: datetime) -> Attempt:
    """Begin an attempt, or return the one that is open; whoever may see the paper's owner may start it.

    An open attempt whose time is up is submitted first with what was saved.

    :raise Refused: no attempts are left, or the waiting time is not over.
    """
    for _chance in range(3):
        attempt = queries.find_latest_attempt(paper.id, actor)
        if attempt is not None and attempt.submitted_at is None:
            if deadlines.is_open(attempt, now):
                return attempt
            sitting = access.get_sitting(actor, attempt.id, lock=True)
            submit(sitting, token=None, actor=actor, now=now)
        if attempt is not None:
            _check_retake(paper, attempt, now)
        begun = _begin(paper, attempt.number + 1 if attempt else 1, actor=actor, now=now)
        if begun is not None:
            return begun
    raise Refused(_l("刚才同时打开了好几次，请稍后再试一次。"))


def _check_retake(paper: Paper, latest: Attempt, now: datetime) -> None:
    if paper.attempts_allowed is not None and latest.number >= paper.attempts_allowed:
        raise Refused(_l("这份试卷最多作答 %(count)s 次，次数已用完。", count=paper.attempts_allowed))
    wait = timedelta(hours=paper.wait_hours)
    if wait and latest.submitted_at is not None and now < latest.submitted_at + wait:
        raise Refused(_l("距上次交卷未满 %(count)s 小时，请稍后再来。", count=paper.wait_hours))


def _begin(paper: Paper, number: int, *, actor: Actor, now: datetime) -> Attempt | None:
    """Write a new attempt; None where another request began one at the same moment."""
    limit = paper.time_limit_minutes
    attempt = Attempt(
        paper_id=paper.id,
        person_id=actor.person_id,
        unit_id=actor.unit_id,
        number=number,
        seed=new_seed(),
        started_at=now,
        deadline_at=now + timedelta(minutes=limit) if limit else None,
    )
    try:
        with db.session().begin_nested():
            db.session().add(attempt)
    except IntegrityError:
        return None
    draws = [Draw(category, count) for category, count in paper.draws]
    drawn = draw_questions(draws, queries.list_pool(paper.id), attempt.seed)
    db.session().add_all(
        AttemptQuestion(attempt_id=attempt.id, position=position, version_id=version_id)
        for position, version_id in enumerate(drawn, 1)
    )
    detail = {"paper": paper.id, "number": number}
    audit.record(
        "quizzes.start", actor=actor, now=now, on=("attempt", attempt.id), person_id=actor.person_id, detail=detail
    )
    return attempt


def save_answer(sitting: Sitting, item: Item, save: Save, *, actor: Actor, now: datetime) -> Saved:
    """Keep one answer; the row itself is the record, and no audit row is written.

    :raise Refused: the attempt is closed.
    """
    _require_open(sitting.attempt, now)
    return answers.keep(sitting.attempt, item, save, now)


def save_answers(sitting: Sitting, saves: Sequence[tuple[Item, Save]], *, actor: Actor, now: datetime) -> list[int]:
    """Keep what a whole page holds; return the numbers of questions that were answered since, here or elsewhere.

    A page without a script does not count what it sends: one that arrives late, or was found again in the browser's
    history, is known by the stored answer that it is based on.

    :raise Refused: the attempt is closed.
    """
    _require_open(sitting.attempt, now)
    refused = []
    for item, save in saves:
        if save.response == item.response or (save.response is None and save.based_on < item.sequence):
            continue  # as it is stored, or never answered on this page
        if save.based_on < item.sequence or answers.keep(sitting.attempt, item, save, now).state == "conflict":
            refused.append(item.position)
    return refused


def _require_open(attempt: Attempt, now: datetime) -> None:
    if attempt.submitted_at is not None:
        raise Refused(_l("已经交卷，答案不能再改。"))
    if not deadlines.is_open(attempt, now):
        raise Refused(_l("作答时间已到，之前保存的答案会自动交卷。"))


def submit(sitting: Sitting, *, token: str | None, actor: Actor, now: datetime) -> Attempt:
    """Submit an attempt, once: asked again (or at the same moment) it returns what stands.

    :param sitting: loaded with a lock.
    :param token: names the page that asks; None where the clock does. After the deadline the attempt counts as
        submitted at the deadline, with the answers saved by then.
    """
    attempt = sitting.attempt
    if attempt.submitted_at is not None:
        return attempt
    late = deadlines.is_over(attempt, now)
    # A clock that was set back in between must not make an attempt end before it began.
    attempt.submitted_at = attempt.deadline_at if late else max(now, attempt.started_at)
    attempt.submit_token = None if late else token
    audit.record(
        "quizzes.submit", actor=actor, now=now, on=("attempt", attempt.id), person_id=attempt.person_id,
        unit_id=attempt.unit_id, detail={"paper": attempt.paper_id, "at_deadline": late},
    )  # fmt: skip
    _grade(sitting, actor=actor, now=now)
    return attempt


def _grade(sitting: Sitting, *, actor: Actor, now: datetime) -> None:
    """Give the attempt its score and announce it, unless an essay still waits."""
    answered = ((item.position, item.question, item.response) for item in sitting.items)
    marks = {position: mark.percent for position, mark in queries.marks_of(sitting).items()}
    score = grading.score(answered, marks, sitting.paper.pass_percent)
    if score is None:
        return
    attempt = sitting.attempt
    attempt.percent, attempt.passed, attempt.graded_at = score.percent, score.passed, now
    db.session().flush()  # receivers of the event query the attempt
    attempt_graded.send(None, attempt=attempt, actor=actor, now=now)


def mark_essay(sitting: Sitting, item: Item, *, percent: int, comment: str, actor: Actor, now: datetime) -> EssayMark:
    """Give an essay its mark; with the last one the attempt is graded.

    :param sitting: loaded for marking, with a lock.
    :param percent: 0 to 100.
    :raise Refused: the question is no answered essay, or the attempt's score is final.
    """
    if not kind_of(item.kind).by_hand or item.response is None:
        raise Refused(_l("这道题不需要评分。"))
    if sitting.attempt.graded_at is not None:
        raise Refused(_l("这份答卷已经评完，成绩不能再改。"))
    if not 0 <= percent <= 100:
        raise Refused(_l("得分应在 0 到 100 之间。"), "percent")
    mark = EssayMark(
        attempt_id=sitting.attempt.id,
        position=item.position,
        percent=percent,
        comment=comment,
        marked_by_id=actor.person_id,
        marked_at=now,
    )
    db.session().add(mark)
    db.session().flush()  # the mark takes part in the score below
    audit.record(
        "quizzes.mark_essay", actor=actor, now=now, on=("attempt", sitting.attempt.id),
        person_id=sitting.attempt.person_id, unit_id=sitting.attempt.unit_id,
        detail={"position": item.position, "percent": percent},
    )  # fmt: skip
    _grade(sitting, actor=actor, now=now)
    return mark
