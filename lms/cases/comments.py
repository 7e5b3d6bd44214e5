"""Questions and remarks below a case: written by anyone who may read it, hidden by its unit with a reason."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from lms.cases import access, indexing, queries, telling
from lms.cases.models import Case, CaseComment
from lms.core import audit, db
from lms.core.errors import Denied, Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, require
from lms.notices.actions import Link, tell

#: So many in so long a time: a conversation, no flood.
MOST, SPAN = 10, timedelta(minutes=10)


def write_comment(case: Case, *, text: str, actor: Actor, now: datetime) -> CaseComment:
    """Write below a case; its authors hear of it.

    :raise Refused: the case is not public, or the actor wrote a great deal just now.
    """
    if not case.is_public or actor.person_id is None:
        raise Refused(_l("案例发布以后才能留言。"))
    recent = (CaseComment.person_id == actor.person_id, CaseComment.written_at > now - SPAN)
    if (db.session().scalar(select(func.count()).select_from(CaseComment).where(*recent)) or 0) >= MOST:
        raise Refused(_l("短时间内留言太多了，请过一会儿再写。已经写的都在。"))
    comment = CaseComment(
        case_id=case.id,
        person_id=actor.person_id,
        post=queries.post_of(actor.person_id)[:200],
        text=text,
        written_at=now,
    )
    db.session().add(comment)
    db.session().flush()  # its number is the source of the notice
    source = ("case_comment", str(comment.id))
    telling.tell_authors(telling.COMMENTED, case, {}, source=source, actor=actor, now=now)
    _record("cases.comment", case, comment, actor=actor, now=now)
    return comment


def get_moderated(actor: Actor, case: Case, comment_id: int) -> CaseComment:
    """A comment, for those who answer for the case.

    :raise Forbidden: the actor does not.
    :raise Denied: the case has no such comment.
    """
    require(access.may_run(actor, case))
    comment = queries.find_comment(case, comment_id)
    if comment is None:
        raise Denied()
    return comment


def hide_comment(case: Case, comment: CaseComment, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let nobody read it but its writer and those who answer for the case; the writer is told why.

    :raise Refused: no reason, or it is hidden already.
    """
    if comment.hidden_at is not None:
        raise Refused(_l("这条留言已经隐藏。"))
    if not reason.strip():
        raise Refused(_l("请写明隐藏的原因。"), "reason")
    comment.hidden_at, comment.hidden_by_id, comment.hidden_why = now, actor.person_id, reason.strip()
    _record("cases.hide_comment", case, comment, actor=actor, now=now)
    version = indexing.shown_version(case)
    if comment.person_id != actor.person_id and version is not None:
        tell(
            [comment.person_id],
            kind=telling.HIDDEN.name,
            params={"title": version.title},
            link=Link("cases.show", {"slug": case.slug}),
            source=("case_comment_hidden", str(comment.id)),
            why="writer",
            actor=actor,
            now=now,
        )


def show_comment(case: Case, comment: CaseComment, *, actor: Actor, now: datetime) -> None:
    """Let it be read again.

    :raise Refused: it is not hidden.
    """
    if comment.hidden_at is None:
        raise Refused(_l("这条留言没有隐藏。"))
    comment.hidden_at, comment.hidden_by_id, comment.hidden_why = None, None, ""
    _record("cases.show_comment", case, comment, actor=actor, now=now)


def _record(verb: str, case: Case, comment: CaseComment, *, actor: Actor, now: datetime) -> None:
    on, whose = ("case_comment", comment.id), comment.person_id
    audit.record(verb, actor=actor, now=now, on=on, unit_id=case.unit_id, person_id=whose, detail={"slug": case.slug})
