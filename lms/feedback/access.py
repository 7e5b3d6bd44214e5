"""Who reads feedback: its sender, and the administrators of the unit that answers it or of units above that one."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.core.web import Actor, one_or_404
from lms.feedback.models import Feedback
from lms.units.access import administered_by as units_administered_by
from lms.units.models import Unit


def handled_by(actor: Actor) -> ColumnElement[bool]:
    """Feedback whose answering unit the actor administers; what is for the top is for those who administer a top."""
    mine = units_administered_by(actor)
    # Correlated by hand: a statement that joins the handler's unit would lend it to these, too.
    handlers = select(Unit.id).where(Unit.id == Feedback.handler_id, mine).correlate(Feedback).exists()
    a_top = select(Unit.id).where(Unit.parent_id.is_(None), mine).correlate(Feedback).exists()
    return or_(handlers, Feedback.handler_id.is_(None) & a_top)


def get_handled(actor: Actor, feedback_id: int) -> Feedback:
    """:raise Denied: no such feedback that is the actor's to answer, or below."""
    return one_or_404(
        select(Feedback)
        .outerjoin(Feedback.handler)
        .where(Feedback.id == feedback_id, handled_by(actor))
        .options(contains_eager(Feedback.handler), joinedload(Feedback.person), joinedload(Feedback.reply))
    )


def get_own(actor: Actor, feedback_id: int) -> Feedback:
    """:raise Denied: the actor did not send it."""
    statement = select(Feedback).where(Feedback.id == feedback_id, Feedback.person_id == actor.person_id)
    return one_or_404(statement.options(joinedload(Feedback.reply)))


def may_reply(actor: Actor, feedback: Feedback) -> bool:
    """Nobody answers their own complaint; what has its reply keeps it."""
    return feedback.reply is None and (feedback.person_id is None or feedback.person_id != actor.person_id)
