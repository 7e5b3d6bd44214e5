"""What the notices module says about proposals. No notice holds a reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.core import db
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, roles
from lms.mentoring.kinds import Side
from lms.mentors.models import Mentor
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind
from lms.pairing.models import Proposal
from lms.people.models import Person

ORIGIN = _l("导师帮带")

PROPOSED = NoticeKind(
    "pairing.proposed",
    _l("结对建议"),
    ORIGIN,
    _l("有一条结对建议等您答复"),
    _l("建议您与 %(name)s 结成帮带对子，请查看理由并答复。"),
    {"mentor": _l("因为建议由您担任导师"), "mentee": _l("因为建议由这位导师帮带您")},
)
DECLINED = NoticeKind(
    "pairing.declined",
    _l("结对建议被谢绝"),
    ORIGIN,
    _l("一条结对建议没有成"),
    _l("与%(name)s的结对建议没有成，单位会另作安排。"),
    {"other": _l("因为您是建议的另一方")},
)
WITHDRAWN = NoticeKind(
    "pairing.withdrawn",
    _l("结对建议已撤回"),
    ORIGIN,
    _l("一条结对建议已经撤回"),
    _l("与%(name)s的结对建议已经撤回，不用再答复。"),
    {"mentor": _l("因为曾建议由您担任导师"), "mentee": _l("因为曾建议由这位导师帮带您")},
)
TO_ARRANGE = NoticeKind(
    "pairing.to_arrange",
    _l("需要重新安排的结对"),
    ORIGIN,
    _l("有结对建议被谢绝"),
    _l("%(name)s 的结对建议被谢绝，请重新安排。"),
    {"admin": _l("因为这条建议是您发出的")},
    roles("admin"),
)

ALL = (PROPOSED, DECLINED, WITHDRAWN, TO_ARRANGE)


def tell_proposed(
    proposals: Sequence[Proposal], *, sides: Sequence[Side] = tuple(Side), actor: Actor, now: datetime
) -> None:
    """Tell those who are to answer; somebody who is proposed twice is told of each."""
    for proposal in proposals:
        both = _both(proposal)
        for side in sides:
            _tell(proposal, both[side], both[side.other], PROPOSED, side.value, actor=actor, now=now)


def tell_withdrawn(proposals: Sequence[Proposal], *, actor: Actor, now: datetime) -> None:
    """Tell the two of each that what was sent to them no longer stands."""
    for proposal in proposals:
        both = _both(proposal)
        for side in Side:
            _tell(proposal, both[side], both[side.other], WITHDRAWN, side.value, actor=actor, now=now)


def tell_declined(proposal: Proposal, by: Side, *, actor: Actor, now: datetime) -> None:
    """Tell the other side that nothing came of it, and whoever sent it that something is to be done."""
    both = _both(proposal)
    _tell(proposal, both[by.other], both[by], DECLINED, "other", actor=actor, now=now)
    sender = proposal.proposed_by_id
    if sender is not None and sender not in {person_id for person_id, _name in both.values()}:
        _tell(proposal, (sender, ""), both[Side.MENTEE], TO_ARRANGE, "admin", actor=actor, now=now)


def _both(proposal: Proposal) -> dict[Side, tuple[int, str]]:
    mentor = select(Person.id, Person.name).join(Mentor, Mentor.person_id == Person.id)
    mentee = select(Person.id, Person.name).where(Person.id == proposal.mentee_id)
    first = db.session().execute(mentor.where(Mentor.id == proposal.mentor_id)).one()
    second = db.session().execute(mentee).one()
    return {Side.MENTOR: (first[0], first[1]), Side.MENTEE: (second[0], second[1])}


def _tell(
    proposal: Proposal,
    to: tuple[int, str],
    about: tuple[int, str],
    kind: NoticeKind,
    why: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if to[0] == actor.person_id:
        return
    for_unit = kind is TO_ARRANGE and proposal.round_id is not None
    link = Link("pairing.round", {"round_id": proposal.round_id}) if for_unit else Link("pairing.mine")
    tell(
        [to[0]],
        kind=kind.name,
        params={"name": about[1]},
        link=link,
        source=("pairing_proposal", f"{proposal.id} {kind.name}"),
        why=why,
        actor=actor,
        now=now,
    )
