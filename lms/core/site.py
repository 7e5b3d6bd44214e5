"""What the site is called to its readers."""

from flask import current_app

from lms.config import Config
from lms.core.i18n import gettext as _


def name() -> str:
    """The configured name; whoever kept the project's own reads it in their language."""
    configured: str = current_app.config["LMS"].site_name
    return _("社区学堂") if configured == Config.site_name else configured
