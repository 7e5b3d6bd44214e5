"""Pages of the case library: find, read, use, talk, teach; and, for those who answer for a case, withdraw it."""

from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from lms.cases import (
    access,
    actions,
    comments,
    forms,
    lesson_draft,
    method_check,
    methods,
    pages,
    queries,
    sheets,
    uses,
)
from lms.core import clock, files
from lms.core.files import clean_label
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import write_xlsx
from lms.core.web import allow, arg_int, arg_text, current_actor, flash_done, require, roles, see, signed_in
from lms.units.queries import list_tops

bp = Blueprint("cases", __name__, url_prefix="/cases", template_folder="templates")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: How long a browser may keep a file of a version: it never changes. Seconds.
KEEP = 7 * 24 * 3600
LARGEST_VERSION = 100_000


@bp.get("/")
@allow(signed_in)
def index() -> ResponseReturnValue:
    page = pages.finding_page(current_actor(), pages.read_inquiry(), arg_text("cursor", 2000))
    return render_template("cases/index.html", **page)


@bp.get("/methods", endpoint="methods")
@allow(signed_in)
def list_methods() -> ResponseReturnValue:
    actor = current_actor()
    listed, writes = queries.list_methods(actor), actor.has(*access.RUNNING)
    return render_template("cases/methods.html", methods=listed, writes=writes)


