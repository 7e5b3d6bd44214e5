"""Pages of the tree: browse, add, rename, move, close and merge, within one's own subtree."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_text, current_actor, flash_done, require, roles, see
from lms.units import access, actions, queries
from lms.units.forms import AddForm, CloseForm, MoveForm, RenameForm
from lms.units.models import Kind, Level

bp = Blueprint("units", __name__, url_prefix="/units", template_folder="templates")


@bp.get("/")
@allow(roles("admin", "trainer"))
def index() -> ResponseReturnValue:
    actor = current_actor()
    words = arg_text("q")
    found = queries.search_units(actor, words, cursor=arg_text("cursor", 2000)) if words else None
    return render_template("units/index.html", tops=queries.list_tops(actor), words=words, found=found)


@bp.get("/<id:unit_id>")
@allow(roles("admin", "trainer"))
def show(unit_id: int) -> ResponseReturnValue:
    actor = current_actor()
    unit = access.get_unit(actor, unit_id)
    return render_template(
        "units/show.html",
        unit=unit,
        ancestors=queries.list_ancestors(unit),
        children=queries.list_children(unit),
        readable_ids=access.readable_ancestor_ids(actor, unit),
        may_change=access.may_change(actor, unit),
        may_add=access.may_add_below(actor, unit),
    )


@bp.route("/<id:unit_id>/add", methods=["GET", "POST"])
@allow(roles("admin"))
def add(unit_id: int) -> ResponseReturnValue:
    actor = current_actor()
    parent = access.get_unit(actor, unit_id)
    require(access.may_add_below(actor, parent))
    form = AddForm()
    form.offer_levels(parent.level)
    if form.validate_on_submit():
        with form.showing_refusal():
            unit = actions.add(
                parent=parent,
                level=Level(form.level.data),
                kind=Kind(form.kind.data),
                name=form.name.data or "",
                code=form.code.data or None,
                actor=actor,
                now=clock.now(),
            )
            flash_done(_("已新增“%(name)s”。", name=unit.name))
            return see("units.show", unit_id=parent.id)
    return render_template("units/add.html", form=form, unit=parent), 422 if form.errors else 200


@bp.route("/<id:unit_id>/name", methods=["GET", "POST"])
@allow(roles("admin"))
def rename(unit_id: int) -> ResponseReturnValue:
    actor = current_actor()
    unit = access.get_unit(actor, unit_id)
    require(access.may_change(actor, unit))
    form = RenameForm(obj=unit)
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.rename(unit, name=form.name.data or "", actor=actor, now=clock.now())
            flash_done(_("名称已改为“%(name)s”。", name=unit.name))
            return see("units.show", unit_id=unit.id)
    return render_template("units/rename.html", form=form, unit=unit), 422 if form.errors else 200


@bp.route("/<id:unit_id>/parent", methods=["GET", "POST"])
@allow(roles("admin"))
def move(unit_id: int) -> ResponseReturnValue:
    actor = current_actor()
    unit = access.get_unit(actor, unit_id)
    require(access.may_change(actor, unit))
    form = MoveForm()
    form.parent.choices = queries.parent_choices(actor, unit)
    if form.validate_on_submit():
        parent = access.get_unit(actor, int(form.parent.data))
        require(access.may_add_below(actor, parent))
        with form.showing_refusal():
            actions.move(unit, parent=parent, actor=actor, now=clock.now())
            flash_done(_("已调整到“%(name)s”之下。", name=parent.name))
            return see("units.show", unit_id=unit.id)
    return render_template("units/move.html", form=form, unit=unit), 422 if form.errors else 200


@bp.route("/<id:unit_id>/closing", methods=["GET", "POST"])
@allow(roles("admin"))
def close(unit_id: int) -> ResponseReturnValue:
    actor = current_actor()
    unit = access.get_unit(actor, unit_id)
    require(access.may_change(actor, unit))
    form = CloseForm(last_day=clock.today())
    form.offer_successors(queries.successor_choices(actor, unit))
    if form.validate_on_submit():
        successor = access.get_unit(actor, int(form.successor.data)) if form.successor.data else None
        with form.showing_refusal():
            actions.close(unit, last_day=form.last_day.day, successor=successor, actor=actor, now=clock.now())
            flash_done(_("“%(name)s”已撤销。", name=unit.name))
            return see("units.show", unit_id=unit.parent_id)
    return render_template("units/close.html", form=form, unit=unit), 422 if form.errors else 200
