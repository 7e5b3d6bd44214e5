"""Send, answer, close: each with its row in the audit trail, and a notice to whom it concerns."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.feedback import kinds, limits, queries
from lms.feedback.models import Feedback, FeedbackKind, FeedbackReply, Outcome
from lms.notices.actions import Link, tell

SOURCE = "feedback"


def send(
    *,
    kind: FeedbackKind,
    text: str,
    page: str,
    contact: str,
    address: str,
    actor: Actor,
    now: datetime,
) -> Feedback:
    """Keep what somebody has to say, and tell those who answer it.

    :param actor: without a person, it is a stranger's.
    :raise Refused: too much was sent from here within a short time.
    """
    _refuse_flood(actor, address, now=now)
    feedback = Feedback(
        kind=kind,
        text=text,
        page=page,
        contact=contact if actor.person_id is None else "",
        person_id=actor.person_id,
        unit_name=actor.unit_name,
        handler_id=queries.find_handler(_belongs_to(actor)),
        address=address,
        sent_at=now,
    )
    db.session().add(feedback)
    db.session().flush()  # its number is in the notice
    _record("feedback.send", feedback, actor=actor, now=now, kind=kind.value)
    tell(
        [person_id for person_id in queries.list_handlers(feedback.handler_id) if person_id != actor.person_id],
        kind=kinds.RECEIVED.name,
        params={"number": feedback.id},
        link=Link("feedback.handle", {"feedback_id": feedback.id}),
        source=(SOURCE, str(feedback.id)),
        why="handler",
        actor=actor,
        now=now,
    )
    return feedback


def answer(feedback: Feedback, *, text: str, actor: Actor, now: datetime) -> FeedbackReply:
    """Answer it, once.

    :raise Refused: it has its reply already.
    """
    return _reply(feedback, Outcome.ANSWERED, text, actor=actor, now=now)


def close(feedback: Feedback, *, reason: str, actor: Actor, now: datetime) -> FeedbackReply:
    """Close it without an answer, and say why.

    :raise Refused: it has its reply already.
    """
    return _reply(feedback, Outcome.CLOSED, reason, actor=actor, now=now)


def _belongs_to(actor: Actor) -> str | None:
    """The path of the unit that a sender belongs to: by the post, else by a role."""
    return actor.unit_path or min(actor.paths("admin", "trainer"), key=len, default=None)


def _refuse_flood(actor: Actor, address: str, *, now: datetime) -> None:
    if actor.person_id is not None:
        allowed = limits.may_send(queries.list_sent_by_person(actor.person_id, now=now), limits.BY_PERSON, now=now)
    else:
        allowed = limits.may_send(queries.list_sent_from(address, now=now), limits.BY_ADDRESS, now=now)
    if not allowed:
        raise Refused(_l("短时间内提交得太多了，请过一会儿再提交。已经提交的都已收到。"))


def _reply(feedback: Feedback, outcome: Outcome, text: str, *, actor: Actor, now: datetime) -> FeedbackReply:
    reply = FeedbackReply(
        feedback_id=feedback.id, outcome=outcome, text=text, replied_at=now, replied_by_id=actor.person_id
    )
    try:
        with db.session().begin_nested():
            db.session().add(reply)
    except IntegrityError as error:  # somebody else was faster
        raise Refused(_l("这条意见刚才已经处理，请刷新页面查看。")) from error
    answered = outcome is Outcome.ANSWERED
    _record("feedback.answer" if answered else "feedback.close", feedback, actor=actor, now=now)
    if feedback.person_id is not None:
        tell(
            [feedback.person_id],
            kind=(kinds.ANSWERED if answered else kinds.CLOSED).name,
            params={"number": feedback.id},
            link=Link("feedback.show", {"feedback_id": feedback.id}),
            source=("feedback_reply", str(feedback.id)),
            why="sender",
            actor=actor,
            now=now,
        )
    return reply


def _record(verb: str, feedback: Feedback, *, actor: Actor, now: datetime, **detail: str) -> None:
    """Not what was written: that is between the sender and those who answer."""
    on = ("feedback", feedback.id)
    person_id, unit_id = feedback.person_id, feedback.handler_id
    audit.record(verb, actor=actor, now=now, on=on, unit_id=unit_id, person_id=person_id, detail=detail)
