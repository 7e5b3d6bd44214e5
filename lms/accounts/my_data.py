"""The page of what is kept about me 我的数据: where each fact came from, what it is for, and who looked.

The law on personal information (articles 44 and 45) gives everyone the right to know and to see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue

from lms.accounts import access, actions, devices, queries, sign_in
from lms.accounts.blueprint import bp
from lms.core import clock
from lms.core.i18n import LazyString, show_date, show_month
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, allow, current_actor, flash_done, see, signed_in
from lms.people import identity
from lms.people import queries as people_queries
from lms.people.models import Person

NOTHING = "—"
ORIGINS = {
    "roster": _l("所在地区的花名册"),
    "page": _l("管理员在网页上登记"),
    "command": _l("系统管理员登记"),
    "demo": _l("演示数据"),
}
IDENTIFY = _l("确认您是本人，调动后学习记录不断")
ASSIGN = _l("按岗位确定应参加的培训")
STATISTICS = _l("队伍结构统计，只出总数")


@dataclass(frozen=True)
class Fact:
    """One thing that is kept: its name, what it says (masked), where it came from, what it is for."""

    label: LazyString
    value: Any
    origin: Any
    purpose: LazyString

    @property
    def is_known(self) -> bool:
        return str(self.value) != str(NOTHING)


def register(app: Flask, read: Callable[[Actor], list[Fact]]) -> None:
    """Add what a module above keeps about people, too."""
    app.extensions.setdefault("own_facts", []).append(read)


@bp.get("/me/data", endpoint="my_data")
@allow(signed_in)
def show_my_data() -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    account = queries.get_account(actor)
    return render_template(
        "accounts/my_data.html",
        facts=facts_about(account.person, account.sign_in) + _facts_of_others(actor),
        appointments=people_queries.list_appointments(account.person),
        grants=people_queries.list_grants(account.person),
        reveals=queries.list_reveals(account.person_id),
        sign_ins=queries.list_sign_ins(account.id, now=now, lifetime=sign_in.lifetime()),
        this_sign_in=sign_in.find_id(),
        parked_forms=queries.list_parked(account.id, now=now),
        label_of=devices.label_of,
    )


@bp.post("/me/sign-ins/<id:sign_in_id>/end")
@allow(signed_in)
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = access.get_sign_in(actor, sign_in_id)
    actions.end_sign_ins([row.id], actor=actor, now=clock.now())
    flash_done(_l("已退出那台设备上的登录。"))
    return see("accounts.my_data")


@bp.post("/me/sign-ins/end-others")
@allow(signed_in)
def end_other_sign_ins() -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    mine = queries.list_sign_ins(actor.account_id or 0, now=now, lifetime=sign_in.lifetime())
    actions.end_sign_ins([row.id for row in mine if row.id != sign_in.find_id()], actor=actor, now=now)
    flash_done(_l("其他设备上的登录都已退出。"))
    return see("accounts.my_data")


def _facts_of_others(actor: Actor) -> list[Fact]:
    return [fact for read in current_app.extensions.get("own_facts", ()) for fact in read(actor)]


def facts_about(person: Person, sign_in_name: str) -> list[Fact]:
    """What the record says of a person, masked as on every page, in the order of the roster."""
    origin = ORIGINS.get(person.origin, person.origin)
    number = identity.decrypt(person.id_number_cipher) if person.id_number_cipher else None
    return [
        Fact(_l("姓名"), person.name, origin, IDENTIFY),
        Fact(_l("性别"), person.gender.label if person.gender else NOTHING, origin, STATISTICS),
        Fact(_l("出生年月"), show_month(person.birth_month) if person.birth_month else NOTHING, origin, STATISTICS),
        Fact(_l("身份证号"), identity.mask_number(number) if number else NOTHING, origin, IDENTIFY),
        Fact(_l("手机号"), identity.mask_phone(person.phone), origin, _l("登录和联系您")),
        Fact(_l("政治面貌"), person.political_status or NOTHING, origin, STATISTICS),
        Fact(_l("学历"), person.education or NOTHING, origin, STATISTICS),
        Fact(_l("入职时间"), show_date(person.joined_on), origin, ASSIGN),
        Fact(_l("社工证等级"), person.certificate or NOTHING, origin, ASSIGN),
        Fact(_l("登录名"), identity.mask_phone(sign_in_name), _l("开通账号时按手机号生成"), _l("登录")),
        Fact(_l("密码"), _l("只保存无法还原的摘要"), _l("您自己设定"), _l("登录")),
    ]
