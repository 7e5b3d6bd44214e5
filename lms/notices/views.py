"""Pages of one's own notices, and of what one wants to be reminded of."""

from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock, db
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, arg_text, current_actor, flash_done, see, signed_in
from lms.notices import access, actions, confirming, kinds, queries
from lms.notices.forms import CodeForm, SettingsForm
from lms.notices.models import EVERY_KIND

bp = Blueprint("notices", __name__, url_prefix="/notices", template_folder="templates")


@bp.get("")
@allow(signed_in)
def index() -> ResponseReturnValue:
    actor = current_actor()
    page = queries.list_notices(actor, cursor=arg_text("cursor", 2000))
    return render_template("notices/index.html", page=page)


@bp.get("/<id:notice_id>")
@allow(signed_in, writes=True)
def show(notice_id: int) -> ResponseReturnValue:
    """Opening a notice reads it, and leads to the page that it speaks of."""
    actor = current_actor()
    notice = access.get_notice(actor, notice_id)
    actions.mark_read(notice, actor=actor, now=clock.now())
    shown = queries.show(notice, unread=False)
    return redirect(shown.url, 303) if shown.url else render_template("notices/show.html", notice=shown)


@bp.post("/<id:notice_id>/read")
@allow(signed_in)
def read(notice_id: int) -> ResponseReturnValue:
    actor = current_actor()
    notice = access.get_notice(actor, notice_id)
    actions.mark_read(notice, actor=actor, now=clock.now())
    return see("notices.index")


@bp.post("/read")
@allow(signed_in)
def read_all() -> ResponseReturnValue:
    actions.mark_all_read(actor=current_actor(), now=clock.now())
    flash_done(_("全部消息都已标为已读。"))
    return see("notices.index")


@bp.route("/settings", methods=["GET", "POST"])
@allow(signed_in)
def settings() -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    form = _settings_form(actor)
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.choose_kinds(form.kinds.data or [], actor=actor, now=now)
            actions.set_address(form.address.data or "", actor=actor, now=now)
            flash_done(_("消息设置已保存。"))
            return see("notices.settings")
    return _settings_page(actor, form, CodeForm(formdata=None)), 422 if form.errors else 200


@bp.post("/address/confirmation")
@allow(signed_in)
def confirm_address() -> ResponseReturnValue:
    """The code that went to a new address comes back."""
    actor = current_actor()
    code = CodeForm()
    if code.validate_on_submit():
        db.keep_despite_refusal()  # a wrong code is counted, though the answer is a refusal
        with code.showing_refusal():
            confirming.confirm(code.code.data or "", actor=actor, now=clock.now())
            flash_done(_("邮箱已确认，消息摘要会发到这里。"))
            return see("notices.settings")
    return _settings_page(actor, _settings_form(actor, formdata=None), code), 422


def _settings_form(actor: Actor, **options: Any) -> SettingsForm:
    address, out = queries.find_address(actor.person_id or 0), queries.unwanted_kinds(actor.person_id or 0)
    offered = kinds.offered_to(actor)
    wanted = [] if EVERY_KIND in out else [kind.name for kind in offered if kind.name not in out]
    form = SettingsForm(kinds=wanted, address=address.address if address else "", **options)
    form.offer(offered)
    return form


def _settings_page(actor: Actor, form: SettingsForm, code: CodeForm) -> str:
    address, channel = queries.find_address(actor.person_id or 0), queries.find_channel_for(actor)
    return render_template("notices/settings.html", form=form, code=code, address=address, channel=channel)