@bp.route("/methods/new", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def write_method() -> ResponseReturnValue:
    """Write a method in the name of a unit that one runs."""
    actor = current_actor()
    units = {unit.id: unit for unit in list_tops(actor)}
    form, parts = forms.NewMethodForm(authors=actor.name).offer(units.values()), []
    if form.validate_on_submit():
        with form.showing_refusal():
            text = form.said()
            parts = pages.method_parts(method_check.checked(text))
            if not form.only_looks:
                written = methods.publish_method(text, unit=units[form.unit.data], actor=actor, now=clock.now())
                flash_done(_("工作法已写入，现在大家都看得到。"))
                return see("cases.method", slug=written.slug)
    page = {"form": form, "parts": parts, "method": None}
    return render_template("cases/write_method.html", **page), 422 if form.errors else 200


@bp.route("/methods/<slug>/edit", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def edit_method(slug: str) -> ResponseReturnValue:
    """Write the next version; those before it stay as they were."""
    actor = current_actor()
    method = access.get_run_method(actor, slug, lock=request.method == "POST")
    newest = access.get_method_version(method)
    form, parts = forms.MethodForm.saying(methods.said_by(newest), based_on=newest.number), []
    if form.validate_on_submit():
        with form.showing_refusal():
            text, based_on = form.said(), int(form.based_on.data or 0)
            parts = pages.method_parts(method_check.checked(text))
            if not form.only_looks:
                form.based_on.data = str(newest.number)  # the next time is a decision
                new = methods.revise_method(method, text, based_on=based_on, actor=actor, now=clock.now())
                flash_done(_("已存为第 %(number)s 版。", number=new.number) if new else _("没有改动，不写新的一版。"))
                return see("cases.method", slug=slug)
    page = {"form": form, "parts": parts, "method": method, "version": newest}
    return render_template("cases/write_method.html", **page), 422 if form.errors else 200


@bp.get("/methods/<slug>")
@allow(signed_in)
def method(slug: str) -> ResponseReturnValue:
    """A method: its newest version, or an older one to read. Of one that was withdrawn, why."""
    actor = current_actor()
    found = access.get_method(slug)
    version = access.get_method_version(found, arg_int("version", 0, 1, LARGEST_VERSION) or None)
    gone = queries.find_withdrawal(found)
    if gone is not None and not access.may_run_method(actor, found):
        return render_template("cases/method_gone.html", version=version, gone=gone), 410
    return render_template("cases/method.html", gone=gone, **pages.method_page(actor, found, version))


@bp.route("/methods/<slug>/withdrawal", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def withdraw_method(slug: str) -> ResponseReturnValue:
    actor = current_actor()
    method = access.get_run_method(actor, slug, lock=request.method == "POST")
    form = forms.WithdrawMethodForm()
    if not form.is_submitted() and queries.find_withdrawal(method) is not None:
        return see("cases.method", slug=slug)
    if form.validate_on_submit():
        with form.showing_refusal():
            methods.withdraw_method(method, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("工作法已撤回，写到它的地方都会说明。"))
            return see("cases.method", slug=slug)
    page = pages.method_page(actor, method, access.get_method_version(method))
    return render_template("cases/withdraw_method.html", form=form, **page), 422 if form.errors else 200


@bp.post("/methods/<slug>/restoration")
@allow(roles("admin", "trainer"))
def restore_method(slug: str) -> ResponseReturnValue:
    """Let everyone read it again."""
    actor = current_actor()
    method = access.get_run_method(actor, slug, lock=True)
    if forms.PressForm().validate_on_submit():
        methods.restore_method(method, actor=actor, now=clock.now())
        flash_done(_("工作法已恢复，大家又能读到。"))
    return see("cases.method", slug=slug)


@bp.get("/<slug>")
@allow(signed_in)
def show(slug: str) -> ResponseReturnValue:
    gone = queries.find_gone(slug)
    actor = current_actor()
    if gone is not None and not access.may_see_gone(actor, slug):
        return render_template("cases/gone.html", gone=gone), 410
    case = access.get_case(actor, slug)
    version = access.get_version(actor, case, arg_int("version", 0, 1, LARGEST_VERSION) or None)
    page = pages.case_page(actor, case, version)
    return render_template("cases/show.html", gone=gone, **page, **pages.blank_forms())


@bp.get("/<slug>/print")
@allow(signed_in)
def paper(slug: str) -> ResponseReturnValue:
    """The version to print, without anything around it."""
    actor = current_actor()
    case = access.get_case(actor, slug)
    version = access.get_version(actor, case, arg_int("version", 0, 1, LARGEST_VERSION) or None)
    return render_template("cases/paper.html", **pages.case_page(actor, case, version))


@bp.get("/<slug>/files/<name>")
@allow(signed_in)
def file(slug: str, name: str) -> Response:
    actor = current_actor()
    case = access.get_case(actor, slug)
    number = arg_int("version", 0, 1, LARGEST_VERSION)
    version = access.get_version_with_files(actor, case, number or None)
    found = access.get_file(version, name, originals=access.sees_drafts(actor, case))
    response = files.send(found.file, private_seconds=KEEP if number and case.is_public else 0)
    response.mimetype = found.mime
    return response


@bp.get("/<slug>/history")
@allow(signed_in)
def history(slug: str) -> ResponseReturnValue:
    """Versions and steps, for those who may read what is not public."""
    actor = current_actor()
    case = access.get_case(actor, slug)
    require(access.sees_drafts(actor, case))
    versions, steps = queries.list_versions(case), queries.list_steps(case)
    runs = access.may_run(actor, case)
    return render_template("cases/history.html", case=case, versions=versions, steps=steps, runs=runs)


@bp.get("/<slug>/uses")
@allow(signed_in)
def travelled(slug: str) -> ResponseReturnValue:
    """Where the method travelled, as a tree of units."""
    actor = current_actor()
    case = access.get_case(actor, slug)
    found = queries.list_uses(case)
    version = access.get_version(actor, case)
    return render_template("cases/uses.html", case=case, version=version, uses=found, tree=queries.tree_of(found))


@bp.post("/<slug>/uses")
@allow(signed_in)
def note_use(slug: str) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_case(actor, slug)
    form = forms.UseForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            said = {"sentence": form.sentence.data or "", "contact": form.contact.data or ""}
            uses.note_use(case, **said, actor=actor, now=clock.now())
            flash_done(_("已登记，案例的作者会看到。"))
            return see("cases.show", slug=slug, _anchor="uses")
    page = pages.case_page(actor, case, access.get_version(actor, case))
    return render_template("cases/show.html", **page, **{**pages.blank_forms(), "use_form": form}), 422


@bp.post("/<slug>/uses/taking-back")
@allow(signed_in)
def take_back_use(slug: str) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_case(actor, slug)
    form = forms.PressForm()
    if form.validate_on_submit():
        uses.take_back_use(case, actor=actor, now=clock.now())
        flash_done(_("已撤回本单位的登记。"))
    return see("cases.show", slug=slug, _anchor="uses")


@bp.post("/<slug>/comments")
@allow(signed_in)
def comment(slug: str) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_case(actor, slug)
    form = forms.CommentForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            comments.write_comment(case, text=form.text.data or "", actor=actor, now=clock.now())
            flash_done(_("留言已发出。"))
            return see("cases.show", slug=slug, _anchor="comments")
    page = pages.case_page(actor, case, access.get_version(actor, case))
    return render_template("cases/show.html", **page, **{**pages.blank_forms(), "comment_form": form}), 422


@bp.post("/<slug>/comments/<id:comment_id>/hiding")
@allow(roles("admin", "trainer"))
def hide_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_case(actor, slug)
    found = comments.get_moderated(actor, case, comment_id)
    form = forms.ReasonForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            comments.hide_comment(case, found, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("留言已隐藏，写的人看得到原因。"))
            return see("cases.show", slug=slug, _anchor="comments")
    page = pages.case_page(actor, case, access.get_version(actor, case))
    wrong = {"reason_form": form, "wrong": comment_id}
    return render_template("cases/show.html", **page, **{**pages.blank_forms(), **wrong}), 422


@bp.post("/<slug>/comments/<id:comment_id>/showing")
@allow(roles("admin", "trainer"))
def show_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_case(actor, slug)
    found = comments.get_moderated(actor, case, comment_id)
    form = forms.PressForm()
    if form.validate_on_submit():
        comments.show_comment(case, found, actor=actor, now=clock.now())
        flash_done(_("留言已恢复显示。"))
    return see("cases.show", slug=slug, _anchor="comments")


@bp.route("/<slug>/withdrawal", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def withdraw(slug: str) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_run(actor, slug)
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.withdraw(case, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("案例已撤回，用到它的地方都会说明。"))
            return see("cases.history", slug=slug)
    page = {"version": access.get_version(actor, case), "teaching": queries.list_teaching(actor, case)}
    return render_template("cases/withdraw.html", case=case, form=form, **page), 422 if form.errors else 200


@bp.route("/<slug>/succession", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def supersede(slug: str) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_run(actor, slug)
    form = forms.SupersedeForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            by = access.get_successor(actor, form.successor.data or "")
            actions.supersede(case, by=by, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("已写明由哪一篇取代。"))
            return see("cases.show", slug=slug)
    version = access.get_version(actor, case)
    return render_template("cases/supersede.html", case=case, version=version, form=form), 422 if form.errors else 200


@bp.get("/<slug>/lesson")
@allow(roles("admin", "trainer"))
def lesson(slug: str) -> ResponseReturnValue:
    """A lesson made of the case: to look at, and to take along as the folder of a course."""
    actor = current_actor()
    case = access.get_public(actor, slug)
    version = access.get_version(actor, case)
    text, questions = lesson_draft.lesson(case, version), lesson_draft.questions_of(version)
    name = lesson_draft.folder_name(case)
    shown = {"case": case, "version": version, "text": text, "questions": questions, "name": name}
    return render_template("cases/lesson.html", **shown)


@bp.get("/<slug>/lesson.zip")
@allow(roles("admin", "trainer"))
def lesson_folder(slug: str) -> ResponseReturnValue:
    actor = current_actor()
    case = access.get_public(actor, slug)
    version = access.get_version(actor, case)
    tier = lesson_draft.tier_for([unit.level.value for unit in list_tops(actor)])
    packed = lesson_draft.zipped(case, lesson_draft.files_of(case, version, tier, actor.name))
    label = f"{lesson_draft.folder_name(case)}.zip"
    return send_file(BytesIO(packed), mimetype="application/zip", as_attachment=True, download_name=label)


@bp.post("/export")
@allow(roles("admin"), heavy=True)
def export() -> ResponseReturnValue:
    """The list of the cases of one's units, drafts included, as a workbook."""
    actor = current_actor()
    table = sheets.case_list(actor)
    packed = write_xlsx([table])
    actions.record_export(actor=actor, now=clock.now())
    label = clean_label(f"{table.name}-{clock.today().isoformat()}.xlsx")
    return send_file(BytesIO(packed), mimetype=XLSX, as_attachment=True, download_name=label)
