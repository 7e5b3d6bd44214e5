"""What the notices module says about back-entries."""

from lms.core.i18n import lazy_gettext as _l
from lms.core.web import roles
from lms.notices.kinds import NoticeKind

ORIGIN = _l("补录")
MINE = {"person": _l("因为补录的是您的培训"), "entered": _l("因为这条补录是您登记的")}

WAITING = NoticeKind(
    "records.waiting",
    _l("等待审批的补录"),
    ORIGIN,
    _l("有补录等待审批"),
    _l("%(name)s登记的“%(title)s”等待第二人审批。"),
    {"reviewer": _l("因为您是审批人所在单位的管理员")},
    roles("admin"),
)
WAITING_FILE = NoticeKind(
    "records.waiting_file",
    _l("等待审批的补录表"),
    ORIGIN,
    _l("有一批补录等待审批"),
    _l("%(name)s上传的“%(title)s”中有 %(count)s 条补录等待第二人审批。"),
    {"reviewer": _l("因为您是审批人所在单位的管理员")},
    roles("admin"),
)
APPROVED = NoticeKind(
    "records.approved",
    _l("补录的批准"),
    ORIGIN,
    _l("补录已批准，学时已记入"),
    _l("“%(title)s”已批准，计 %(hours)s 学时。"),
    MINE,
)
REJECTED = NoticeKind(
    "records.rejected",
    _l("补录的退回"),
    ORIGIN,
    _l("补录没有批准"),
    _l("“%(title)s”没有批准。原因：%(reason)s"),
    MINE,
)
WITHDRAWN = NoticeKind(
    "records.withdrawn",
    _l("补录的撤回"),
    ORIGIN,
    _l("一条补录已撤回"),
    _l("“%(title)s”已由登记人撤回。原因：%(reason)s"),
    MINE,
)

ALL = (WAITING, WAITING_FILE, APPROVED, REJECTED, WITHDRAWN)
