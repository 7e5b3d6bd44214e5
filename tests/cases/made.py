"""Cases and methods as tests need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lms.cases import actions
from lms.cases.kinds import CommunityKind, Section, Theme
from lms.cases.models import Case
from lms.cases.texts import CaseText
from lms.core import db
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.people.models import Person
from lms.units.models import Unit
from tests.cast import SYSTEM

NOW = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)

LIFT = CaseText(
    title="梧桐里的电梯为什么装成了",
    summary="一楼不同意，五楼等不起：七次楼道会谈出一个都能接受的办法。",
    abilities=(Ability.MEDIATION, Ability.ORGANIZING),
    themes=(Theme.DISPUTES, Theme.CONSULTATION),
    community_kind=CommunityKind.OLD_ESTATE,
    region="江南某市",
    place="梧桐里社区",
    began="2023-03",
    ended="2023-11",
    sections={
        Section.BACKGROUND: "六层老楼没有电梯，五楼的老人一周下一次楼。",
        Section.PROCESS: "### 先问清楚\n\n1. 挨户问担心什么；\n2. 请物业算清账。",
        Section.RESULTS: "电梯在十一月启用，一楼得到采光补偿。",
        Section.DISCUSSION: "- 换一个小区还行不行？\n- 你会先找谁？",
    },
    authors=("苏敏",),
    illustration=True,
)


def make_case(
    text: CaseText = LIFT,
    *,
    unit: Unit | None = None,
    author_id: int | None = None,
    slug: str | None = None,
    published: bool = True,
    actor: Actor = SYSTEM,
    **changes: Any,
) -> Case:
    """A case with one version, published unless it is said otherwise."""
    authors = [db.session().get_one(Person, author_id)] if author_id else []
    case = actions.create_case(unit=unit, authors=authors, slug=slug, actor=actor, now=NOW)
    persons = {1: author_id} if author_id else None  # who prints another name than their own
    actions.add_version(case, replace(text, **changes), persons=persons, actor=actor, now=NOW)
    if published:
        actions.publish(case, actor=actor, now=NOW)
    return case
