"""The blueprint that the three files of views share, and how the application takes the module in."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="templates")
