"""The blueprint on which the module's pages hang."""

from flask import Blueprint

bp = Blueprint("pairing", __name__, url_prefix="/pairing", template_folder="templates")
