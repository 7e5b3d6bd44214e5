"""What the notices module says about feedback."""

from lms.core.i18n import lazy_gettext as _l
from lms.core.web import roles
from lms.notices.kinds import NoticeKind

ANSWERED = NoticeKind(
    "feedback.answered",
    _l("意见和投诉的答复"),
    _l("意见与投诉"),
    _l("您的意见有了答复"),
    _l("您提交的第 %(number)s 号意见已经答复，请查看。"),
    {"sender": _l("因为这条意见是您提交的")},
)
CLOSED = NoticeKind(
    "feedback.closed",
    _l("意见和投诉的关闭"),
    _l("意见与投诉"),
    _l("您的意见已关闭"),
    _l("您提交的第 %(number)s 号意见已关闭，原因请查看。"),
    {"sender": _l("因为这条意见是您提交的")},
)
RECEIVED = NoticeKind(
    "feedback.received",
    _l("收到的意见和投诉"),
    _l("意见与投诉"),
    _l("收到一条新的意见"),
    _l("第 %(number)s 号意见等待答复。"),
    {"handler": _l("因为您是负责答复的单位的管理员")},
    roles("admin"),
)

ALL = (ANSWERED, CLOSED, RECEIVED)
