"""The sections of the learning file about what lies below this module: who somebody is, posts, hours, courses, quizzes,
papers, back-entries, notices, sign-ins."""

from sqlalchemy import select

from lms.accounts import devices
from lms.accounts.models import Account, SignIn
from lms.accounts.my_data import facts_about
from lms.accounts.queries import list_reveals
from lms.core import db
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.courses.models import CourseFinish, CourseRevision, Enrollment, LessonFeedback
from lms.hours.kinds import Ability
from lms.hours.models import HourEntry, HourStatement
from lms.hours.queries import list_entries
from lms.notices import kinds as notice_kinds
from lms.notices.models import Notice
from lms.people.models import Person
from lms.people.queries import list_appointments, list_grants
from lms.policies.duties import list_duties
from lms.policies.queries import list_exemptions
from lms.quizzes.models import Attempt, Paper
from lms.records.queries import list_of_person
from lms.records.sections import Columns, Rows, Section, same_for_all

Read = tuple[Columns, Rows]


def identity(person: Person) -> Read:
    """As on the page of one's own data: masked, with where it came from and what it is for."""
    account = db.session().scalars(select(Account).where(Account.person_id == person.id)).first()
    facts = facts_about(person, account.sign_in if account else "")
    columns = (("item", _l("项目")), ("value", _l("内容")), ("origin", _l("从哪里来")), ("purpose", _l("用来做什么")))
    return columns, [(fact.label, fact.value, fact.origin, fact.purpose) for fact in facts if fact.is_known]


def appointments(person: Person) -> Read:
    columns = (
        ("unit", _l("单位")), ("title", _l("职务")), ("post", _l("岗位类别")), ("grade", _l("岗位等级")),
        ("starts_on", _l("开始日期")), ("ends_on", _l("结束日期")), ("primary", _l("主要职务")),
    )  # fmt: skip
    rows = [
        (one.unit.name, one.title, one.post.label, one.grade, one.starts_on, one.ends_on, _yes(one.is_primary))
        for one in list_appointments(person)
    ]
    return columns, rows


def grants(person: Person) -> Read:
    columns = (("role", _l("权限")), ("unit", _l("单位")), ("since", _l("开始时间")), ("until", _l("结束日期")))
    return columns, [(one.role.label, one.unit.name, one.granted_at, one.expires_on) for one in list_grants(person)]


def hours(person: Person) -> Read:
    """Every entry, those reversed with who, when and why."""
    columns = (
        ("number", _l("编号")), ("title", _l("培训")), ("occurred_on", _l("完成日期")), ("hours", _l("学时")),
        ("kind", _l("来自")), ("tier", _l("层级")), ("training_type", _l("培训类型")), ("abilities", _l("能力")),
        ("unit", _l("时任单位")), ("evidence", _l("依据")), ("recorded_at", _l("登记时间")), ("state", _l("状态")),
        ("reversed_at", _l("冲销时间")), ("reason", _l("冲销原因")),
    )  # fmt: skip
    return columns, [_hour_row(entry) for entry in list_entries(person.id)]


def _hour_row(entry: HourEntry) -> tuple[object, ...]:
    undone = entry.reversal
    return (
        entry.id, entry.title, entry.occurred_on, entry.hours, entry.kind.label,
        entry.tier.label if entry.tier else None, entry.training_type.label if entry.training_type else None,
        _abilities(entry.abilities), entry.unit_name, entry.evidence, entry.recorded_at,
        _("已冲销") if undone else _("有效"), undone.reversed_at if undone else None, undone.reason if undone else None,
    )  # fmt: skip


def courses(person: Person) -> Read:
    finish = (CourseFinish.person_id == Enrollment.person_id) & (CourseFinish.course_id == Enrollment.course_id)
    statement = (
        select(CourseRevision.title, Enrollment.enrolled_at, CourseFinish.finished_on)
        .select_from(Enrollment)
        .join(CourseRevision, CourseRevision.id == Enrollment.revision_id)
        .outerjoin(CourseFinish, finish)
        .where(Enrollment.person_id == person.id)
        .order_by(Enrollment.enrolled_at.desc(), CourseFinish.cycle.desc())
    )
    columns = (("title", _l("课程")), ("enrolled_at", _l("开始学习")), ("finished_on", _l("完成日期")))
    return columns, [tuple(row) for row in db.session().execute(statement)]


def quizzes(person: Person) -> Read:
    """Results, never how long it took."""
    statement = (
        select(Paper.title, Attempt.number, Attempt.submitted_at, Attempt.percent, Attempt.passed)
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(Attempt.person_id == person.id)
        .order_by(Attempt.id.desc())
    )
    columns = (
        ("title", _l("测验")), ("number", _l("第几次")), ("submitted_at", _l("交卷时间")), ("percent", _l("得分（%）")),
        ("passed", _l("是否通过")),
    )  # fmt: skip
    rows = [(*row[:4], None if row.passed is None else _yes(row.passed)) for row in db.session().execute(statement)]
    return columns, rows


