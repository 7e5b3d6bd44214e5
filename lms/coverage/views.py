"""Pages of the coverage: the numbers of a unit, and the people behind each of them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core.web import allow, arg_text, current_actor, roles
from lms.coverage import closings, inquiry, names, queries, sheets
from lms.coverage.blueprint import bp, frame, read_selection
from lms.coverage.names import Group
from lms.people.identity import mask_phone
from lms.people.posts import PostClass


@bp.get("/")
@allow(roles("admin"), heavy=True)
def index() -> ResponseReturnValue:
    asked = inquiry.read(current_actor())
    if asked.span is None:
        return render_template("coverage/index.html", **frame(asked))
    return render_template(
        "coverage/index.html",
        board=queries.by_unit(asked),
        posts=queries.by_post(asked),
        traits=queries.by_trait(asked),
        stale=queries.count_stale(),
        closed=closings.read(asked),
        **frame(asked),
    )


@bp.get("/people")
@allow(roles("admin"), heavy=True)
def people() -> ResponseReturnValue:
    selection = read_selection()
    return render_template(
        "coverage/people.html",
        selection=selection,
        count=names.count_people(selection),
        page=names.list_people(selection, cursor=arg_text("cursor", 2000)),
        groups=Group,
        posts=PostClass,
        mask=mask_phone,
        waits=sheets.MOST_AT_ONCE,
        **frame(selection.inquiry),
    )
