"""Pages of calls: what is called for, sending a case in, and how a call goes."""

from io import BytesIO

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from lms.calls import access, actions, forms, queries, review_pages, sheets
from lms.calls.models import CaseCall
from lms.core import clock
from lms.core.files import clean_label
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import write_xlsx
from lms.core.web import allow, arg_text, current_actor, flash_done, roles, see, signed_in
from lms.people import access as people
from lms.units import access as units
from lms.units.queries import list_children, list_tops

bp = Blueprint("calls", __name__, url_prefix="/calls", template_folder="templates")
bp.context_processor(review_pages.words)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@allow(signed_in)
def index() -> ResponseReturnValue:
    page = queries.list_calls(current_actor(), cursor=arg_text("cursor", 2000))
    return render_template("calls/index.html", page=page, today=clock.today())


@bp.route("/new", methods=["GET", "POST"])
@allow(roles("admin"))
def new() -> ResponseReturnValue:
    actor = current_actor()
    form = forms.CallForm()
    form.offer([unit for unit in list_tops(actor) if actor.covers(unit.path, "admin")])
    if form.validate_on_submit():
        with form.showing_refusal():
            unit = units.get_administered(actor, int(form.unit.data))
            call = actions.open_call(form.wanted(), unit=unit, actor=actor, now=clock.now())
            flash_done(_("征集已经写好。下一步：给下级单位分名额。"))
            return see("calls.quotas", call_id=call.id)
    return render_template("calls/new.html", form=form), 422 if form.errors else 200


@bp.get("/<id:call_id>")
@allow(signed_in)
def show(call_id: int) -> ResponseReturnValue:
    call = access.get_call(current_actor(), call_id)
    return _page(call, forms.EnterForm())


def _page(call: CaseCall, form: forms.EnterForm, code: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    form.case.choices = queries.own_choices(actor, call)
    return render_template(
        "calls/show.html",
        call=call,
        phase=call.phase_on(clock.today()),
        form=form,
        mine=queries.list_entries(actor, call, mine=True),
        organizes=access.may_organize(actor, call),
    ), code


@bp.route("/<id:call_id>/change", methods=["GET", "POST"])
@allow(roles("admin"))
def change(call_id: int) -> ResponseReturnValue:
    actor = current_actor()
    call = access.get_organized(actor, call_id)
    frozen = queries.has_entries(call)
    form = forms.change_form(call, frozen=frozen)
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.change_call(call, form.wanted(call), actor=actor, now=clock.now())
            flash_done(_("征集已经改好。"))
            return see("calls.show", call_id=call.id)
    return render_template("calls/change.html", call=call, form=form, frozen=frozen), 422 if form.errors else 200


@bp.post("/<id:call_id>/entries")
@allow(signed_in)
def enter(call_id: int) -> ResponseReturnValue:
    actor = current_actor()
    call = access.get_call(actor, call_id)
    form = forms.EnterForm()
    form.case.choices = queries.own_choices(actor, call)
    if form.validate_on_submit():
        with form.showing_refusal():
            case = access.get_enterable(actor, call, form.case.data)
            actions.enter(call, case, actor=actor, now=clock.now())
            flash_done(_("案例已经送出，评审有了结果会告诉作者。"))
            return see("reviews.progress", slug=case.slug)
    return _page(call, form, 422)


@bp.post("/<id:call_id>/entries/<id:entry_id>/removal")
@allow(signed_in)
def leave(call_id: int, entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    call = access.get_call(actor, call_id)
    entry = access.get_entry(actor, call, entry_id)
    if forms.PressForm().validate_on_submit():
        actions.leave(call, entry, actor=actor, now=clock.now())
        flash_done(_("案例已退出这次征集。"))
    return see("calls.show", call_id=call.id)


@bp.route("/<id:call_id>/quotas", methods=["GET", "POST"])
@allow(roles("admin"))
def quotas(call_id: int) -> ResponseReturnValue:
    actor = current_actor()
    call = access.get_organized(actor, call_id)
    below = list_children(call.unit)
    form = forms.quota_form(below, queries.quotas_of(call))
    if form.validate_on_submit():
        actions.set_quotas(call, forms.places_of(form, below), actor=actor, now=clock.now())
        flash_done(_("名额已保存。"))
        return see("calls.board", call_id=call.id)
    return render_template("calls/quotas.html", call=call, form=form, below=below), 422 if form.errors else 200


@bp.route("/<id:call_id>/reviewers", methods=["GET", "POST"])
@allow(roles("admin"))
def reviewers(call_id: int) -> ResponseReturnValue:
    actor = current_actor()
    call = access.get_organized(actor, call_id)
    words = arg_text("q", 40)
    form = forms.PersonForm()
    form.person.choices = queries.find_people(actor, words)
    if form.validate_on_submit():
        with form.showing_refusal():
            person = people.get_administered(actor, int(form.person.data))
            actions.add_reviewer(call, person, actor=actor, now=clock.now())
            flash_done(_("%(name)s 已进入专家库。", name=person.name))
            return see("calls.reviewers", call_id=call.id)
    found = queries.list_reviewers(call)
    page = render_template("calls/reviewers.html", call=call, form=form, words=words, reviewers=found)
    return page, 422 if form.errors else 200


@bp.post("/<id:call_id>/reviewers/<id:reviewer_id>/removal")
@allow(roles("admin"))
def remove_reviewer(call_id: int, reviewer_id: int) -> ResponseReturnValue:
    actor = current_actor()
    call = access.get_organized(actor, call_id)
    reviewer = access.get_reviewer(call, reviewer_id)
    if forms.PressForm().validate_on_submit():
        actions.remove_reviewer(call, reviewer, actor=actor, now=clock.now())
        flash_done(_("已移出专家库。"))
    return see("calls.reviewers", call_id=call.id)


@bp.get("/<id:call_id>/board")
@allow(roles("admin", "trainer"))
def board(call_id: int) -> ResponseReturnValue:
    """What came in from one's units, and how far it got; for those who called, in the order of the score."""
    actor = current_actor()
    call = access.get_call(actor, call_id)
    return render_template(
        "calls/board.html",
        call=call,
        phase=call.phase_on(clock.today()),
        entries=queries.list_entries(actor, call),
        shares=queries.list_shares(actor, call),
        organizes=access.may_organize(actor, call),
    )


@bp.post("/<id:call_id>/export")
@allow(roles("admin", "trainer"), heavy=True)
def export(call_id: int) -> ResponseReturnValue:
    actor = current_actor()
    call = access.get_call(actor, call_id)
    packed = write_xlsx(sheets.board(actor, call))
    actions.record_export(call, actor=actor, now=clock.now())
    label = clean_label(f"{call.title}-{clock.today().isoformat()}.xlsx")
    return send_file(BytesIO(packed), mimetype=XLSX, as_attachment=True, download_name=label)
