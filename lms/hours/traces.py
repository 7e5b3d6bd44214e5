"""What the ledger holds of a person, for the undo of a roster load: entries and statements, also reversed ones."""

from lms.core.i18n import lazy_gettext as _l
from lms.hours.models import HourEntry, HourStatement
from lms.people.traces import column_trace

ENTRIES = column_trace(_l("已有学时记录。"), HourEntry.person_id, HourEntry.recorded_at)
STATEMENTS = column_trace(_l("已开具学时证明。"), HourStatement.person_id, HourStatement.issued_at)
ALL = (ENTRIES, STATEMENTS)
