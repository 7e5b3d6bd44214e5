"""What authors, experts and those who judge are told. No notice holds a reason, a remark or the name of an expert."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from lms.calls.kinds import Outcome
from lms.calls.models import CaseReview
from lms.cases import authors as authorship
from lms.cases.models import CaseVersion
from lms.core import db
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, roles
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind
from lms.people.access import in_force
from lms.people.models import Grant

ORIGIN = _l("案例评审")
_AUTHOR = {"author": _l("因为您是这篇案例的作者")}

MOVED = NoticeKind(
    "calls.moved",
    _l("您的案例评审有进展"),
    ORIGIN,
    _l("您的案例评审有进展"),
    _l("“%(title)s”在%(unit)s有了结果，下一步怎样走写在评审进度里。"),
    _AUTHOR,
)
RETURNED = NoticeKind(
    "calls.returned",
    _l("您的案例被退回修改"),
    ORIGIN,
    _l("您的案例请修改"),
    _l("%(unit)s 看过“%(title)s”，写下了修改意见。"),
    _AUTHOR,
)
WAITING = NoticeKind(
    "calls.waiting",
    _l("有案例等您评审"),
    ORIGIN,
    _l("有案例等%(unit)s评审"),
    _l("“%(title)s”已经送到，请初审。"),
    {"judge": _l("因为您是%(unit)s的管理员或者培训师")},
    roles("admin", "trainer"),
)
ASKED = NoticeKind(
    "calls.asked",
    _l("请您给案例打分"),
    ORIGIN,
    _l("请您给一篇案例打分"),
    _l("%(unit)s 请您评“%(title)s”。大家都交了以后，才看得到别人的分数。"),
    {"expert": _l("因为您被请来做这篇案例的评审专家")},
)
ALL_IN = NoticeKind(
    "calls.all_in",
    _l("专家打分都交齐了"),
    ORIGIN,
    _l("一篇案例的专家打分已经交齐"),
    _l("“%(title)s”可以在%(unit)s作出决定了。"),
    {"judge": _l("因为您是%(unit)s的管理员或者培训师")},
    roles("admin", "trainer"),
)
ALL = (MOVED, RETURNED, WAITING, ASKED, ALL_IN)


def tell_authors(review: CaseReview, what: str, *, actor: Actor, now: datetime) -> None:
    """Tell those who wrote the case, except the actor, that a round brought something."""
    authors = authorship.list_person_ids(review.case_id)
    kind = RETURNED if what == Outcome.RETURNED.value else MOVED
    link = Link("reviews.progress", {"slug": review.case.slug})
    _tell(authors, review, kind, "author", what, link, actor=actor, now=now)


def tell_judges(review: CaseReview, kind: NoticeKind, *, actor: Actor, now: datetime) -> None:
    """Tell the administrators and trainers of the very unit that judges."""
    grants = select(Grant.person_id).where(Grant.unit_id == review.unit_id, in_force())
    people = db.session().scalars(grants.order_by(Grant.person_id))
    _tell(people, review, kind, "judge", kind.name, _to_round(review), actor=actor, now=now)


def tell_expert(review: CaseReview, person_id: int, expert_id: int, *, actor: Actor, now: datetime) -> None:
    _tell([person_id], review, ASKED, "expert", f"expert-{expert_id}", _to_round(review), actor=actor, now=now)


def _to_round(review: CaseReview) -> Link:
    return Link("reviews.show", {"review_id": review.id})


def _tell(
    people: Iterable[int],
    review: CaseReview,
    kind: NoticeKind,
    why: str,
    what: str,
    link: Link,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    title = db.session().get_one(CaseVersion, review.version_id).title
    told = [person_id for person_id in people if person_id != actor.person_id]
    if told:
        tell(
            told,
            kind=kind.name,
            params={"title": title, "unit": review.unit.name},
            link=link,
            source=("case_review", f"{review.id}/{what}"),
            why=why,
            actor=actor,
            now=now,
        )
