"""Who is named as an author of a draft, and in which order; and whether they want to be.

Any of those who may write the draft changes the list while it may be written. A colleague is named at once, is told,
and may decline at any time: what a version has printed stays as it was written, and is not shown any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.cases import access as cases
from lms.cases import indexing
from lms.cases.author_models import CaseAuthor
from lms.cases.authors import has_stepped_back, list_authors, match_names, seat
from lms.cases.models import Case, CaseVersion
from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.drafts import keeping, queries, telling
from lms.drafts.models import CaseDraft
from lms.people.models import Person

MOST = 20


def add_colleague(draft: CaseDraft, person: Person, *, actor: Actor, now: datetime) -> CaseAuthor:
    """Name a person of this site as an author: they read and change the draft from now on, and are told.

    :param person: somebody whom the actor may find: by `people.access.find_known`.
    :raise Refused: they are an author already, or declined; there are too many; or the case is being judged.
    """
    authors = _open_list(draft)
    if any(author.person_id == person.id for author in authors):
        raise Refused(_l("%(name)s 已经是作者。", name=person.name))
    if has_stepped_back(draft.case, person.id) and person.id != actor.person_id:
        raise Refused(_l("%(name)s 谢绝了署名。要再署名，请本人从收到的消息里回来。", name=person.name))
    agrees = person.id == actor.person_id
    author = _seat(draft.case, person, agrees=agrees, actor=actor, now=now)
    _record("drafts.name_author", draft.case, author, actor=actor, now=now)
    telling.tell_named(author, draft.case, actor=actor, now=now)
    return author


def add_name(draft: CaseDraft, name: str, *, actor: Actor, now: datetime) -> CaseAuthor:
    """Name somebody who is no person of this site.

    :raise Refused: that name stands there already; there are too many; or the case is being judged.
    """
    if any(author.printed == name for author in _open_list(draft)):
        raise Refused(_l("%(name)s 已经是作者。", name=name), "name")
    author = seat(draft.case, name=name, actor=actor, now=now)
    _record("drafts.name_author", draft.case, author, actor=actor, now=now)
    return author


def move(draft: CaseDraft, author: CaseAuthor, *, up: bool, actor: Actor, now: datetime) -> bool:
    """Let an author change places with the one before or behind; False where there is none.

    :raise Refused: the case is being judged.
    """
    keeping.refuse_closed(draft.case)
    order = list(list_authors(draft.case))
    here = order.index(author)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return False
    order[here], order[there] = order[there], order[here]
    for position, one in enumerate(order, 1):
        one.position = position
    db.session().flush()
    _record("drafts.order_authors", draft.case, author, actor=actor, now=now, position=author.position)
    return True


def remove(draft: CaseDraft, author: CaseAuthor, *, actor: Actor, now: datetime) -> None:
    """Take somebody else off the list; from now on the draft is none of theirs, and they are told.

    :raise Refused: the case is being judged.
    """
    keeping.refuse_closed(draft.case)
    _end(author, actor=actor, now=now)
    _record("drafts.remove_author", draft.case, author, actor=actor, now=now)
    telling.tell_removed(author, draft.case, actor=actor, now=now)


def agree(case: Case, author: CaseAuthor, *, actor: Actor, now: datetime) -> None:
    """The person wants to be named."""
    if author.agreed_at is None:
        author.agreed_at = now
        _record("drafts.agree_to_name", case, author, actor=actor, now=now)


def decline(case: Case, author: CaseAuthor, *, actor: Actor, now: datetime) -> None:
    """The person does not want to be named, or no more: at any time. The other authors are told.

    :raise Refused: they began the case, and nobody else could go on with it.
    """
    others = [one for one in list_authors(case) if one.person_id is not None and one.id != author.id]
    if not others and case.created_by_id == actor.person_id and not cases.may_run(actor, case):
        raise Refused(_l("您是唯一能写它的作者。请先加一位同事；不想写了，请放弃草稿。"))
    _end(author, actor=actor, now=now)
    indexing.refresh(case)  # nobody finds it by this name any more
    _record("drafts.decline_name", case, author, actor=actor, now=now)
    telling.tell_declined(author, case, actor=actor, now=now)


def come_back(case: Case, author: CaseAuthor, *, actor: Actor, now: datetime) -> None:
    """Be an author again after having declined, at the end of the list.

    :raise Refused: the list is full.
    """
    _refuse_full(list_authors(case))
    again = _seat(case, db.session().get_one(Person, author.person_id), agrees=True, actor=actor, now=now)
    again.wrote_at = author.wrote_at
    indexing.refresh(case)
    _record("drafts.agree_to_name", case, again, actor=actor, now=now)


def adopt(version: CaseVersion, *, actor: Actor, now: datetime) -> None:
    """Let the list, where a next version is begun, hold every name that the version prints."""
    case = db.session().get_one(Case, version.case_id)
    signed = queries.list_signed(version) or match_names(case, version.authors)
    known = {author.printed for author in list_authors(case)}
    for position, name in enumerate(version.authors, 1):
        if position not in signed and name not in known:
            seat(case, name=name, position=position, actor=actor, now=now)


#: What a person may answer.
ANSWERS: dict[str, Callable[..., None]] = {"agree": agree, "decline": decline, "return": come_back}


def may_discard(actor: Actor, draft: CaseDraft) -> bool:
    """Whether the actor may give the draft up for all of its authors: who began it or runs it, the last one."""
    if draft.case.created_by_id == actor.person_id or cases.may_run(actor, draft.case):
        return True
    return all(author.person_id in (None, actor.person_id) for author in list_authors(draft.case))


def _open_list(draft: CaseDraft) -> list[CaseAuthor]:
    keeping.refuse_closed(draft.case)
    authors = list(list_authors(draft.case))
    _refuse_full(authors)
    return authors


def _refuse_full(authors: Iterable[CaseAuthor]) -> None:
    if len(list(authors)) >= MOST:
        raise Refused(_l("一篇案例最多 %(most)s 位作者。", most=MOST))


def _seat(case: Case, person: Person, *, agrees: bool, actor: Actor, now: datetime) -> CaseAuthor:
    """:raise Refused: they came to be an author at the same moment."""
    try:
        with db.session().begin_nested():
            return seat(case, person_id=person.id, agrees=agrees, actor=actor, now=now)
    except IntegrityError as error:
        raise Refused(_l("%(name)s 已经是作者。", name=person.name)) from error


def _end(author: CaseAuthor, *, actor: Actor, now: datetime) -> None:
    author.ended_at, author.ended_by_id = now, actor.person_id
    db.session().flush()


def _record(verb: str, case: Case, author: CaseAuthor, *, actor: Actor, now: datetime, **detail: object) -> None:
    audit.record(
        verb,
        actor=actor,
        now=now,
        on=("case", case.id),
        unit_id=case.unit_id,
        person_id=author.person_id,
        detail={"slug": case.slug, "author": author.id, **detail},
    )
