"""What a person left in the drafts of cases, for the undo of a roster load."""

from lms.core.i18n import lazy_gettext as _l
from lms.drafts.models import CaseDraft, DraftCopy
from lms.people.traces import column_trace

SAVES = column_trace(_l("已修改案例草稿。"), CaseDraft.saved_by_id, CaseDraft.saved_at)
COPIES = column_trace(_l("已修改案例草稿。"), DraftCopy.saved_by_id, DraftCopy.kept_at)
ALL = (SAVES, COPIES)