def lesson_feedback(person: Person) -> Read:
    statement = select(LessonFeedback).where(LessonFeedback.person_id == person.id).order_by(LessonFeedback.id.desc())
    columns = (("opinion", _l("反馈")), ("sentence", _l("说明")), ("given_at", _l("时间")))
    return columns, [(one.opinion.label, one.sentence, one.given_at) for one in db.session().scalars(statement)]


def papers(person: Person) -> Read:
    statement = select(HourStatement).where(HourStatement.person_id == person.id).order_by(HourStatement.id.desc())
    columns = (
        ("kind", _l("证明种类")), ("from_on", _l("从")), ("to_on", _l("到")), ("hours", _l("学时")),
        ("issued_at", _l("开具时间")), ("code", _l("验证码")),
    )  # fmt: skip
    rows = [
        (one.kind.label, one.from_on, one.to_on, one.hours, one.issued_at, one.code)
        for one in db.session().scalars(statement)
    ]
    return columns, rows


def back_entries(person: Person) -> Read:
    columns = (
        ("title", _l("培训")), ("organizer", _l("主办单位")), ("occurred_on", _l("完成日期")), ("hours", _l("学时")),
        ("evidence", _l("依据")), ("entered_by", _l("登记人")), ("state", _l("状态")), ("decided_by", _l("审批人")),
        ("reason", _l("说明")),
    )  # fmt: skip
    rows = []
    for one in list_of_person(person.id):
        decision, by = one.decision, one.entered_by
        decided_by = decision.decided_by.name if decision and decision.decided_by else None
        state, reason = one.state.label, decision.reason if decision else None
        entered = by.name if by else None
        rows.append(
            (one.title, one.organizer, one.occurred_on, one.hours, one.evidence, entered, state, decided_by, reason)
        )
    return columns, rows


def notices(person: Person) -> Read:
    columns = (("at", _l("时间")), ("title", _l("标题")), ("body", _l("内容")))
    statement = select(Notice).where(Notice.person_id == person.id).order_by(Notice.id.desc())
    rows = []
    for one in db.session().scalars(statement):
        kind = notice_kinds.find_kind(one.kind)
        rows.append(
            (one.created_at, notice_kinds.fill(kind.title, one.params), notice_kinds.fill(kind.body, one.params))
        )
    return columns, rows


def sign_ins(person: Person) -> Read:
    statement = (
        select(SignIn)
        .join(Account, Account.id == SignIn.account_id)
        .where(Account.person_id == person.id)
        .order_by(SignIn.id.desc())
    )
    columns = (("device", _l("设备")), ("started_at", _l("登录时间")), ("ended_at", _l("退出时间")))
    return columns, [
        (devices.label_of(one.device), one.started_at, one.ended_at) for one in db.session().scalars(statement)
    ]


def reveals(person: Person) -> Read:
    columns = (("who", _l("谁")), ("at", _l("时间")))
    return columns, [(row.actor_name, row.at) for row in list_reveals(person.id)]


def duties(person: Person) -> Read:
    """What was and is owed, each in a sentence."""
    columns = (
        ("title", _l("培训要求")), ("sentence", _l("说明")), ("due_on", _l("截止日期")), ("state", _l("状态")),
        ("unit", _l("提出要求的单位")),
    )  # fmt: skip
    rows = [
        (one.requirement.title, one.sentence, one.standing.due_on, one.state.label, one.unit_name)
        for one in list_duties(person.id)
    ]
    return columns, rows


def exemptions(person: Person) -> Read:
    columns = (
        ("kind", _l("情形")), ("from_on", _l("开始日期")), ("until_on", _l("结束日期")), ("reason", _l("说明")),
        ("decided_by", _l("决定人")),
    )  # fmt: skip
    rows = [
        (one.kind.label, one.from_on, one.last_day, one.reason, one.decided_by) for one in list_exemptions(person.id)
    ]
    return columns, rows


def _yes(value: bool) -> str:
    return _("是") if value else _("否")


def _abilities(values: list[str]) -> str:
    return _("、").join(str(Ability(one).label) for one in values)


ALL = (
    Section("identity", _l("个人信息"), same_for_all(identity)),
    Section("appointments", _l("任职"), same_for_all(appointments)),
    Section("grants", _l("权限"), same_for_all(grants)),
    Section("duties", _l("培训要求"), same_for_all(duties)),
    Section("exemptions", _l("免训"), same_for_all(exemptions)),
    Section("hours", _l("学时记录"), same_for_all(hours)),
    Section("back_entries", _l("补录"), same_for_all(back_entries)),
    Section("papers", _l("已开具的证明"), same_for_all(papers)),
    Section("courses", _l("课程"), same_for_all(courses)),
    Section("quizzes", _l("测验成绩"), same_for_all(quizzes), own_only=True),
    Section("lesson_feedback", _l("课时反馈"), same_for_all(lesson_feedback), own_only=True),
    Section("notices", _l("消息"), same_for_all(notices), own_only=True),
    Section("reveals", _l("谁看过我的身份证号"), same_for_all(reveals), own_only=True),
    Section("sign_ins", _l("登录记录"), same_for_all(sign_ins), own_only=True),
)
