"""Every module's tables, imported so that the metadata is complete."""

from lms.accounts import models as accounts
from lms.core import audit, files
from lms.hours import models as hours
from lms.people import models as people
from lms.quizzes import models as quizzes
from lms.units import models as units

__all__ = ["accounts", "audit", "files", "hours", "people", "quizzes", "units"]
