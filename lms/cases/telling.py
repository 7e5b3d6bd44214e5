"""What the case library tells people."""

from datetime import datetime

from lms.cases import authors, indexing, queries
from lms.cases.kinds import State
from lms.cases.models import Case, CaseStep, Method, MethodWithdrawal
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, roles
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind

_ORIGIN = _l("案例库")
_AUTHOR = {"author": _l("因为您是这篇案例的作者")}

USED = NoticeKind(
    "cases.used",
    _l("别的社区借鉴您的案例"),
    _ORIGIN,
    _l("您的案例有社区在用"),
    _l("%(unit)s 借鉴了“%(title)s”，写下了做得怎样。"),
    _AUTHOR,
)
COMMENTED = NoticeKind(
    "cases.commented",
    _l("您的案例下的留言"),
    _ORIGIN,
    _l("您的案例有新留言"),
    _l("“%(title)s”下面有一条新留言。"),
    _AUTHOR,
)
HIDDEN = NoticeKind(
    "cases.hidden",
    _l("您的留言被隐藏"),
    _ORIGIN,
    _l("您的一条留言被隐藏"),
    _l("您在“%(title)s”下的一条留言被隐藏，原因写在那里。"),
    {"writer": _l("因为这条留言是您写的")},
)
WITHDRAWN = NoticeKind(
    "cases.withdrawn",
    _l("您的案例被撤回"),
    _ORIGIN,
    _l("您的案例已撤回"),
    _l("“%(title)s”不再公开，原因请查看。"),
    _AUTHOR,
)
GONE = NoticeKind(
    "cases.gone",
    _l("您用到的案例被撤回"),
    _ORIGIN,
    _l("您用到的一篇案例已撤回"),
    _l("“%(title)s”不再公开，用到它的课和登记都会这样写明，原因请查看。"),
    {
        "user": _l("因为您登记过本单位在用它"),
        "teacher": _l("因为您单位的一门课讲到它"),
    },
)

METHOD_WITHDRAWN = NoticeKind(
    "cases.method_withdrawn",
    _l("您写的工作法被撤回"),
    _ORIGIN,
    _l("您写的工作法已撤回"),
    _l("“%(title)s”不再公开，原因请查看。"),
    {"writer": _l("因为这个工作法您写过")},
    roles("admin", "trainer"),
)

ALL = (METHOD_WITHDRAWN, USED, COMMENTED, HIDDEN, WITHDRAWN, GONE)


def on_case_stepped(_sender: object, *, case: Case, step: CaseStep, actor: Actor, now: datetime) -> None:
    """Whoever wrote a case, uses it or teaches with it hears that it was withdrawn by somebody else."""
    if step.state is State.WITHDRAWN and case.published_at is not None:
        tell_authors(WITHDRAWN, case, {}, source=("case_step", str(step.id)), actor=actor, now=now)
        _tell_users(case, step, actor=actor, now=now)


def _tell_users(case: Case, step: CaseStep, *, actor: Actor, now: datetime) -> None:
    """By the title that they know: what was written since was never public."""
    title = queries.find_public_title(case)
    users, told = queries.list_user_ids(case), {actor.person_id, *authors.list_person_ids(case.id)}
    for why, people in (("user", users), ("teacher", queries.list_teacher_ids(case))):
        if others := sorted(set(people) - told):
            link, source = Link("cases.show", {"slug": case.slug}), ("case_step", f"{step.id}/gone")
            tell(
                others, kind=GONE.name, params={"title": title}, link=link, source=source, why=why, actor=actor, now=now
            )
        told |= set(people)


def tell_method_writers(method: Method, withdrawal: MethodWithdrawal, *, actor: Actor, now: datetime) -> None:
    """Tell those who wrote a version of a method, except the actor, that it was withdrawn."""
    told = [person_id for person_id in queries.list_method_writers(method) if person_id != actor.person_id]
    if told and method.current is not None:
        tell(
            told,
            kind=METHOD_WITHDRAWN.name,
            params={"title": method.current.name},
            link=Link("cases.method", {"slug": method.slug}),
            source=("method_withdrawal", str(withdrawal.id)),
            why="writer",
            actor=actor,
            now=now,
        )


def tell_authors(
    kind: NoticeKind, case: Case, params: dict[str, str], *, source: tuple[str, str], actor: Actor, now: datetime
) -> None:
    """Tell those who wrote a case, except the actor."""
    told = [person_id for person_id in authors.list_person_ids(case.id) if person_id != actor.person_id]
    version = indexing.shown_version(case)
    if told and version is not None:
        tell(
            told,
            kind=kind.name,
            params={"title": version.title, **params},
            link=Link("cases.show", {"slug": case.slug}),
            source=source,
            why="author",
            actor=actor,
            now=now,
        )
