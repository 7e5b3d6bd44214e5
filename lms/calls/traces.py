"""What a person left in calls and reviews, for the undo of a roster load."""

from lms.calls.models import CaseReview, ReviewExpert
from lms.core.i18n import lazy_gettext as _l
from lms.people.traces import column_trace

EXPERTS = column_trace(_l("已被请为评审专家。"), ReviewExpert.person_id, ReviewExpert.assigned_at)
DECISIONS = column_trace(_l("已评审案例。"), CaseReview.decided_by_id, CaseReview.decided_at)
ALL = (EXPERTS, DECISIONS)
