"""The blueprint that the files of views share: views, load_views, file_views, paper_views."""

from flask import Blueprint

bp = Blueprint("records", __name__, template_folder="templates")
