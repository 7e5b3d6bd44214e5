"""What this module holds of a person, for the undo of a roster load."""

from lms.core.i18n import lazy_gettext as _l
from lms.people.traces import column_trace
from lms.records.models import BackEntry

BACK_ENTRIES = column_trace(_l("已有补录。"), BackEntry.person_id, BackEntry.entered_at)
ALL = (BACK_ENTRIES,)
