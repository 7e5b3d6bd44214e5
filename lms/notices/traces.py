"""What a person was told, for the undo of a roster load: it keeps somebody new, and says nothing of others."""

from lms.core.i18n import lazy_gettext as _l
from lms.notices.models import Notice
from lms.people.traces import column_trace

NOTICES = column_trace(_l("已收到消息。"), Notice.person_id)
ALL = (NOTICES,)
