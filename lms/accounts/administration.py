"""What administrators do with the account of a person in their reach: reset, disable, enable."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.accounts import access, actions, queries
from lms.accounts.blueprint import bp
from lms.accounts.forms import DisableForm
from lms.core import clock
from lms.core.errors import BadInput
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, current_actor, flash_done, require, roles, see
from lms.people import identity
from lms.people.access import get_person
from lms.people.models import Person


def read_section(actor: Actor, person: Person) -> dict[str, Any]:
    """What a person's page shows of the account, and whether the actor may do something with it."""
    account = queries.find_account_of(person.id)
    return {
        "person": person,
        "account": account,
        "disabling": queries.find_disabling(account.id) if account else None,
        "activation": queries.find_activation(account.id) if account else None,
        "mask": identity.mask_phone,
        "may_manage": access.may_manage(actor, person),
        "now": clock.now(),
    }


@bp.post("/people/<id:person_id>/account/reset")
@allow(roles("admin"))
def reset(person_id: int) -> ResponseReturnValue:
    """The one-time code is shown in this answer alone: it is kept nowhere and cannot be shown again."""
    actor = current_actor()
    person = get_person(actor, person_id)
    require(access.may_manage(actor, person))
    code = actions.reset(person, actor=actor, now=clock.now())
    return render_template("accounts/new_code.html", person=person, code=code)


@bp.post("/people/<id:person_id>/account/disable")
@allow(roles("admin"))
def disable(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = get_person(actor, person_id)
    require(access.may_manage(actor, person))
    form = DisableForm()
    if not form.validate():
        raise BadInput(_("停用原因最多 200 个字。"))
    actions.disable(person, reason=form.reason.data or "", actor=actor, now=clock.now())
    flash_done(_("%(name)s 的账号已经停用，所有登录都已退出。", name=person.name))
    return see("people.show", person_id=person.id)


@bp.post("/people/<id:person_id>/account/enable")
@allow(roles("admin"))
def enable(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = get_person(actor, person_id)
    require(access.may_manage(actor, person))
    actions.enable(person, actor=actor, now=clock.now())
    flash_done(_("%(name)s 的账号已经启用。", name=person.name))
    return see("people.show", person_id=person.id)
