"""The home page."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from lms.core.web import allow, current_actor, signed_in
from lms.home import cards

bp = Blueprint("home", __name__, template_folder="templates")


@bp.get("/")
@allow(signed_in)
def index() -> ResponseReturnValue:
    actor = current_actor()
    return render_template("home/index.html", cards=cards.read_all(current_app, actor))
