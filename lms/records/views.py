"""Pages of back-entries: one's own, those within reach, entering one, and deciding on it."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock, files, pictures
from lms.core.errors import Denied, Refused
from lms.core.files import StoredFile
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, arg_choice, arg_text, current_actor, flash_done, require, roles, see, signed_in
from lms.people import access as people_access
from lms.people.models import Person
from lms.records import access, actions, dossiers, finding_people, queries
from lms.records.blueprint import bp
from lms.records.forms import ApproveForm, BackEntryForm, OthersForm, ReasonForm
from lms.records.models import BackEntry, State

PDF = "application/pdf"
EVIDENCE_TYPES = frozenset({PDF, "image/png", "image/jpeg", "image/gif", "image/webp"})


@bp.get("/back-entries")
@allow(roles("admin", "trainer"))
def index() -> ResponseReturnValue:
    actor = current_actor()
    state = arg_choice("state", list(State))
    page = queries.list_back_entries(actor, state=state, cursor=arg_text("cursor", 2000))
    return render_template(
        "records/index.html",
        page=page,
        state=state,
        states=State,
        loads=queries.list_loads(actor),
        waiting=queries.count_waiting(actor) if actor.has("admin") else 0,
    )


@bp.get("/record/back-entries")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    return render_template("records/mine.html", entries=queries.list_of_person(current_actor().person_id or 0))


@bp.route("/record/back-entries/new", methods=["GET", "POST"])
@allow(signed_in)
def propose() -> ResponseReturnValue:
    actor = current_actor()
    form = BackEntryForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            me = people_access.get_person(actor, actor.person_id or 0)
            entry = _enter(me, form, actor)
            flash_done(_("已提交，等待管理员审批。"))
            return see("records.show", back_entry_id=entry.id)
    return render_template("records/propose.html", form=form), 422 if form.errors else 200


@bp.route("/back-entries/new", methods=["GET", "POST"])
@allow(roles("admin", "trainer"))
def new() -> ResponseReturnValue:
    actor = current_actor()
    form = OthersForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            person = finding_people.get_named(actor, form.name.data or "", form.key.data or "")
            entry = _enter(person, form, actor)
            flash_done(_("已登记，等待第二人审批。"))
            return see("records.show", back_entry_id=entry.id)
    return render_template("records/new.html", form=form, person=None), 422 if form.errors else 200


@bp.route("/people/<id:person_id>/back-entries/new", methods=["GET", "POST"])
@allow(roles("admin"))
def new_for(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = people_access.get_administered(actor, person_id)
    require(person.id != actor.person_id)
    form = BackEntryForm()
    if form.validate_on_submit():
        with form.showing_refusal():
            entry = _enter(person, form, actor)
            flash_done(_("已登记，等待第二人审批。"))
            return see("records.show", back_entry_id=entry.id)
    return render_template("records/new.html", form=form, person=person), 422 if form.errors else 200


@bp.get("/back-entries/<id:back_entry_id>")
@allow(signed_in)
def show(back_entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    return _page(actor, access.get_back_entry(actor, back_entry_id))


@bp.post("/back-entries/<id:back_entry_id>/approval")
@allow(roles("admin"))
def approve(back_entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    entry = access.get_back_entry(actor, back_entry_id)
    require(access.may_decide(actor, entry))
    form = ApproveForm()
    if form.validate():
        with form.showing_refusal():
            note = form.note.data or ""
            actions.approve(entry, distinct=bool(form.distinct.data), note=note, actor=actor, now=clock.now())
            flash_done(_("已批准，学时已记入台账。"))
            return see("records.show", back_entry_id=entry.id)
    return _page(actor, entry, approve_form=form), 422


@bp.post("/back-entries/<id:back_entry_id>/rejection")
@allow(roles("admin"))
def reject(back_entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    entry = access.get_back_entry(actor, back_entry_id)
    require(access.may_decide(actor, entry))
    form = ReasonForm(prefix="no-")
    if form.validate():
        with form.showing_refusal():
            actions.reject(entry, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("已退回，原因已告诉本人和登记人。"))
            return see("records.show", back_entry_id=entry.id)
    return _page(actor, entry, reject_form=form), 422


@bp.post("/back-entries/<id:back_entry_id>/withdrawal")
@allow(signed_in)
def withdraw(back_entry_id: int) -> ResponseReturnValue:
    actor = current_actor()
    entry = access.get_back_entry(actor, back_entry_id)
    require(actor.person_id == entry.entered_by_id)
    form = ReasonForm(prefix="back-")
    if form.validate():
        with form.showing_refusal():
            actions.withdraw(entry, reason=form.reason.data or "", actor=actor, now=clock.now())
            flash_done(_("已撤回。"))
            return see("records.show", back_entry_id=entry.id)
    return _page(actor, entry, withdraw_form=form), 422


@bp.get("/back-entries/<id:back_entry_id>/evidence")
@allow(signed_in)
def evidence(back_entry_id: int) -> Response:
    entry = access.get_back_entry(current_actor(), back_entry_id)
    if entry.file is None:
        raise Denied()
    return files.send(entry.file)


def _enter(person: Person, form: BackEntryForm, actor: Actor) -> BackEntry:
    """:raise Refused: at the field concerned."""
    now = clock.now()
    return actions.enter(person, form.claim(), file=store_evidence("file"), actor=actor, now=now)


def store_evidence(field: str) -> StoredFile | None:
    """The file that came with a form, if one did.

    :raise Refused: it is neither a PDF nor a picture, is not what its name says, or it is too large.
    """
    posted = files.posted(field)
    if posted is None:
        return None
    data, name = posted
    kind = files.content_type_of(data)
    if kind not in EVIDENCE_TYPES:
        raise Refused(_("证明文件应为 PDF 或图片。"), field)
    if not files.fits(name, kind):
        raise Refused(_("文件的内容与扩展名不符。"), field)
    if kind != PDF:
        made, data = pictures.made_safe(data, field)
        label = files.clean_label(name)
        name = f"{label.rpartition('.')[0] or label}.{made.rpartition('.')[2]}"
    return files.store(data, name, now=clock.now())


def _page(
    actor: Actor,
    entry: BackEntry,
    *,
    approve_form: ApproveForm | None = None,
    reject_form: ReasonForm | None = None,
    withdraw_form: ReasonForm | None = None,
) -> str:
    waiting = entry.state is State.WAITING
    return render_template(
        "records/show.html",
        entry=entry,
        mine=entry.person_id == actor.person_id,
        alike=dossiers.alike_to(entry) if waiting and access.may_compare(actor, entry) else (),
        may_decide=waiting and access.may_decide(actor, entry),
        may_withdraw=access.may_withdraw(actor, entry),
        approve_form=approve_form or ApproveForm(formdata=None),
        reject_form=reject_form or ReasonForm(formdata=None, prefix="no-"),
        withdraw_form=withdraw_form or ReasonForm(formdata=None, prefix="back-"),
    )
