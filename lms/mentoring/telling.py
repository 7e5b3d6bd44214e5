"""What the notices module says about pairs. No notice holds a reason, or a word of what was talked about."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core import db
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, roles
from lms.mentoring.models import MentorLecture, Pairing
from lms.mentors.models import Mentor
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind
from lms.people.models import Person

ORIGIN = _l("导师帮带")

BEGUN = NoticeKind(
    "mentoring.begun",
    _l("结对开始"),
    ORIGIN,
    _l("您与 %(name)s 结成帮带对子"),
    _l("双方都已同意。下一步：一起写好结对卡并签署。"),
    {"both": _l("因为您是结对双方之一")},
)
TO_DO = NoticeKind(
    "mentoring.to_do",
    _l("帮带中等您办的事"),
    ORIGIN,
    _l("与%(name)s的帮带有一件事等您"),
    _l("请打开结对页面查看，一般不用一分钟。"),
    {
        "sign": _l("因为结对卡等您签署"),
        "confirm": _l("因为对方记了一次见面，等您确认"),
        "evaluate": _l("因为到了写评价的时候"),
    },
)
CHANGED = NoticeKind(
    "mentoring.changed",
    _l("结对的变化"),
    ORIGIN,
    _l("您与%(name)s的结对有变化"),
    _l("请打开结对页面查看。"),
    {
        "active": _l("因为双方都已签署，或者帮带恢复了"),
        "paused": _l("因为结对暂停了"),
        "completed": _l("因为这一期结业了"),
        "ended_early": _l("因为这一期提前结束了"),
    },
)
SILENT = NoticeKind(
    "mentoring.silent",
    _l("很久没有见面"),
    ORIGIN,
    _l("您与 %(name)s 有一阵没有见面了"),
    _l("如果见过，补记一笔只要一分钟；如果最近太忙，约一个时间，或者先暂停。"),
    {"both": _l("因为您是结对双方之一；先告诉你们，单位还没有收到提醒")},
)
ENDED_QUIETLY = NoticeKind(
    "mentoring.ended_quietly",
    _l("结对由一方提前结束"),
    ORIGIN,
    _l("有一对结对由一方提前结束"),
    _l("原因只有本单位管理员看得到，请妥善处理。"),
    {"unit": _l("因为您是这一对所在单位的管理员")},
    roles("admin"),
)
LECTURE = NoticeKind(
    "mentoring.lecture",
    _l("单位替您记的授课"),
    ORIGIN,
    _l("单位记了您的一次授课，请确认"),
    _l("“%(title)s”：确认讲过以后，按规则计学时。"),
    {"mentor": _l("因为您是这次授课的导师")},
)
ALL = (BEGUN, TO_DO, CHANGED, SILENT, ENDED_QUIETLY, LECTURE)


def tell_lecturer(lecture: MentorLecture, mentor: Mentor, *, actor: Actor, now: datetime) -> None:
    """Tell a mentor that a lecture was noted for them."""
    tell(
        [mentor.person_id],
        kind=LECTURE.name,
        params={"title": lecture.title},
        link=Link("mentoring.mine"),
        source=("mentor_lecture", str(lecture.id)),
        why="mentor",
        actor=actor,
        now=now,
    )


def names_of_the_other(pairing: Pairing) -> dict[int, str]:
    """Each of the two, with the name of the other."""
    mentor = db.session().execute(
        select(Person.id, Person.name).join(Mentor, Mentor.person_id == Person.id).where(Mentor.id == pairing.mentor_id)
    )
    mentor_id, mentor_name = mentor.one()
    mentee = db.session().get_one(Person, pairing.mentee_id)
    return {mentor_id: mentee.name, mentee.id: mentor_name}


def mentor_of(mentor_id: InstrumentedAttribute[int]) -> Select[int]:
    """The person that a mentor is, as a subquery."""
    return select(Mentor.person_id).where(Mentor.id == mentor_id)


def tell_two(
    pairing: Pairing,
    kind: NoticeKind,
    why: str,
    *,
    source: tuple[str, str],
    actor: Actor,
    now: datetime,
    only: Iterable[int] | None = None,
) -> None:
    """Tell the two, except the actor, each about the other.

    :param only: of the two, those who are to be told.
    """
    people = names_of_the_other(pairing)
    wanted = set(people) if only is None else set(only)
    told = {person_id: name for person_id, name in people.items() if person_id in wanted - {actor.person_id}}
    tell_each(told, pairing, kind, why, source=source, actor=actor, now=now)


def tell_each(
    people: Mapping[int, str],
    pairing: Pairing,
    kind: NoticeKind,
    why: str,
    *,
    source: tuple[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    """Tell people about a pair, each with a name to read."""
    for person_id, name in people.items():
        tell(
            [person_id],
            kind=kind.name,
            params={"name": name},
            link=Link("mentoring.show", {"pairing_id": pairing.id}),
            source=source,
            why=why,
            actor=actor,
            now=now,
        )
