"""Pages of those who are late or not trained yet: who can do something about it, and what."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import BadInput, Denied
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import LARGEST_ID, allow, arg_text, current_actor, flash_done, roles, see
from lms.coverage import acting, actions, names, queries
from lms.coverage.actions import MOST
from lms.coverage.blueprint import bp, frame, read_selection
from lms.coverage.names import Group, Selection
from lms.people.identity import mask_phone

#: What this page may list.
SHOWN = (Group.MISSING, Group.OVERDUE, Group.DUE)


@bp.get("/overdue")
@allow(roles("admin"), heavy=True)
def overdue() -> ResponseReturnValue:
    selection = _read()
    page = names.list_people(selection, cursor=arg_text("cursor", 2000))
    board = queries.by_unit(selection.inquiry)
    is_narrow = selection.is_narrow or selection.post is not None
    return render_template(
        "coverage/overdue.html",
        selection=selection,
        page=page,
        count=names.count_people(selection) if is_narrow else board.total.of(selection.group.states),
        board=board,
        acting=acting.read([row.unit.id for row in board.rows if row.unit], page.items),
        courses=acting.list_courses(selection.inquiry),
        groups=SHOWN,
        most=MOST,
        mask=mask_phone,
        **frame(selection.inquiry),
    )


@bp.post("/overdue/remind")
@allow(roles("admin"))
def remind() -> ResponseReturnValue:
    selection = _read()
    done = actions.remind(selection, _chosen(), actor=current_actor(), now=clock.now())
    flash_done(_("已提醒 %(count)s 人。", count=done.people) + _left_out(done.left_out))
    return see("coverage.overdue", **selection.args())


@bp.post("/overdue/courses")
@allow(roles("admin"))
def put_into() -> ResponseReturnValue:
    selection = _read()
    course_id = _id(request.form.get("course", ""))
    course = next((one for one in acting.list_courses(selection.inquiry) if one.id == course_id), None)
    if course is None:
        raise Denied()
    done = actions.put_into(selection, _chosen(), course, actor=current_actor(), now=clock.now())
    left = _("另有 %(count)s 人早已选了这门课，或已经完成培训。", count=done.left_out) if done.left_out else ""
    flash_done(_("已把 %(count)s 人加入《%(course)s》。", count=done.people, course=course.title) + left)
    return see("coverage.overdue", **selection.args())


def _read() -> Selection:
    selection = read_selection(Group.MISSING)
    if selection.group not in SHOWN:
        raise BadInput(_l("地址中的 %(name)s 不是可选的值。", name="group"))
    return selection


def _left_out(count: int) -> str:
    return _("另有 %(count)s 人一周内已经提醒过，或已经完成培训。", count=count) if count else ""


def _chosen() -> list[int] | None:
    """The people ticked; None where the whole list is."""
    if request.form.get("all") == "1":
        return None
    return [_id(text) for text in request.form.getlist("person")]


def _id(text: str) -> int:
    """:raise BadInput: no identifier of ours."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= LARGEST_ID):
        raise BadInput()
    return int(text)
