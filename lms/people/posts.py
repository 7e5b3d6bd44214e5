"""Post classes (职务类别): what the training duty distinguishes. Titles in use are free text beside them."""

from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l


class PostClass(StrEnum):
    """Clause 8 of the Opinion asks more of the first three than of the others."""

    PARTY_SECRETARY = "party_secretary"
    COMMITTEE_DIRECTOR = "committee_director"
    SECRETARY_AND_DIRECTOR = "secretary_and_director"
    COMMITTEE_MEMBER = "committee_member"
    FULL_TIME_STAFF = "full_time_staff"
    GRID_WORKER = "grid_worker"
    OTHER = "other"

    @property
    def label(self) -> LazyString:
        return LABELS[self]


LABELS = {
    PostClass.PARTY_SECRETARY: _l("社区党组织书记"),
    PostClass.COMMITTEE_DIRECTOR: _l("居委会主任"),
    PostClass.SECRETARY_AND_DIRECTOR: _l("书记、主任（一肩挑）"),
    PostClass.COMMITTEE_MEMBER: _l("居委会委员"),
    PostClass.FULL_TIME_STAFF: _l("专职工作人员"),
    PostClass.GRID_WORKER: _l("网格员"),
    PostClass.OTHER: _l("其他"),
}


class Role(StrEnum):
    """What a grant allows over a subtree. Every signed-in person is a learner without any grant."""

    ADMIN = "admin"
    TRAINER = "trainer"

    @property
    def label(self) -> LazyString:
        return ROLE_LABELS[self]


ROLE_LABELS = {Role.ADMIN: _l("管理员"), Role.TRAINER: _l("培训师")}
