"""Pages of writing a case up: begin, put a Word file's parts in place, write, look, check, hand in."""

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lms.cases.authors import list_own
from lms.core import clock, files
from lms.core.errors import Denied, Refused
from lms.core.i18n import gettext as _
from lms.core.web import allow, arg_text, current_actor, flash_done, require, see, signed_in
from lms.drafts import access, actions, authorship, checking, destinations, forms, keeping, pages, queries, starting
from lms.drafts.blocks import figure
from lms.drafts.models import CaseDraft

bp = Blueprint("drafts", __name__, url_prefix="/drafts", template_folder="templates")

PAGE = "/<id:draft_id>"


@bp.get("/")
@allow(signed_in)
def index() -> ResponseReturnValue:
    actor = current_actor()
    page = queries.list_drafts(actor, cursor=arg_text("cursor", 2000))
    own = list_own(actor, [draft.case_id for draft in page.items])
    cases = [] if arg_text("cursor", 2000) else queries.list_own_cases(actor)
    return render_template("drafts/index.html", page=page, own=own, cases=cases)


@bp.route("/new", methods=["GET", "POST"])
@allow(signed_in)
def new() -> ResponseReturnValue:
    """Begin: with a Word file, or blank."""
    actor = current_actor()
    units = queries.list_units(actor)
    form = forms.StartForm(destination=arg_text("for", 40)).offer(units)
    if form.validate_on_submit():
        with form.showing_refusal():
            unit, now = access.get_own_unit(units, form.unit.data), clock.now()
            posted = files.posted("file")
            if posted is not None:
                draft = starting.start_from_word(unit, *posted, actor=actor, now=now)
                starting.mean_for(draft, form.destination.data or "", actor=actor)
                return see("drafts.arrange", draft_id=draft.id)
            if request.form.get("then") != "blank":
                raise Refused(_("请选择文件。"), "file")
            draft = starting.start_blank(unit, actor=actor, now=now)
            starting.mean_for(draft, form.destination.data or "", actor=actor)
            return see("drafts.write", draft_id=draft.id)
    return render_template("drafts/new.html", form=form, units=units), 422 if form.is_submitted() else 200


@bp.post("/of/<slug>")
@allow(signed_in)
def reopen(slug: str) -> ResponseReturnValue:
    """Go on writing a case that has a version already."""
    actor = current_actor()
    case = access.get_case_to_write(actor, slug)
    return see("drafts.write", draft_id=starting.start_from_case(case, actor=actor, now=clock.now()).id)


@bp.route(PAGE, methods=["GET", "POST"])
@allow(signed_in)
def write(draft_id: int) -> ResponseReturnValue:
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=request.method == "POST")
    if request.method == "GET":
        return render_template("drafts/write.html", **pages.write_page(actor, draft, pages.blank_form(draft)))
    form = forms.DraftForm().offer(queries.list_method_names(draft.methods))
    conflict = False
    if form.validate():
        with form.showing_refusal():
            saved = keeping.save(draft, form.save(), actor=actor, now=clock.now())
            conflict = saved.state == "conflict"
            if not conflict:
                return _onward(draft_id)
            form.insists.data = "1"  # the next time is a decision; what stands there is then kept aside
    page = pages.write_page(actor, draft, form, conflict=conflict)
    return render_template("drafts/write.html", **page), 409 if conflict else 422


def _onward(draft_id: int) -> ResponseReturnValue:
    then = request.form.get("then")
    if then == "authors":
        return see("authors.show", draft_id=draft_id)
    if then in ("preview", "check"):
        return see(f"drafts.{then}", draft_id=draft_id)
    flash_done(_("草稿已保存。"))
    return see("drafts.write", draft_id=draft_id)


@bp.post(f"{PAGE}/text")
@allow(signed_in)
def save(draft_id: int) -> ResponseReturnValue:
    """Keep what was typed, while it is typed: for the page's script."""
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    form = forms.DraftForm().offer(queries.list_method_names(draft.methods))
    if not form.validate():
        name, said = next(iter(form.errors.items()))
        label = form[name].label.text if name in form else ""
        return jsonify(state="refused", message=_("%(field)s：%(message)s", field=label, message=said[0])), 422
    saved = keeping.save(draft, form.save(), actor=actor, now=clock.now())
    return jsonify(pages.saved_json(draft, saved)), 409 if saved.state == "conflict" else 200


@bp.route(f"{PAGE}/arrangement", methods=["GET", "POST"])
@allow(signed_in)
def arrange(draft_id: int) -> ResponseReturnValue:
    """The parts of the Word file, each with the section it was put in."""
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=request.method == "POST")
    if not draft.blocks:
        return see("drafts.write", draft_id=draft_id)
    form = forms.arrange_form(len(draft.blocks))
    if form.is_submitted() and not form.validate():
        form.form_errors.append(_("有一段没有选择放在哪里，请重新打开这一页。"))
    elif form.is_submitted():
        with form.showing_refusal():
            keeping.arrange(draft, form.places(), actor=actor, now=clock.now())
            flash_done(_("已按您的选择分好段。"))
            return see(f"drafts.{'arrange' if form.then.data == 'stay' else 'write'}", draft_id=draft_id)
    page = pages.arrange_page(draft)
    return render_template("drafts/arrange.html", form=form, **page), 422 if form.is_submitted() else 200


