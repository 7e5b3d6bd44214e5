"""Pages that only tests have: they show what the foundation does with what views do."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired

from lms.core import clock, db, web
from lms.core.errors import BadInput, Denied, Refused
from lms.core.forms import DayField, Form
from lms.core.i18n import gettext as _
from lms.core.paging import keyset
from lms.core.web import allow, anyone, arg_choice, arg_int, arg_text
from lms.people.models import Person

bp = Blueprint("trial", __name__, url_prefix="/trial")


class NameForm(Form):
    name = StringField("名", [DataRequired("请填写。")])
    count = IntegerField("数")
    day = DayField("日", "请填写日期。")


def _person(name: str) -> Person:
    person = Person(name=name, origin="tests", created_at=clock.now())
    db.session().add(person)
    return person


@bp.get("/args")
@allow(anyone)
def args() -> ResponseReturnValue:
    page, kind = arg_int("page", 1, 1, 100), arg_choice("kind", ["a", "b"])
    return {"page": page, "kind": kind, "words": arg_text("q", 10)}


@bp.get("/things/<id:thing_id>")
@allow(anyone)
def thing(thing_id: int) -> ResponseReturnValue:
    return str(thing_id)


@bp.get("/list")
@allow(anyone)
def listing() -> ResponseReturnValue:
    page = keyset(
        select(Person.name, Person.id),
        Person.name,
        Person.id,
        cursor=arg_text("cursor", 2000),
        size=arg_int("n", 3, 1, 50),
    )
    return {"names": [row.name for row in page.items], "next": page.next_cursor}


@bp.post("/form")
@allow(anyone)
def form() -> ResponseReturnValue:
    """Writes first, so that a refusal shows what becomes of it."""
    given = NameForm()
    _person(request.form.get("name", "")[:80].replace("\x00", "") or "nobody")
    if given.validate_on_submit():
        with given.showing_refusal():
            if given.name.data == "refuse":
                raise Refused("不行。", "name")
            return f"[{given.name.data}]"
    return str(given.errors), 422


@bp.post("/write/<string:then>")
@allow(anyone)
def write(then: str) -> ResponseReturnValue:
    _person(then)
    db.session().flush()
    if then == "keep":
        db.keep_despite_refusal()
    outcomes = {
        "refused": Refused("不行。"),
        "denied": Denied(),
        "bad": BadInput("看不懂。"),
        "crash": ZeroDivisionError("secret"),
    }
    if then in outcomes:
        raise outcomes[then]
    return ("no", 422) if then in {"answer-422", "keep"} else "yes"


@bp.get("/hello")
@allow(anyone)
def hello() -> ResponseReturnValue:
    return render_template_string("{{ _('单位') }} {{ locale }} {{ language_tag }}") + _("单位")


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    web.check_every_endpoint_is_declared(app)
