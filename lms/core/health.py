"""GET /healthz: whether this process answers and reaches its database. No session, no cookie, no detail."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import select

from lms.core import db
from lms.core.web import allow, anyone

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow(anyone)
def check() -> Response:
    db.session().scalar(select(1))
    return jsonify(status="ok")
