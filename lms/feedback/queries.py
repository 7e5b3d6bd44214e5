"""Reading feedback; who answers a sender."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from lms.core import db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import Page, keyset
from lms.core.web import Actor
from lms.feedback import limits
from lms.feedback.access import handled_by
from lms.feedback.models import Feedback, FeedbackKind, FeedbackReply
from lms.people.access import in_force
from lms.people.models import Grant, Person
from lms.people.posts import Role
from lms.units.models import Level, Unit
from lms.units.paths import ids_in

#: A unit below the county does not run a site (N1).
RUNNING = (Level.PROVINCE, Level.CITY, Level.COUNTY)

OPEN, REPLIED = "open", "replied"


def find_handler(unit_path: str | None) -> int | None:
    """The nearest unit, county or above, at or above `unit_path` that somebody administers; None: the top."""
    ids = ids_in(unit_path)
    administered = select(Grant.id).where(Grant.unit_id == Unit.id, Grant.role == Role.ADMIN, in_force())
    statement = select(Unit.id).where(Unit.id.in_(ids), Unit.level.in_(RUNNING), exists(administered.correlate(Unit)))
    return db.session().scalar(statement.order_by(func.length(Unit.path).desc()).limit(1))


def list_handlers(handler_id: int | None) -> Sequence[int]:
    """Persons who administer the answering unit itself."""
    statement = select(Grant.person_id).join(Unit, Unit.id == Grant.unit_id)
    where = Unit.id == handler_id if handler_id is not None else Unit.parent_id.is_(None)
    return db.session().scalars(statement.where(where, Grant.role == Role.ADMIN, in_force()).distinct()).all()


def list_sent_by_person(person_id: int, *, now: datetime) -> Sequence[datetime]:
    """When the person sent something, within the longest span of the limits."""
    recent = Feedback.sent_at > now - limits.LONGEST
    return db.session().scalars(select(Feedback.sent_at).where(Feedback.person_id == person_id, recent)).all()


def list_sent_from(address: str, *, now: datetime) -> Sequence[datetime]:
    """When strangers sent something from the address, within the longest span of the limits."""
    recent = Feedback.sent_at > now - limits.LONGEST
    strangers = Feedback.person_id.is_(None) & (Feedback.address == address)
    return db.session().scalars(select(Feedback.sent_at).where(strangers, recent)).all()


def list_inbox(actor: Actor, *, state: str, kind: str = "", cursor: str | None = None) -> Page[Feedback]:
    """What waits for an answer, the oldest first; or what has one, the newest first."""
    replied = exists(select(FeedbackReply.id).where(FeedbackReply.feedback_id == Feedback.id).correlate(Feedback))
    statement = select(Feedback).where(handled_by(actor), replied if state == REPLIED else ~replied)
    if kind:
        statement = statement.where(Feedback.kind == FeedbackKind(kind))
    options = (joinedload(Feedback.person), joinedload(Feedback.handler), joinedload(Feedback.reply))
    page = keyset(statement.options(*options), Feedback.id, cursor=cursor, descending=state == REPLIED)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)


def file_of(person: Person) -> tuple[Sequence[tuple[str, LazyString]], list[Sequence[Any]]]:
    """What a person sent, and what came of it, for their own learning file: columns and rows."""
    columns = (
        ("kind", _l("类别")), ("text", _l("内容")), ("sent_at", _l("提交时间")), ("reply", _l("答复")),
        ("replied_at", _l("答复时间")),
    )  # fmt: skip
    statement = select(Feedback).where(Feedback.person_id == person.id).options(joinedload(Feedback.reply))
    rows: list[Sequence[Any]] = [
        (one.kind.label, one.text, one.sent_at, one.reply and one.reply.text, one.reply and one.reply.replied_at)
        for one in db.session().scalars(statement.order_by(Feedback.id.desc()))
    ]
    return columns, rows


def list_own(actor: Actor, *, cursor: str | None = None) -> Page[Feedback]:
    """What the actor sent, the newest first."""
    statement = select(Feedback).where(Feedback.person_id == actor.person_id).options(joinedload(Feedback.reply))
    page = keyset(statement, Feedback.id, cursor=cursor, descending=True)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)
