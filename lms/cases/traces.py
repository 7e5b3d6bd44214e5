"""What a person left in the case library, for the undo of a roster load."""

from lms.cases.author_models import CaseAuthor
from lms.cases.models import CaseComment, CaseUse
from lms.core.i18n import lazy_gettext as _l
from lms.people.traces import column_trace

AUTHORS = column_trace(_l("已撰写案例。"), CaseAuthor.person_id, CaseAuthor.added_at)
USES = column_trace(_l("已登记借鉴案例。"), CaseUse.noted_by_id, CaseUse.noted_at)
COMMENTS = column_trace(_l("已在案例下留言。"), CaseComment.person_id, CaseComment.written_at)
ALL = (AUTHORS, USES, COMMENTS)