@bp.post(f"{PAGE}/pictures")
@allow(signed_in)
def add_picture(draft_id: int) -> ResponseReturnValue:
    """A picture, pasted or from the phone: a script hears its name, a form puts it at the end of a section."""
    actor, now = current_actor(), clock.now()
    draft = access.get_draft(actor, draft_id, lock=True)
    posted = files.posted("file")
    if posted is None:
        raise Refused(_("请选择图片。"), "file")
    name = actions.add_picture(draft, posted[0], actor=actor, now=now)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(name=name, markdown=figure(name, _("图片"), ""))
    form = forms.PictureForm()
    if form.validate():
        actions.append_picture(draft, form.section.data, name, actor=actor, now=now)
        flash_done(_("图片已放在这一部分的末尾。"))
    return see("drafts.write", draft_id=draft_id, _anchor=form.section.data)


@bp.get(f"{PAGE}/files/<name>")
@allow(signed_in)
def file(draft_id: int, name: str) -> Response:
    found = access.get_file(access.get_draft(current_actor(), draft_id), name)
    response = files.send(found.file)
    response.mimetype = found.mime
    return response


@bp.get(f"{PAGE}/preview")
@allow(signed_in)
def preview(draft_id: int) -> ResponseReturnValue:
    draft = access.get_draft(current_actor(), draft_id)
    return render_template("drafts/preview.html", **pages.preview_page(draft))


@bp.get(f"{PAGE}/check")
@allow(signed_in)
def check(draft_id: int) -> ResponseReturnValue:
    actor = current_actor()
    draft = access.get_draft(actor, draft_id)
    return _check_page(draft, forms.SubmitForm(formdata=None))


def _check_page(draft: CaseDraft, form: forms.SubmitForm) -> str:
    actor = current_actor()
    page = pages.check_page(actor, draft, form)
    form.offer(page["destinations"], draft.destination)
    return render_template("drafts/check.html", **page)


@bp.post(f"{PAGE}/masking")
@allow(signed_in)
def mask(draft_id: int) -> ResponseReturnValue:
    """Hide one finding, or all of them."""
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    form = forms.MaskForm()
    if form.validate():
        keys = {form.key.data or ""} if form.key.data else {one.finding.key for one in checking.find_places(draft)}
        count = keeping.mask(draft, keys, actor=actor, now=clock.now())
        flash_done(_("已遮盖。") if count else _("这一处已经不在文中了。"))
    return see("drafts.check", draft_id=draft_id)


@bp.post(f"{PAGE}/submission")
@allow(signed_in)
def submit(draft_id: int) -> ResponseReturnValue:
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    form = forms.SubmitForm()
    form.offer(destinations.list_for(actor, draft.case))
    if form.validate():
        with form.showing_refusal():
            said = {"consent": bool(form.consent.data), "anonymized": bool(form.anonymized.data)}
            note = form.note.data or "" if draft.case.latest_number else ""
            destination = form.destination.data or ""
            actions.submit(draft, destination=destination, note=note, **said, actor=actor, now=clock.now())
            flash_done(_("案例已提交，评审的进展会在这里看到。"))
            return see("cases.show", slug=draft.case.slug)
    return _check_page(draft, form), 422


@bp.get(f"{PAGE}/copies")
@allow(signed_in)
def copies(draft_id: int) -> ResponseReturnValue:
    """What other text took the place of."""
    draft = access.get_draft(current_actor(), draft_id)
    return render_template("drafts/copies.html", draft=draft, copies=queries.list_copies(draft))


@bp.post(f"{PAGE}/copies/<id:copy_id>")
@allow(signed_in)
def restore(draft_id: int, copy_id: int) -> ResponseReturnValue:
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    copy = access.get_copy(draft, copy_id)
    if forms.PressForm().validate():
        keeping.restore(draft, copy, actor=actor, now=clock.now())
        flash_done(_("已换回这份旧稿，换下的文字也留着。"))
    return see("drafts.write", draft_id=draft_id)


@bp.post(f"{PAGE}/discard")
@allow(signed_in)
def discard(draft_id: int) -> ResponseReturnValue:
    actor = current_actor()
    draft = access.get_draft(actor, draft_id, lock=True)
    if not forms.PressForm().validate():
        raise Denied()
    require(authorship.may_discard(actor, draft))
    actions.discard(draft, actor=actor, now=clock.now())
    flash_done(_("草稿已放弃。"))
    return see("drafts.index")
