"""Every module's tables, imported so that the metadata is complete."""

from lms.accounts import models as accounts
from lms.calls import models as calls
from lms.cases import author_models as case_authors
from lms.cases import models as cases
from lms.core import audit, files, search
from lms.courses import models as courses
from lms.coverage import models as coverage
from lms.drafts import models as drafts
from lms.feedback import models as feedback
from lms.hours import models as hours
from lms.mentoring import models as mentoring
from lms.mentors import models as mentors
from lms.notices import models as notices
from lms.pairing import models as pairing
from lms.people import models as people
from lms.policies import models as policies
from lms.quizzes import models as quizzes
from lms.records import models as records
from lms.roster import models as roster
from lms.units import models as units
from lms.workforce import models as workforce

__all__ = [
    "accounts",
    "audit",
    "calls",
    "case_authors",
    "cases",
    "courses",
    "coverage",
    "drafts",
    "feedback",
    "files",
    "hours",
    "mentoring",
    "mentors",
    "notices",
    "pairing",
    "people",
    "policies",
    "quizzes",
    "records",
    "roster",
    "search",
    "units",
    "workforce",
]
