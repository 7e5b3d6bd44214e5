"""Pages of a roster's way: upload, what was understood, confirmation, result, slips. For administrators."""

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, files
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_choice, arg_text, current_actor, flash_done, roles, see
from lms.people import identity
from lms.people.models import Gender
from lms.roster import access, actions, exports, queries, slips, taking_back
from lms.roster.findings import Severity, from_json
from lms.roster.forms import ColumnsForm, ConfirmForm, UndoForm, UploadForm, columns_form
from lms.roster.mapping import Field
from lms.roster.models import RosterLoad, Stage

bp = Blueprint("roster", __name__, url_prefix="/roster", template_folder="templates")

MOST_FINDINGS = 200  # on a page; the file to download holds them all
FIELD_LABELS = {one.value: one.label for one in Field}


@bp.get("/")
@allow(roles("admin"))
def index() -> ResponseReturnValue:
    page = queries.list_loads(current_actor(), cursor=arg_text("cursor", 2000))
    return render_template("roster/index.html", page=page)


@bp.route("/new", methods=["GET", "POST"])
@allow(roles("admin"))
def new() -> ResponseReturnValue:
    actor = current_actor()
    form = UploadForm()
    form.unit.choices = [(unit.id, unit.name) for unit in queries.list_units(actor)]
    if form.validate_on_submit():
        unit = access.get_unit(actor, form.unit.data)
        with form.showing_refusal():
            posted = files.posted("file")
            if posted is None:
                raise Refused(_("请选择文件。"), "file")
            load, _checked = actions.check(unit, *posted, most=actions.MOST_ON_A_PAGE, actor=actor, now=clock.now())
            return see("roster.show", load_id=load.id)
    return render_template("roster/new.html", form=form), 422 if form.errors or form.form_errors else 200


@bp.get("/<id:load_id>")
@allow(roles("admin"))
def show(load_id: int) -> ResponseReturnValue:
    load = access.get_load(current_actor(), load_id)
    return _page(load, ConfirmForm(formdata=None), columns_form(load.understood["columns"]))


@bp.post("/<id:load_id>/columns")
@allow(roles("admin"))
def choose_columns(load_id: int) -> ResponseReturnValue:
    actor = current_actor()
    load = access.get_load(actor, load_id)
    form = columns_form(load.understood["columns"])
    if form.validate():
        with form.showing_refusal():
            actions.choose_columns(load, form.chosen(), actor=actor, now=clock.now())
            flash_done(_("已按新的列对应重新检查，本县今后的花名册也照此理解。"))
            return see("roster.show", load_id=load.id)
    return _page(load, ConfirmForm(formdata=None), form), 422


@bp.post("/<id:load_id>/confirmation")
@allow(roles("admin"))
def confirm(load_id: int) -> ResponseReturnValue:
    actor = current_actor()
    load = access.get_load(actor, load_id)
    form = ConfirmForm()
    if form.validate():
        with form.showing_refusal():
            changed = actions.carry_out(
                load,
                accept_sound=bool(form.accept_sound.data),
                confirm_endings=bool(form.confirm_endings.data),
                actor=actor,
                now=clock.now(),
            )
            flash_done(_("已载入。") if changed else _("没有任何变化：这份文件与现有记录一致。"))
            return see("roster.show", load_id=load.id)
    return _page(load, form, columns_form(load.understood["columns"])), 422


@bp.post("/<id:load_id>/discard")
@allow(roles("admin"))
def discard(load_id: int) -> ResponseReturnValue:
    actor = current_actor()
    actions.discard(access.get_load(actor, load_id), actor=actor, now=clock.now())
    flash_done(_("已放弃这份文件，没有载入任何内容。"))
    return see("roster.index")


@bp.route("/<id:load_id>/undo", methods=["GET", "POST"])
@allow(roles("admin"))
def undo(load_id: int) -> ResponseReturnValue:
    actor = current_actor()
    load = access.get_load(actor, load_id)
    form = UndoForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            changed = actions.undo(load, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("已撤回这次载入。") if changed else _("这次载入先前已经撤回。"))
            return see("roster.show", load_id=load.id)
    if load.stage is not Stage.LOADED:
        return see("roster.show", load_id=load.id)
    found, known = taking_back.read(load), {"field_labels": FIELD_LABELS, "mask": identity.mask_phone}
    page = render_template("roster/undo.html", load=load, form=form, found=found, genders=Gender, **known)
    return page, 422 if form.errors else 200


@bp.get("/<id:load_id>/findings.xlsx")
@allow(roles("admin"))
def findings_file(load_id: int) -> Response:
    load = access.get_load(current_actor(), load_id)
    name = _("%(file)s 的问题清单.xlsx", file=load.file_name.rpartition(".")[0])
    return files.hand_out(exports.findings_xlsx([from_json(one) for one in load.findings]), name)


@bp.get("/<id:load_id>/slips")
@allow(roles("admin"))
def list_slips(load_id: int) -> ResponseReturnValue:
    load = access.get_load(current_actor(), load_id)
    return render_template("roster/slips.html", load=load, streets=queries.list_slip_streets(load))


@bp.post("/<id:load_id>/slips/<id:unit_id>")
@allow(roles("admin"))
def print_slips(load_id: int, unit_id: int) -> ResponseReturnValue:
    """The codes are in this one answer and nowhere else, hence no redirect."""
    actor = current_actor()
    load = access.get_load(actor, load_id)
    street = access.get_street(actor, load, unit_id)
    made = actions.issue_slips(load, street, actor=actor, now=clock.now())
    address = url_for("accounts.sign_in", _external=True)
    return render_template(
        "roster/print.html", load=load, street=street, slips=made, address=address, qr=slips.qr_code(address)
    )


def _page(load: RosterLoad, confirm_form: ConfirmForm, columns: ColumnsForm) -> str:
    """What was understood and found, or what came of it."""
    severity = arg_choice("severity", list(Severity))
    found = [from_json(one) for one in load.findings]
    chosen = [one for one in found if not severity or one.severity == severity]
    return render_template(
        "roster/result.html" if load.loaded_at is not None else "roster/show.html",
        load=load,
        form=confirm_form,
        columns=columns,
        field_labels=FIELD_LABELS,
        missing_fields=[Field(one) for one in load.understood["missing_fields"]],
        findings=chosen[:MOST_FINDINGS],
        found=len(chosen),
        severity=severity,
        severities=Severity,
        earlier=queries.find_earlier(load),
    )
