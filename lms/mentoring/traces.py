"""What mentoring leaves, for the undo of a roster load."""

from lms.core.i18n import lazy_gettext as _l
from lms.mentoring.models import Pairing
from lms.people.traces import column_trace

PAIRS = column_trace(_l("已结成帮带对子。"), Pairing.mentee_id, Pairing.state_at)
ALL = (PAIRS,)
