"""What a person's quizzes leave, for the undo of a roster load."""

from lms.core.i18n import lazy_gettext as _l
from lms.people.traces import column_trace
from lms.quizzes.models import Attempt

ATTEMPTS = column_trace(_l("已参加测验。"), Attempt.person_id, Attempt.started_at)
ALL = (ATTEMPTS,)
