"""Pages of one's own notices, and of what one wants to be reminded of."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_text, current_actor, flash_done, see, signed_in
from lms.notices import access, actions, kinds, queries
from lms.notices.forms import SettingsForm
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
    address, out = queries.find_address(actor.person_id or 0), queries.unwanted_kinds(actor.person_id or 0)
    offered = kinds.offered_to(actor)
    wanted = [] if EVERY_KIND in out else [kind.name for kind in offered if kind.name not in out]
    form = SettingsForm(kinds=wanted, address=address.address if address else "")
    form.offer(offered)
    if form.validate_on_submit():
        actions.choose_kinds(form.kinds.data or [], actor=actor, now=now)
        actions.set_address(form.address.data or "", actor=actor, now=now)
        flash_done(_("消息设置已保存。"))
        return see("notices.settings")
    channel = queries.find_channel_for(actor)
    return render_template("notices/settings.html", form=form, channel=channel), 422 if form.errors else 200
