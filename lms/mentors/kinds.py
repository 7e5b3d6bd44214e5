"""What the notices module says about becoming a mentor."""

from lms.core.i18n import lazy_gettext as _l
from lms.core.web import roles
from lms.notices.kinds import NoticeKind

MINE = {"person": _l("因为这件事与您有关")}

INVITED = NoticeKind(
    "mentors.invited",
    _l("当导师的邀请"),
    _l("导师帮带"),
    _l("邀请您担任导师"),
    _l("%(unit)s 邀请您担任导师，请查看并答复。"),
    MINE,
)
APPROVED = NoticeKind(
    "mentors.approved",
    _l("导师申请通过"),
    _l("导师帮带"),
    _l("您的导师申请已通过"),
    _l("您现在是导师了。有合适的结对建议时会告诉您。"),
    MINE,
)
REFUSED = NoticeKind(
    "mentors.refused",
    _l("导师申请未通过"),
    _l("导师帮带"),
    _l("您的导师申请未通过"),
    _l("原因请在“找导师、当导师”中查看。"),
    MINE,
)
APPLIED = NoticeKind(
    "mentors.applied",
    _l("导师申请待审核"),
    _l("导师帮带"),
    _l("有人申请担任导师"),
    _l("%(name)s 申请担任导师，请审核。"),
    {"admin": _l("因为您是其单位的管理员")},
    roles("admin"),
)

ALL = (INVITED, APPROVED, REFUSED, APPLIED)
