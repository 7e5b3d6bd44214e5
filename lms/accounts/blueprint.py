"""The blueprint that the three files of views share: views, my_data and administration."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="templates")
