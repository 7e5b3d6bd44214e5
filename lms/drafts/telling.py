"""What the authors of a draft are told of one another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lms.cases.author_models import CaseAuthor
from lms.cases.authors import list_person_ids
from lms.cases.models import Case, CaseVersion
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.drafts import queries
from lms.drafts.models import CaseDraft
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind

_ORIGIN = _l("写案例")
_AUTHOR = {"author": _l("因为您是这篇案例的作者")}

NAMED = NoticeKind(
    "drafts.named",
    _l("有人把您列为案例的作者"),
    _ORIGIN,
    _l("您被列为一篇案例的作者"),
    _l("%(name)s 请您一起写“%(title)s”。您可以读和改草稿；同意署名还是谢绝，请答复。"),
    {"named": _l("因为%(name)s把您列为作者")},
)
REMOVED = NoticeKind(
    "drafts.removed",
    _l("您不再是一篇案例的作者"),
    _ORIGIN,
    _l("您不再是一篇案例的作者"),
    _l("%(name)s 把您移出了“%(title)s”的作者，草稿您看不到了。"),
    {"named": _l("因为您原来是这篇案例的作者")},
)
DECLINED = NoticeKind(
    "drafts.declined",
    _l("一起写案例的人谢绝署名"),
    _ORIGIN,
    _l("有作者谢绝署名"),
    _l("%(name)s 不在“%(title)s”上署名了，案例上不再显示这个姓名。"),
    _AUTHOR,
)
SUBMITTED = NoticeKind(
    "drafts.submitted",
    _l("一起写的案例提交了"),
    _ORIGIN,
    _l("您参与写的案例已经提交"),
    _l("%(name)s 提交了“%(title)s”，上面印着您的姓名。"),
    _AUTHOR,
)
DISCARDED = NoticeKind(
    "drafts.discarded",
    _l("一起写的草稿被放弃"),
    _ORIGIN,
    _l("您参与写的草稿已被放弃"),
    _l("%(name)s 放弃了“%(title)s”的草稿，草稿和图片已经删除。"),
    _AUTHOR,
)
ALL = (NAMED, REMOVED, DECLINED, SUBMITTED, DISCARDED)


def tell_named(author: CaseAuthor, case: Case, *, actor: Actor, now: datetime) -> None:
    """Somebody is to be named as an author: they are told, and asked."""
    link = Link("authors.answer", {"slug": case.slug})
    _tell([author.person_id], NAMED, "named", case, link, ("case_author", f"{author.id}/named"), actor=actor, now=now)


def tell_removed(author: CaseAuthor, case: Case, *, actor: Actor, now: datetime) -> None:
    source = ("case_author", f"{author.id}/removed")
    _tell([author.person_id], REMOVED, "named", case, None, source, actor=actor, now=now)


def tell_declined(author: CaseAuthor, case: Case, *, actor: Actor, now: datetime) -> None:
    """The others learn that one of them stepped back."""
    draft, source = queries.find_draft(case), ("case_author", f"{author.id}/declined")
    link = Link("authors.show", {"draft_id": draft.id}) if draft else Link("cases.show", {"slug": case.slug})
    _tell(list_person_ids(case.id), DECLINED, "author", case, link, source, actor=actor, now=now)


def tell_submitted(version: CaseVersion, case: Case, *, actor: Actor, now: datetime) -> None:
    link, source = Link("cases.show", {"slug": case.slug}), ("case_version", f"{version.id}/submitted")
    _tell(list_person_ids(case.id), SUBMITTED, "author", case, link, source, actor=actor, now=now)


def tell_discarded(draft: CaseDraft, *, actor: Actor, now: datetime) -> None:
    source = ("case_draft", f"{draft.id}/discarded")
    _tell(list_person_ids(draft.case_id), DISCARDED, "author", draft.case, None, source, actor=actor, now=now)


def _tell(
    people: Iterable[int | None],
    kind: NoticeKind,
    why: str,
    case: Case,
    link: Link | None,
    source: tuple[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    told = [person_id for person_id in people if person_id is not None and person_id != actor.person_id]
    params = {"name": actor.name, "title": queries.title_of(case) or _("还没有标题")}
    if told:
        tell(told, kind=kind.name, params=params, link=link, source=source, why=why, actor=actor, now=now)
