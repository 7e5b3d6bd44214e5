"""What the matrix of routes and roles acts on in the case library: everything is the county's.

case        a published case that Alice wrote and 光明社区 uses; `remark` a comment below it, `hidden` another, hidden
new_case    another published case
draft       one that is not public, with a file
method      a method that the cases show; `withdrawn_method` another, withdrawn
"""

from __future__ import annotations

from typing import Any

from lms.cases import comments, methods, uses
from lms.cases.texts import Attachment, MethodText
from lms.core import clock, db, files
from lms.hours.kinds import Ability
from lms.units.models import Unit
from tests.cases.made import make_case
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of

METHOD = MethodText(
    name="楼道议事法",
    idea="谁受影响谁坐下来谈。",
    abilities=(Ability.MEDIATION,),
    authors=("苏敏",),
    steps="1. 摸底；\n2. 请坐。",
    fits="一栋楼里的事。",
    unfit="已经打官司的事。",
)


def arrange_cases(cast: Cast) -> dict[str, Any]:
    now, county, alice = clock.now(), db.session().get_one(Unit, cast.county), actor_of(cast.alice)
    method = methods.create_method(slug="loudao-yishi", unit=county, now=now)
    methods.add_version(method, METHOD, actor=SYSTEM, now=now)
    gone = methods.create_method(slug="jiu-fa", unit=county, now=now)
    methods.add_version(gone, METHOD, actor=SYSTEM, now=now)
    methods.withdraw_method(gone, reason="有一步不合规定。", actor=SYSTEM, now=now)
    case = make_case(unit=county, author_id=cast.sun, slug="wutongli-dianti", methods=("loudao-yishi",))
    new_case = make_case(unit=county, slug="xin-dianti")
    stored = files.store(b"%PDF-1.4 table", "table.pdf", now=now)
    attached = {"table.pdf": Attachment(stored, "application/pdf")}
    draft = make_case(unit=county, slug="caogao", published=False, files=attached)
    uses.note_use(case, sentence="试了三个月。", contact="办公室", actor=alice, now=now)
    remark = comments.write_comment(case, text="钱从哪里来？", actor=alice, now=now)
    hidden = comments.write_comment(case, text="广告", actor=alice, now=now)
    comments.hide_comment(case, hidden, reason="与案例无关", actor=SYSTEM, now=now)
    named: dict[str, Any] = {"case": case.slug, "new_case": new_case.slug, "draft": draft.slug, "method": method.slug}
    named |= {"withdrawn_method": gone.slug}
    return named | {"remark": remark.id, "hidden": hidden.id}
