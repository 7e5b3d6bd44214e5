"""The acts of the audit trail in words. Every verb that the code records has its label here; a test holds that true."""

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

#: The first part of a verb, in the order in which the filter offers it.
GROUPS: dict[str, LazyString] = {
    "people": _l("人员与权限"),
    "accounts": _l("账号"),
    "roster": _l("花名册"),
    "units": _l("组织机构"),
    "hours": _l("学时"),
    "courses": _l("课程"),
    "quizzes": _l("测验"),
    "reports": _l("统计"),
    "notices": _l("消息"),
    "feedback": _l("意见与投诉"),
    "access": _l("越权访问"),
}

LABELS: dict[str, LazyString] = {
    "people.create": _l("登记人员"),
    "people.appoint": _l("登记任职"),
    "people.end_appointment": _l("结束任职"),
    "people.grant": _l("授予权限"),
    "people.revoke": _l("收回权限"),
    "people.reveal_identity": _l("查看身份证号"),
    "accounts.open": _l("开通账号"),
    "accounts.issue_activation": _l("签发一次性登录码"),
    "accounts.activate": _l("启用账号"),
    "accounts.set_password": _l("设置密码"),
    "accounts.reset": _l("重置账号"),
    "accounts.disable": _l("停用账号"),
    "accounts.enable": _l("恢复账号"),
    "accounts.end_sign_ins": _l("退出其他设备"),
    "accounts.change_sign_in": _l("登录名随手机号更改"),
    "accounts.remove_unused": _l("删除未启用的账号"),
    "roster.check": _l("核对花名册"),
    "roster.create": _l("按花名册登记人员"),
    "roster.choose_columns": _l("指定花名册的列"),
    "roster.change": _l("按花名册更改资料"),
    "roster.load": _l("载入花名册"),
    "roster.discard": _l("放弃花名册"),
    "roster.undo": _l("撤回花名册载入"),
    "roster.remove": _l("撤回载入时删除人员"),
    "roster.set_back": _l("撤回载入时恢复资料"),
    "roster.issue_slips": _l("打印登录凭条"),
    "units.add": _l("新增单位"),
    "units.rename": _l("单位更名"),
    "units.move": _l("调整单位上级"),
    "units.close": _l("撤销或合并单位"),
    "units.load": _l("载入行政区划"),
    "hours.adopt_rule": _l("采用学时规则"),
    "hours.award": _l("记入学时"),
    "hours.reverse": _l("冲销学时"),
    "hours.issue_statement": _l("开具学时证明"),
    "courses.enroll": _l("开始学习课程"),
    "courses.move": _l("改学课程新版本"),
    "courses.finish_lesson": _l("学完一课"),
    "courses.finish": _l("完成课程"),
    "courses.feedback": _l("反馈课时"),
    "courses.reply": _l("答复课时反馈"),
    "quizzes.publish_paper": _l("发布试卷"),
    "quizzes.start": _l("开始测验"),
    "quizzes.submit": _l("交卷"),
    "quizzes.mark_essay": _l("批阅问答题"),
    "quizzes.correct": _l("更正题目"),
    "quizzes.regrade": _l("重新评分"),
    "reports.export": _l("导出统计表"),
    "notices.tell": _l("发出消息"),
    "notices.opt_out": _l("退订一类消息"),
    "notices.opt_in": _l("重新订阅一类消息"),
    "notices.set_address": _l("填写电子邮箱"),
    "notices.confirm_address": _l("确认电子邮箱"),
    "notices.remove_address": _l("删除电子邮箱"),
    "notices.set_channel": _l("设置消息渠道"),
    "notices.test_channel": _l("测试消息渠道"),
    "notices.end_channel": _l("停用消息渠道"),
    "notices.give_up": _l("放弃发送消息"),
    "feedback.send": _l("提交意见"),
    "feedback.answer": _l("答复意见"),
    "feedback.close": _l("关闭意见"),
    "access.denied": _l("打开了无权查看或不存在的页面"),
}

OTHER = _l("其他操作")


def label(verb: str) -> LazyString:
    """What was done, in words; a verb of a former version is an act of its group, or another one."""
    return LABELS.get(verb) or GROUPS.get(verb.partition(".")[0]) or OTHER
