"""Pages of closed years: what was stated, how it differs from today, closing and stating anew."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_text, current_actor, flash_done, roles, see
from lms.coverage import changes, closing, closings, frozen, sheets
from lms.coverage.blueprint import bp, frame, read_asked, read_changes, read_frozen
from lms.coverage.forms import RestateForm
from lms.coverage.inquiry import Inquiry
from lms.coverage.names import Group
from lms.people.posts import PostClass


@bp.get("/closings", endpoint="closings")
@allow(roles("admin"), heavy=True)
def show() -> ResponseReturnValue:
    return _page(read_asked(), RestateForm())


@bp.post("/closings/close")
@allow(roles("admin"), heavy=True)
def close() -> ResponseReturnValue:
    asked = read_asked()
    closing.close(asked.asked, asked.unit, actor=current_actor(), now=clock.now())
    flash_done(_("已结账。结账数不会再变，以后的变化会作为差异显示。"))
    return see("coverage.closings", **asked.args())


@bp.post("/closings/restate")
@allow(roles("admin"), heavy=True)
def restate() -> ResponseReturnValue:
    asked, form = read_asked(), RestateForm()
    if form.validate():
        with form.showing_refusal():
            closing.restate(
                asked.asked, asked.unit, reason=form.reason.data or "", actor=current_actor(), now=clock.now()
            )
            flash_done(_("已更正。原来的结账数仍然保留在下面。"))
            return see("coverage.closings", **asked.args())
    return _page(asked, form), 422


@bp.get("/closings/people")
@allow(roles("admin"), heavy=True)
def closed_people() -> ResponseReturnValue:
    selection = read_frozen()
    return render_template(
        "coverage/closed_people.html",
        selection=selection,
        count=frozen.count_people(selection),
        page=frozen.list_people(selection, cursor=arg_text("cursor", 2000)),
        groups=Group,
        posts=PostClass,
        waits=sheets.MOST_AT_ONCE,
        **frame(selection.inquiry),
    )


@bp.get("/closings/changes")
@allow(roles("admin"), heavy=True)
def closed_changes() -> ResponseReturnValue:
    wanted = read_changes()
    return render_template(
        "coverage/closed_changes.html",
        wanted=wanted,
        count=changes.count_changes(wanted),
        page=changes.list_changes(wanted, cursor=arg_text("cursor", 2000)),
        waits=sheets.MOST_AT_ONCE,
        **frame(wanted.inquiry),
    )


def _page(asked: Inquiry, form: RestateForm) -> str:
    closed = closings.read(asked)
    return render_template(
        "coverage/closings.html",
        form=form,
        closed=closed,
        rows=closings.by_unit(asked, closed) if closed.history else [],
        may_close=closings.may_be_closed(asked.asked, asked.today),
        closes_by_itself=closings.closes_by_itself(asked.asked),
        **frame(asked),
    )
