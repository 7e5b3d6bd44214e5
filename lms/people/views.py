"""Pages about people: find, look at, appoint, grant. The roster module loads many at once."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.web import (
    LARGEST_ID,
    allow,
    arg_choice,
    arg_int,
    arg_text,
    current_actor,
    flash_done,
    require,
    roles,
    see,
)
from lms.people import access, actions, identity, queries, sections
from lms.people.forms import AppointForm, EndForm, GrantForm, NewPersonForm, RevokeForm
from lms.people.posts import PostClass, Role
from lms.units import access as units_access

bp = Blueprint("people", __name__, url_prefix="/people", template_folder="templates")


@bp.get("/")
@allow(roles("admin"))
def index() -> ResponseReturnValue:
    actor = current_actor()
    words, post = arg_text("q"), arg_choice("post", list(PostClass))
    unit_id = arg_int("unit", 0, 1, LARGEST_ID)
    unit = units_access.get_unit(actor, unit_id) if unit_id else None
    page = queries.list_people(actor, words=words, unit=unit, post=post, cursor=arg_text("cursor", 2000))
    return render_template(
        "people/index.html", page=page, words=words, post=post, unit=unit, posts=PostClass, mask=identity.mask_phone
    )


@bp.get("/<id:person_id>")
@allow(roles("admin"))
def show(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_administered(actor, person_id)
    return render_template(
        "people/show.html",
        person=person,
        appointments=queries.list_appointments(person),
        grants=queries.list_grants(person),
        sections=sections.read_all(actor, person),
        may_administer=access.may_administer(actor, person),
        mask=identity.mask_phone,
        form=RevokeForm(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(roles("admin"))
def new() -> ResponseReturnValue:
    actor = current_actor()
    form = NewPersonForm(starts_on=clock.today())
    form.unit.choices = queries.post_units(actor)
    if form.validate_on_submit():
        with form.showing_refusal():
            unit = units_access.get_unit(actor, int(form.unit.data))
            person = actions.enter_person(
                name=form.name.data or "",
                phone=form.phone.data or "",
                unit=unit,
                post=PostClass(form.post.data),
                title=form.title.data or "",
                starts_on=form.starts_on.day,
                actor=actor,
                now=clock.now(),
            )
            flash_done(_("已登记 %(name)s。", name=person.name))
            return see("people.show", person_id=person.id)
    return render_template("people/new.html", form=form), 422 if form.errors else 200


@bp.post("/<id:person_id>/identity")
@allow(roles("admin"))
def reveal(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_administered(actor, person_id)
    require(access.may_administer(actor, person))
    number = actions.reveal_identity(person, actor=actor, now=clock.now())
    return render_template("people/identity.html", person=person, number=number)


@bp.route("/<id:person_id>/appointments", methods=["GET", "POST"])
@allow(roles("admin"))
def appoint(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_administered(actor, person_id)
    require(access.may_administer(actor, person))
    form = AppointForm(starts_on=clock.today())
    form.unit.choices = queries.post_units(actor)
    if form.validate_on_submit():
        unit = units_access.get_unit(actor, int(form.unit.data))
        with form.showing_refusal():
            actions.appoint(
                person,
                unit=unit,
                post=PostClass(form.post.data),
                title=form.title.data or "",
                starts_on=form.starts_on.day,
                actor=actor,
                now=clock.now(),
            )
            flash_done(_("任职已登记。"))
            return see("people.show", person_id=person.id)
    return render_template("people/appoint.html", form=form, person=person), 422 if form.errors else 200


@bp.route("/<id:person_id>/appointments/<id:appointment_id>/end", methods=["GET", "POST"])
@allow(roles("admin"))
def end(person_id: int, appointment_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_administered(actor, person_id)
    require(access.may_administer(actor, person))
    appointment = access.get_appointment(actor, person, appointment_id)
    form = EndForm(last_day=clock.today())
    if form.validate_on_submit():
        with form.showing_refusal():
            actions.end_appointment(appointment, last_day=form.last_day.day, actor=actor, now=clock.now())
            flash_done(_("任职已结束，历史记录保留。"))
            return see("people.index")
    return render_template("people/end.html", form=form, person=person, post=appointment), 422 if form.errors else 200


@bp.route("/<id:person_id>/grants", methods=["GET", "POST"])
@allow(roles("admin"))
def grant(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_administered(actor, person_id)
    require(access.may_administer(actor, person))
    form = GrantForm()
    form.unit.choices = queries.role_units(actor)
    if form.validate_on_submit():
        unit = units_access.get_unit(actor, int(form.unit.data))
        with form.showing_refusal():
            actions.grant(
                person,
                role=Role(form.role.data),
                unit=unit,
                expires_on=form.expires_on.data,
                actor=actor,
                now=clock.now(),
            )
            flash_done(_("权限已授予。"))
            return see("people.show", person_id=person.id)
    return render_template("people/grant.html", form=form, person=person), 422 if form.errors else 200


@bp.post("/<id:person_id>/grants/<id:grant_id>/revocation")
@allow(roles("admin"))
def revoke(person_id: int, grant_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_administered(actor, person_id)
    require(access.may_administer(actor, person))
    given = access.get_grant(actor, person, grant_id)
    actions.revoke(person, role=given.role, unit=given.unit, actor=actor, now=clock.now())
    flash_done(_("权限已收回，立即生效。"))
    return see("people.show", person_id=person.id)
