"""Pages of a file of back-entries: template, upload, what was understood, confirmation, approval of many."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock, files
from lms.core.errors import Denied, Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.core.web import LARGEST_ID, allow, arg_choice, arg_text, current_actor, flash_done, require, roles, see
from lms.records import access, actions, loads, queries
from lms.records.blueprint import bp
from lms.records.findings import from_json
from lms.records.forms import ConfirmLoadForm, LoadForm
from lms.records.models import BackEntryLoad, LoadStage
from lms.records.views import store_evidence
from lms.roster.exports import findings_xlsx
from lms.roster.findings import Severity

MOST_FINDINGS = 200  # on a page; the file to download holds them all


@bp.get("/back-entries/template.xlsx")
@allow(roles("admin", "trainer"))
def template() -> Response:
    return files.hand_out(loads.template(), _("补录表模板.xlsx"))


@bp.route("/back-entries/files/new", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def new_load() -> ResponseReturnValue:
    actor = current_actor()
    form = LoadForm()
    form.unit.choices = queries.entering_units(actor)
    if form.validate_on_submit():
        unit = access.get_entering_unit(actor, _identifier(form.unit.data))
        with form.showing_refusal():
            posted = files.posted("file")
            if posted is None:
                raise Refused(_("请选择文件。"), "file")
            proof = store_evidence("evidence")
            load = loads.check(unit, *posted, evidence=proof, actor=actor, now=clock.now())
            return see("records.show_load", load_id=load.id)
    return render_template("records/new_load.html", form=form), 422 if form.errors else 200


@bp.get("/back-entries/files/<id:load_id>")
@allow(roles("admin", "trainer"))
def show_load(load_id: int) -> ResponseReturnValue:
    return _page(access.get_load(current_actor(), load_id), ConfirmLoadForm(formdata=None))


@bp.post("/back-entries/files/<id:load_id>/confirmation")
@allow(roles("admin", "trainer"))
def confirm_load(load_id: int) -> ResponseReturnValue:
    actor = current_actor()
    load = access.get_load(actor, load_id)
    require(load.created_by_id == actor.person_id)
    form = ConfirmLoadForm()
    if form.validate():
        with form.showing_refusal():
            count = loads.carry_out(load, accept_sound=bool(form.accept_sound.data), actor=actor, now=clock.now())
            flash_done(ngettext("已登记 %(num)s 条，等待第二人审批。", "已登记 %(num)s 条，等待第二人审批。", count))
            return see("records.show_load", load_id=load.id)
    return _page(load, form), 422


@bp.post("/back-entries/files/<id:load_id>/discard")
@allow(roles("admin", "trainer"))
def discard_load(load_id: int) -> ResponseReturnValue:
    actor = current_actor()
    load = access.get_load(actor, load_id)
    require(load.created_by_id == actor.person_id)
    loads.discard(load, actor=actor, now=clock.now())
    flash_done(_("已放弃这份文件，没有登记任何内容。"))
    return see("records.index")


@bp.get("/back-entries/files/<id:load_id>/findings.xlsx")
@allow(roles("admin", "trainer"))
def load_findings(load_id: int) -> Response:
    load = access.get_load(current_actor(), load_id)
    name = _("%(file)s 的问题清单.xlsx", file=load.file_name.rpartition(".")[0])
    return files.hand_out(findings_xlsx([from_json(one) for one in load.findings]), name)


@bp.post("/back-entries/files/<id:load_id>/approval")
@allow(roles("admin"))
def approve_load(load_id: int) -> ResponseReturnValue:
    actor = current_actor()
    load = access.get_load(actor, load_id)
    require(load.created_by_id != actor.person_id)
    approved = actions.approve_sound(load, loads.list_sound(load), actor=actor, now=clock.now())
    left = len(queries.list_waiting_of(load))
    flash_done(_("已批准 %(approved)s 条，还有 %(left)s 条待审批。", approved=approved, left=left))
    return see("records.show_load", load_id=load.id)


def _identifier(text: str | None) -> int:
    """:raise Denied: it is no identifier of ours."""
    if not text or not (text.isascii() and text.isdigit()) or not 0 < int(text) <= LARGEST_ID:
        raise Denied()
    return int(text)


def _page(load: BackEntryLoad, form: ConfirmLoadForm) -> str:
    actor = current_actor()
    severity = arg_choice("severity", list(Severity))
    found = [from_json(one) for one in load.findings]
    chosen = [one for one in found if not severity or one.severity == severity]
    loaded = load.stage is LoadStage.LOADED
    return render_template(
        "records/show_load.html",
        load=load,
        form=form,
        own=load.created_by_id == actor.person_id,
        page=queries.list_back_entries(actor, load_id=load.id, cursor=arg_text("cursor", 2000)) if loaded else None,
        findings=chosen[:MOST_FINDINGS],
        found=len(chosen),
        severity=severity,
        severities=Severity,
    )
