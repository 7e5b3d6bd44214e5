"""What this module holds of a person, for the undo of a roster load. Standings are derived: they keep nobody."""

from lms.core.i18n import lazy_gettext as _l
from lms.people.traces import column_trace
from lms.policies.models import Exemption

EXEMPTIONS = column_trace(_l("已登记免训。"), Exemption.person_id, Exemption.granted_at)
ALL = (EXEMPTIONS,)
