"""Drafts as tests need them."""

from __future__ import annotations

from typing import Any

from lms.core import clock, db
from lms.drafts import fields, starting
from lms.drafts.models import CaseDraft
from lms.units.models import Unit
from tests.cast import Cast
from tests.conftest import actor_of

WHOLE: dict[str, Any] = {
    "title": "梧桐里的电梯为什么装成了",
    "summary": "一楼不同意，五楼等不起：七次楼道会谈出一个办法。",
    "abilities": ["mediation"],
    "themes": ["disputes"],
    "community_kind": "old_estate",
    "region": "江南某市",
    "place": "梧桐里社区",
    "began": "2023-03",
    "background": "六层老楼没有电梯，五楼的老人一周下一次楼。",
    "process": "### 先问清楚\n\n1. 挨户问担心什么；\n2. 请物业算清账。",
    "results": "电梯在十一月启用，一楼得到采光补偿。",
    "discussion": "- 换一个小区还行不行？",
}


def make_draft(cast: Cast, person_id: int | None = None, **said: Any) -> CaseDraft:
    """A draft of Alice's for 光明社区, or of somebody else's; whole, unless it is said otherwise."""
    actor = actor_of(person_id or cast.alice)
    unit = db.session().get_one(Unit, cast.guangming)
    draft = starting.start_blank(unit, actor=actor, now=clock.now())
    fields.write(draft, {**WHOLE, **said})
    db.session().flush()
    return draft
