"""Pages: say something; see what came of it; and, for administrators, the inbox."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.throttle import address_key
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import (
    Actor,
    allow,
    anyone,
    arg_choice,
    arg_text,
    current_actor,
    find_actor,
    flash_done,
    require,
    roles,
    see,
    signed_in,
)
from lms.feedback import access, actions, queries
from lms.feedback.forms import AnswerForm, CloseForm, SendForm
from lms.feedback.models import FeedbackKind

bp = Blueprint("feedback", __name__, url_prefix="/feedback", template_folder="templates")

LONGEST_PAGE = 200


def footer() -> dict[str, Any]:
    """The link at the foot of every page; it says which page that is, without what was searched for there."""
    url = url_for("feedback.new") if request.endpoint == "feedback.new" else url_for("feedback.new", page=request.path)
    return {"footer_links": [{"url": url, "label": _("意见与投诉")}]}


@bp.route("", methods=["GET", "POST"])
@allow(anyone)
def new() -> ResponseReturnValue:
    actor = find_actor()
    form = SendForm(page=_own_page(arg_text("page", LONGEST_PAGE)))
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.send(
                kind=FeedbackKind(form.kind.data),
                text=form.text.data or "",
                page=_own_page(form.page.data or ""),
                contact=form.contact.data or "",
                address=address_key(request.remote_addr),
                actor=actor or Actor(None, None, _("未登录的访客")),
                now=clock.now(),
            )
            flash_done(_("已收到，谢谢您。答复会通过消息告诉您。") if actor else _("已收到，谢谢您。"))
            return see("feedback.mine" if actor else "feedback.new")
    return render_template("feedback/new.html", form=form), 422 if form.errors else 200


def _own_page(text: str) -> str:
    """A path of this site, or nothing: whatever else was sent is not shown to anybody as a page."""
    path = text.partition("?")[0][:LONGEST_PAGE]
    return path if path.startswith("/") and not path.startswith("//") and path.isprintable() else ""


@bp.get("/mine")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    return render_template(
        "feedback/mine.html", page=queries.list_own(current_actor(), cursor=arg_text("cursor", 2000))
    )


@bp.get("/<id:feedback_id>")
@allow(signed_in)
def show(feedback_id: int) -> ResponseReturnValue:
    return render_template("feedback/show.html", feedback=access.get_own(current_actor(), feedback_id))


@bp.get("/inbox")
@allow(roles("admin"))
def inbox() -> ResponseReturnValue:
    actor = current_actor()
    state = arg_choice("state", [queries.OPEN, queries.REPLIED], queries.OPEN)
    kind = arg_choice("kind", list(FeedbackKind))
    page = queries.list_inbox(actor, state=state, kind=kind, cursor=arg_text("cursor", 2000))
    return render_template("feedback/inbox.html", page=page, state=state, kind=kind, kinds=FeedbackKind)


@bp.get("/inbox/<id:feedback_id>")
@allow(roles("admin"))
def handle(feedback_id: int) -> ResponseReturnValue:
    actor = current_actor()
    feedback = access.get_handled(actor, feedback_id)
    may_reply = access.may_reply(actor, feedback)
    form = AnswerForm()
    return render_template("feedback/handle.html", feedback=feedback, form=form, may_reply=may_reply)


@bp.post("/inbox/<id:feedback_id>/answer")
@allow(roles("admin"))
def answer(feedback_id: int) -> ResponseReturnValue:
    actor = current_actor()
    feedback = access.get_handled(actor, feedback_id)
    require(access.may_reply(actor, feedback))
    form = AnswerForm()
    if form.validate():
        with form.showing_refusal():
            actions.answer(feedback, text=form.text.data or "", actor=actor, now=clock.now())
            flash_done(_("第 %(number)s 号意见已答复。", number=feedback.id))
            return see("feedback.inbox")
    return render_template("feedback/handle.html", feedback=feedback, form=form, may_reply=True), 422


@bp.route("/inbox/<id:feedback_id>/close", methods=["GET", "POST"])
@allow(roles("admin"))
def close(feedback_id: int) -> ResponseReturnValue:
    actor = current_actor()
    feedback = access.get_handled(actor, feedback_id)
    require(access.may_reply(actor, feedback))
    form = CloseForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.close(feedback, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("第 %(number)s 号意见已关闭。", number=feedback.id))
            return see("feedback.inbox")
    return render_template("feedback/close.html", feedback=feedback, form=form), 422 if form.errors else 200
