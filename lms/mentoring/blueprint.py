"""The pages of pairs; view modules register theirs on import."""

from flask import Blueprint

bp = Blueprint("mentoring", __name__, url_prefix="/mentoring", template_folder="templates")
