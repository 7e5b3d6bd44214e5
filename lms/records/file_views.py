"""Pages of the learning file: one's own, and those of people whom an administrator runs."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.files import hand_out
from lms.core.i18n import gettext as _
from lms.core.web import Actor, allow, current_actor, roles, signed_in
from lms.hours.queries import list_entries
from lms.people import access as people_access
from lms.people.models import Person
from lms.records import grid, learning_file, sections
from lms.records.blueprint import bp


@bp.get("/record/file")
@allow(signed_in)
def my_file() -> ResponseReturnValue:
    actor = current_actor()
    return _page(actor, people_access.get_person(actor, actor.person_id or 0))


@bp.get("/record/file.<any(xlsx, json):form>")
@allow(signed_in)
def my_download(form: str) -> Response:
    actor = current_actor()
    return _download(actor, people_access.get_person(actor, actor.person_id or 0), form)


@bp.get("/people/<id:person_id>/file")
@allow(roles("admin"))
def file_of(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = people_access.get_administered(actor, person_id)
    return _page(actor, person)


@bp.post("/people/<id:person_id>/file.<any(xlsx, json):form>")
@allow(roles("admin"))
def download_of(person_id: int, form: str) -> Response:
    actor = current_actor()
    person = people_access.get_administered(actor, person_id)
    learning_file.record_export(person, form, actor=actor, now=clock.now())
    return _download(actor, person, form)


def section_of(actor: Actor, person: Person) -> dict[str, object]:
    """What the page of a person says about this module."""
    return {"person": person, "oneself": person.id == actor.person_id}


def _page(actor: Actor, person: Person) -> str:
    drawn = grid.draw(list_entries(person.id), this_year=clock.today().year)
    own, parts = person.id == actor.person_id, sections.read_all(person, reader=actor)
    return render_template("records/file.html", person=person, own=own, grid=drawn, parts=parts, words=sections.words)


def _download(actor: Actor, person: Person, form: str) -> Response:
    now, parts = clock.now(), sections.read_all(person, reader=actor)
    label = _("学习档案-%(name)s-%(day)s", name=person.name, day=clock.local_date(now)) + f".{form}"
    if form == "xlsx":
        return hand_out(learning_file.workbook(parts), label)
    return hand_out(learning_file.document(person, parts, now=now), label, "application/json")
