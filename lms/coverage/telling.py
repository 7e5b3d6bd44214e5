"""What this module tells people: what is still owed, a course that somebody began for them, a list that is ready."""

from lms.core.i18n import lazy_gettext as _l
from lms.core.web import roles
from lms.notices.kinds import NoticeKind

REMINDER = NoticeKind(
    "coverage.reminder",
    _l("培训提醒"),
    _l("培训覆盖"),
    _l("您还有培训没有完成"),
    _l("还没有完成的培训：%(what)s。"),
    {"listed": _l("因为%(unit)s的管理员%(who)s查看未完成名单时提醒了您；同一个人一周最多提醒一次")},
)
PUT_INTO = NoticeKind(
    "coverage.put_into",
    _l("管理员安排的课程"),
    _l("培训覆盖"),
    _l("您被安排学习《%(course)s》"),
    _l("这门课是为“%(title)s”安排的，已经为您选好，打开就能学。"),
    {"listed": _l("因为%(unit)s的管理员%(who)s把未完成“%(title)s”的人员加入了这门课")},
)
READY = NoticeKind(
    "coverage.ready",
    _l("名单导出"),
    _l("培训覆盖"),
    _l("您导出的名单可以下载了"),
    _l("%(label)s，共 %(people)s 人，保留 %(days)s 天。"),
    {"asked": _l("因为这份名单是您要求导出的")},
    roles("admin"),
)
ALL = (REMINDER, PUT_INTO, READY)
