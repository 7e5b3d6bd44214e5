"""Every endpoint against every role: one line an endpoint, held by test_matrix.py and test_audit.py.

    Line("units.rename", "303 403 403 200/303 200/303 404", {"unit_id": "xinhua"}, {"name": "新名社区"})

The answers stand in the order of ROLES; "200/303" is what GET and POST get where both are answered. Values of the URL
that are names of the cast or of `scene.py` stand for its identifiers; in the form and the query write "@guangming".
A POST that changes something leaves a row in the audit trail; where it need not, `quiet` says why.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.records import trainings

#: Who asks: nobody; a worker of 光明社区; the county's trainer; the street's and the county's administrators; and the
#: administrator of the other county, to whom nothing of this one exists.
ROLES = ("stranger", "alice", "tina", "bo", "chen", "mallory")

TODAY = "2026-03-02"
DEVICE = "device-one"
OWN = "a preference of one's own, or work in progress: the row itself is the record"


@dataclass(frozen=True)
class Line:
    endpoint: str
    answers: str
    url: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    quiet: str = ""
    #: the query of a GET
    query: Mapping[str, str] = field(default_factory=dict)
    #: the query of any request
    where: Mapping[str, str] = field(default_factory=dict)


def roster_file() -> tuple[io.BytesIO, str]:
    """A file to upload that holds no roster: it is refused by name, after everybody's right to upload was asked."""
    return io.BytesIO("谁,什么\n".encode()), "nothing.csv"


ALICE = {"person_id": "alice"}
COURSE = {"course_id": "course"}
LESSON = {"course_id": "course", "position": 1}
MINE = {"attempt_id": "attempt"}
ESSAY = {"attempt_id": "essay"}
PAPER = {"paper_id": "attempt_paper"}
LOAD = {"load_id": "load"}
POLICY = {"policy_id": "policy"}
STREET = {"unit": "@street", "duty": "@duty"}
LAST_YEAR = {**STREET, "cycle": "2025-01-01"}
PAIR = {"pairing_id": "pair"}
CASE = {"slug": "case"}
DRAFT = {"slug": "draft"}

BACK_ENTRY = {"back_entry_id": "back_entry"}
TRAINING = trainings.form(title="法律知识轮训", evidence="证书 9", abilities="acting_by_law")
TRAINING_OF_SUN = {"name": "孙书记", "key": "19900000002", **TRAINING}

OUTSIDER = {"mentor_id": "outsider"}
PROFILE = {"background": "outside", "abilities": "mediation"}
ROUND = {"round_id": "round"}
IN_ROUND = {"round_id": "round", "person_id": "newcomer"}
PROPOSAL = {"proposal_id": "proposal"}

LINES = (
    # The frame
    Line("static", "200 200 200 200 200 200", {"filename": "manifest.json"}),
    Line("health.check", "200 200 200 200 200 200"),
    Line("offline.worker", "200 200 200 200 200 200"),
    Line("offline.manifest", "200 200 200 200 200 200"),
    Line("offline.page", "200 200 200 200 200 200"),
    Line("home.index", "303 200 200 200 200 200"),
    # accounts: signing in and what is one's own
    Line("accounts.sign_in", "200 303 303 303 303 303"),
    Line("accounts.start_sign_in", "422 422 422 422 422 422", form={"name": "", "secret": ""}),
    Line("accounts.sign_out", "303 303 303 303 303 303", quiet="the sign-in's own row says when it ended"),
    Line("accounts.language", "303 303 303 303 303 303", form={"locale": "en"}, quiet=OWN),
    Line("accounts.password", "303 200 200 200 200 200"),
    Line("accounts.change_password", "303 422 422 422 422 422", form={"password": "short"}),
    Line("accounts.my_data", "303 200 200 200 200 200"),
    Line("accounts.end_sign_in", "303 303 404 404 404 404", {"sign_in_id": "device"}),
    Line("accounts.end_other_sign_ins", "303 303 303 303 303 303"),
    Line("accounts.parked", "303 200 404 404 404 404", {"parked_id": "parked"}),
    Line("accounts.discard_parked", "303 303 404 404 404 404", {"parked_id": "parked"}, quiet=OWN),
    # accounts: what administrators do
    Line("accounts.reset", "303 403 403 200 200 404", ALICE),
    Line("accounts.disable", "303 403 403 303 303 404", ALICE, {"reason": "离岗"}),
    Line("accounts.enable", "303 403 403 422 422 404", ALICE),
    # policies and duties
    Line("policies.index", "303 403 200 200 200 200"),
    Line("policies.show", "303 200 200 200 200 404", POLICY),
    Line("policies.pack", "303 403 200 200 200 200", {"name": "full-example"}),
    Line(
        "policies.adopt",
        "303 403 403 200/422 200/303 200/422",
        form={"pack": "full-example", "unit": "@county", "from_day": ""},
    ),
    Line("policies.end", "303 403 403 403 200/303 404", POLICY, {"last_day": "2026-12-31"}),
    Line("policies.mine", "303 200 200 200 200 200"),
    Line("duties.show", "303 403 403 200 200 404", ALICE),
    Line(
        "duties.exempt",
        "303 403 403 200/303 200/303 404",
        ALICE,
        {"kind": "illness", "from_on": "2027-01-01", "until_on": "2027-03-01", "reason": "病假", "decided_by": "街道"},
    ),
    Line(
        "duties.end_exemption",
        "303 403 403 200/303 200/303 404",
        {"exemption_id": "exemption"},
        {"last_day": "2026-04-01", "reason": "提前返岗"},
    ),
    # units
    Line("units.index", "303 403 200 200 200 200", query={"q": "社区"}),
    Line("units.show", "303 403 200 200 200 404", {"unit_id": "street"}),
    Line(
        "units.add",
        "303 403 403 200/303 200/303 404",
        {"unit_id": "street"},
        {"name": "柳荫社区", "level": "community", "kind": "administrative"},
    ),
    Line("units.rename", "303 403 403 200/303 200/303 404", {"unit_id": "xinhua"}, {"name": "新名社区"}),
    # Bo runs one street: there is no other place below him to move a community to.
    Line("units.move", "303 403 403 200/422 200/303 404", {"unit_id": "xinhua"}, {"parent": "@riverside"}),
    Line("units.close", "303 403 403 200/303 200/303 404", {"unit_id": "xinhua"}, {"last_day": TODAY, "successor": ""}),
    # people
    Line("people.index", "303 403 403 200 200 200"),
    Line("people.show", "303 403 403 200 200 404", ALICE),
    Line(
        "people.new",
        "303 403 403 200/303 200/303 200/422",
        form={"name": "林新", "phone": "19911112222", "unit": "@xinhua", "post": "grid_worker", "starts_on": TODAY},
    ),
    Line("people.reveal", "303 403 403 200 200 404", ALICE),
    Line(
        "people.appoint",
        "303 403 403 200/303 200/303 404",
        ALICE,
        {"unit": "@xinhua", "post": "grid_worker", "starts_on": TODAY},
    ),
    Line(
        "people.end",
        "303 403 403 200/303 200/303 404",
        {"person_id": "alice", "appointment_id": "post"},
        {"last_day": TODAY},
    ),
    Line("people.grant", "303 403 403 200/303 200/303 404", ALICE, {"role": "trainer", "unit": "@street"}),
    Line("people.revoke", "303 403 403 303 303 404", {"person_id": "sun", "grant_id": "extra_role"}),
    # hours
    Line("hours.record", "303 200 200 200 200 200"),
    Line("hours.ledger", "303 403 403 200 200 404", ALICE),
    Line("hours.show", "303 200 404 200 200 404", {"entry_id": "entry"}),
    Line("hours.reverse", "303 403 403 200/303 200/303 404", {"entry_id": "entry"}, {"reason": "登记错误"}),
    Line(
        "statements.mine",
        "303 200/303 200/422 200/422 200/422 200/422",
        form={"from_on": "2026-01-01", "to_on": TODAY},
    ),
    Line(
        "statements.of_person",
        "303 403 403 200/303 200/303 404",
        ALICE,
        {"from_on": "2026-01-01", "to_on": TODAY},
    ),
    Line("statements.show", "303 200 404 200 200 404", {"statement_id": "statement"}),
    Line("statements.certify", "303 303 404 303 303 404", {"entry_id": "entry"}),
    Line("statements.verify_form", "200 200 200 200 200 200"),
    Line("statements.verify", "200 200 200 200 200 200", {"code": "code"}),
    # courses: this one belongs to 和平街道
    Line("courses.index", "303 200 200 200 200 200"),
    Line("courses.show", "303 200 200 200 200 404", COURSE),
    Line("courses.overview", "303 403 200 200 200 404", COURSE),
    Line("courses.feedback", "303 403 200 200 200 404", COURSE),
    Line(
        "courses.reply", "303 403 303 303 303 404", {"course_id": "course", "lesson_id": "lesson"}, {"text": "已修改。"}
    ),
    Line(
        "courses.give_feedback",
        "303 303 422 422 422 404",
        {"course_id": "course", "position": 2},
        {"opinion": "unclear", "sentence": "第二步没看懂"},
    ),
    Line("courses.lesson", "303 200 200 200 200 404", LESSON),
    Line("courses.document", "303 200 200 200 200 404", {"course_id": "course", "name": "form.md"}),
    Line("courses.file", "303 200 200 200 200 404", {"course_id": "course", "name": "flow.svg"}),
    Line("courses.along", "303 200 200 200 200 404", COURSE),
    Line("courses.transcript", "303 404 404 404 404 404", LESSON),
    Line("courses.watch", "303 404 404 404 404 404", LESSON, quiet=OWN),
    Line("courses.enroll", "303 303 303 303 303 404", COURSE),
    Line("courses.finish", "303 303 422 422 422 404", {"course_id": "course", "position": 2}, quiet=OWN),
    Line("courses.checkpoint", "303 422 422 422 422 404", LESSON),
    Line("courses.quiz", "303 422 422 422 422 404", COURSE),
    Line("courses.move", "303 303 422 422 422 404", COURSE, quiet="nothing newer to move to"),
    # quizzes: an attempt is one person's alone
    Line("quizzes.attempt", "303 200 404 404 404 404", MINE),
    Line("quizzes.confirm", "303 200 404 404 404 404", MINE),
    Line("quizzes.result", "303 200 404 404 404 404", ESSAY),
    Line(
        "quizzes.answer",
        "303 303 404 404 404 404",
        {"attempt_id": "attempt", "position": 1},
        {"sequence": "1", "based_on": "0", "device": DEVICE},
        quiet=OWN,
    ),
    Line("quizzes.answers", "303 303 404 404 404 404", MINE, {"based_on.1": "0", "device": DEVICE}, quiet=OWN),
    Line("quizzes.submit", "303 303 404 404 404 404", MINE, {"token": "a-token-of-a-page"}),
    Line("quizzes.essays", "303 403 200 403 403 403"),
    Line("quizzes.marking", "303 403 200 403 403 403", ESSAY),
    Line("quizzes.mark", "303 403 303 403 403 403", {"attempt_id": "essay", "position": 1}, {"percent": "80"}),
    Line("quizzes.correct", "303 403 200/422 404 200/422 404", {"paper_id": "attempt_paper", "position": 1}),
    Line("quizzes.items", "303 403 200 404 200 404", PAPER),
    # roster: a file for the whole county is the county's affair
    Line("roster.index", "303 403 403 200 200 200"),
    Line("roster.new", "303 403 403 200/404 200/422 200/404", form={"unit": "@county", "file": roster_file}),
    Line("roster.show", "303 403 403 404 200 404", LOAD),
    Line("roster.choose_columns", "303 403 403 404 303 404", LOAD),
    Line("roster.confirm", "303 403 403 404 303 404", LOAD, {"accept_sound": "y", "confirm_endings": "y"}),
    Line("roster.discard", "303 403 403 404 303 404", LOAD),
    Line("roster.undo", "303 403 403 404 200/303 404", {"load_id": "loaded"}, {"reason": "上传了去年的花名册"}),
    Line("roster.findings_file", "303 403 403 404 200 404", LOAD),
    Line("roster.list_slips", "303 403 403 404 200 404", {"load_id": "loaded"}),
    Line("roster.print_slips", "303 403 403 404 200 404", {"load_id": "loaded", "unit_id": "street"}),
    # cases: they are the county's; `draft` is not public
    Line("cases.index", "303 200 200 200 200 200", query={"q": "电梯"}),
    Line("cases.methods", "303 200 200 200 200 200"),
    Line("cases.method", "303 200 200 200 200 200", {"slug": "method"}),
    Line("cases.show", "303 404 200 404 200 404", DRAFT),
    Line("cases.paper", "303 404 200 404 200 404", DRAFT),
    Line("cases.file", "303 404 200 404 200 404", {**DRAFT, "name": "table.pdf"}),
    Line("cases.history", "303 403 200 403 200 403", CASE),
    Line("cases.travelled", "303 404 200 404 200 404", DRAFT),
    # Only Alice works in a unit; administrators and trainers hold no post.
    Line(
        "cases.note_use",
        "303 303 422 422 422 422",
        {"slug": "new_case"},
        {"sentence": "试了三个月。", "contact": "办公室"},
    ),
    Line("cases.take_back_use", "303 303 422 422 422 422", CASE),
    Line("cases.comment", "303 303 303 303 303 303", CASE, {"text": "谢谢。"}),
    Line("cases.hide_comment", "303 403 303 403 303 403", {**CASE, "comment_id": "remark"}, {"reason": "与案例无关"}),
    Line("cases.show_comment", "303 403 303 403 303 403", {**CASE, "comment_id": "hidden"}),
    Line("cases.withdraw", "303 403 200/303 403 200/303 403", CASE, {"reason": "数据有误"}),
    Line("cases.supersede", "303 403 200/303 403 200/303 403", CASE, {"successor": "xin-dianti"}),
    Line("cases.lesson", "303 403 200 200 200 200", CASE),
    Line("cases.lesson_folder", "303 403 200 200 200 200", CASE),
    Line("cases.export", "303 403 403 200 200 200"),
    # reports: trainers see courses in numbers; the rest is for administrators
    # coverage: whom a policy of the county asks for training, in the street
    Line("coverage.index", "303 403 403 200 200 404", where=STREET),
    Line("coverage.people", "303 403 403 200 200 404", where=STREET),
    Line("coverage.overdue", "303 403 403 200 200 404", where=STREET),
    Line("coverage.remind", "303 403 403 303 303 404", form={"person": "@sun"}, where=STREET),
    Line("coverage.put_into", "303 403 403 303 303 404", form={"person": "@sun", "course": "@course"}, where=STREET),
    Line("coverage.closings", "303 403 403 200 200 404", where=STREET),
    Line("coverage.close", "303 403 403 303 303 404", where=LAST_YEAR),
    Line("coverage.restate", "303 403 403 422 422 404", form={"reason": "补录"}, where=LAST_YEAR),
    Line("coverage.export_board", "303 403 403 200 200 404", where=STREET),
    Line("coverage.export_people", "303 403 403 200 200 404", where=STREET),
    Line("coverage.exports", "303 403 403 200 200 200"),
    Line("coverage.download", "303 403 403 200 404 404", {"export_id": "export"}),
    Line("reports.completion", "303 403 303 200 200 404", query={"unit": "@street"}),
    Line("reports.completion_years", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("reports.completion_people", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("reports.courses", "303 403 200 200 200 404", query={"unit": "@street"}),
    Line("reports.export", "303 403 403 200 200 200", {"page": "completion"}),
    Line("reports.export_people", "303 403 403 200 200 200"),
    Line("reports.audit", "303 403 403 200 200 200"),
    # records: back-entries are entered by administrators and trainers, decided on by a second administrator
    Line("records.index", "303 403 200 200 200 200"),
    Line("records.mine", "303 200 200 200 200 200"),
    Line("records.propose", "303 200/303 200/422 200/422 200/422 200/422", form=TRAINING),
    Line("records.new", "303 403 200/303 200/303 200/303 200/422", form=TRAINING_OF_SUN),
    Line("records.new_for", "303 403 403 200/303 200/303 404", {"person_id": "sun"}, TRAINING),
    # Bo entered it: Chen is the second person.
    Line("records.show", "303 200 404 200 200 404", BACK_ENTRY),
    Line("records.approve", "303 403 403 403 303 404", BACK_ENTRY),
    Line("records.reject", "303 403 403 403 303 404", BACK_ENTRY, {"no-reason": "证书编号不符"}),
    Line("records.withdraw", "303 403 404 303 403 404", BACK_ENTRY, {"back-reason": "登记错误"}),
    Line("records.evidence", "303 404 404 404 404 404", BACK_ENTRY),
    Line("records.template", "303 403 200 200 200 200"),
    Line(
        "records.new_load",
        "303 403 200/422 200/422 200/422 200/404",
        form={"unit": "@street", "file": roster_file},
    ),
    Line("records.show_load", "303 403 404 200 200 404", {"load_id": "training_file"}),
    Line("records.confirm_load", "303 403 404 303 403 404", {"load_id": "training_file"}),
    Line("records.discard_load", "303 403 404 303 403 404", {"load_id": "training_file"}),
    Line("records.load_findings", "303 403 404 200 200 404", {"load_id": "training_file"}),
    Line("records.approve_load", "303 403 403 403 303 404", {"load_id": "training_file"}),
    # records: papers, the learning file, the look-up
    Line("records.batches", "303 403 403 200/303 200/303 200/422", form={"kind": "year"}),
    Line("records.batch", "303 403 403 200 200 404", {"batch_id": "paper_batch"}),
    Line("records.my_file", "303 200 200 200 200 200"),
    Line("records.my_download", "303 200 200 200 200 200", {"form": "json"}),
    Line("records.file_of", "303 403 403 200 200 404", ALICE),
    Line("records.download_of", "303 403 403 200 200 404", {"person_id": "alice", "form": "xlsx"}),
    Line("records.appraisal", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("records.export_appraisal", "303 403 403 200 200 200"),
    # workforce
    Line("workforce.show", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("workforce.export", "303 403 403 200 200 200"),
    # notices: one's own, and the channels of a unit
    Line("notices.index", "303 200 200 200 200 200"),
    Line("notices.show", "303 303 404 404 404 404", {"notice_id": "notice"}),
    Line("notices.read", "303 303 404 404 404 404", {"notice_id": "notice"}, quiet=OWN),
    Line("notices.read_all", "303 303 303 303 303 303", quiet=OWN),
    Line("notices.settings", "303 200/303 200/303 200/303 200/303 200/303", form={"address": "a@example.com"}),
    Line("channels.index", "303 403 403 200 200 200"),
    Line("notices.confirm_address", "303 422 422 422 422 422", form={"code": "000000"}),
    # No server is allowed unless LMS_CHANNEL_HOSTS names it: tests/notices sets one up.
    Line("channels.smtp", "303 403 403 200/422 200/422 200/422", form={"unit": "@county"}),
    Line("channels.wecom", "303 403 403 200/422 200/422 200/422", form={"unit": "@county"}),
    Line("channels.test", "303 403 403 404 303 404", {"channel_id": "channel"}),
    Line("channels.end", "303 403 403 404 303 404", {"channel_id": "channel"}),
    # feedback: Alice's goes to the county
    Line(
        "feedback.new",
        "200/303 200/303 200/303 200/303 200/303 200/303",
        form={"kind": "suggestion", "text": "字再大一些。"},
    ),
    Line("feedback.mine", "303 200 200 200 200 200"),
    Line("feedback.show", "303 200 404 404 404 404", {"feedback_id": "feedback"}),
    Line("feedback.inbox", "303 403 403 200 200 200"),
    Line("feedback.handle", "303 403 403 404 200 404", {"feedback_id": "feedback"}),
    Line("feedback.answer", "303 403 403 404 303 404", {"feedback_id": "feedback"}, {"text": "已调整。"}),
    Line("feedback.close", "303 403 403 404 200/303 404", {"feedback_id": "feedback"}, {"reason": "重复提交。"}),
    # mentoring: Tina mentors Alice, and Sun, whose card waits for her signature; 和平街道 looks after both pairs
    Line("mentoring.mine", "303 200 200 200 200 200"),
    Line("mentoring.show", "303 200 200 200 200 404", PAIR),
    Line("mentoring.growth_file", "303 200 200 200 200 404", ALICE),
    Line(
        "mentoring.card",
        "303 404 200/303 403 403 404",
        {"pairing_id": "new_pair"},
        {"goal_mediation": "独立调解", "mentor_does": "带教", "mentee_does": "学习"},
    ),
    Line("mentoring.sign", "303 404 303 403 403 404", {"pairing_id": "new_pair"}, {"revision": "1"}),
    Line("mentoring.print_card", "303 200 200 200 200 404", PAIR),
    Line("mentoring.add_plan_step", "303 303 303 403 403 404", PAIR, {"words": "旁听一次调解"}),
    Line("mentoring.tick_plan_step", "303 303 303 403 403 404", {**PAIR, "step_id": "plan_step"}, {"done": "1"}),
    Line(
        "mentoring.meet",
        "303 200/303 200/303 403 403 404",
        PAIR,
        {"held_on": TODAY, "minutes": "60", "method": "case_talk", "about": "一起看了一份卷宗", "token": "t"},
    ),
    Line("mentoring.confirm", "303 303 422 403 403 404", {**PAIR, "meeting_id": "meeting"}),
    Line("mentoring.withdraw", "303 422 303 403 403 404", {**PAIR, "meeting_id": "meeting"}),
    Line("mentoring.evaluate", "303 200/422 200/422 403 403 404", PAIR),
    Line("mentoring.pause", "303 200/303 200/303 200/303 200/303 404", PAIR, {"reason": "出差"}),
    Line("mentoring.resume", "303 422 422 422 422 404", PAIR),
    Line("mentoring.end", "303 200/303 200/303 200/303 200/303 404", PAIR, {"reason": "工作调整"}),
    Line("mentoring.complete", "303 403 403 303 303 404", PAIR),
    Line(
        "mentoring.hand_over",
        "303 403 403 200/303 200/303 404",
        PAIR,
        {"mentor": "@second_mentor", "starts_on": TODAY, "ends_on": "2027-03-01", "reason": "导师调离"},
    ),
    Line(
        "mentoring.note_lecture",
        "303 404 200/303 404 404 404",
        form={"held_on": TODAY, "title": "怎样劝和", "audience": "新入职人员"},
    ),
    Line("mentoring.confirm_lecture", "303 403 403 404 303 404", {"lecture_id": "lecture"}),
    Line("mentoring.unit", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.unit_pairs", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.unit_register", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.export_register", "303 403 403 200 200 200"),
    Line("mentoring.unit_cards", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("mentoring.unit_lectures", "303 403 403 200 200 404", query={"unit": "@street"}),
    # mentors and pairs of 和平街道: what tests/whole/scene_pairs.py arranged
    Line("mentors.index", "303 403 403 200 200 200"),
    Line(
        "mentors.invite",
        "303 403 403 200/303 200/303 200/422",
        form={**PROFILE, "name": "向导", "phone": "19955550009", "reach": "@street"},
    ),
    Line("mentors.show", "303 200 404 200 200 404", OUTSIDER),
    Line("mentors.edit", "303 403 404 200/303 200/303 404", OUTSIDER, {**PROFILE, "reach": "@street"}),
    Line("mentors.approve", "303 403 403 303 303 404", {"mentor_id": "applicant"}, {"reach": "@street"}),
    Line(
        "mentors.leave",
        "303 404 404 200/303 200/303 404",
        {"mentor_id": "applicant", "step": "refuse"},
        {"reason": "名额已满"},
    ),
    Line("mentors.come_back", "303 404 404 303 303 404", {"mentor_id": "invited", "step": "accept"}),
    Line("mentors.slip", "303 403 403 200 200 404", OUTSIDER),
    Line("mentors.household", "303 403 403 200/303 200/303 404", OUTSIDER, {"phone": "19900000001"}),
    Line("mentors.mine", "303 200 200 200 200 200"),
    Line("mentors.apply", "303 200/303 200/422 200/303 200/303 200/303", form=PROFILE),
    Line("mentors.ask", "303 303 303 303 303 303", form={"abilities": "mediation"}),
    Line("mentors.withdraw", "303 303 303 303 303 303", quiet="nothing was asked for"),
    Line("mentors.ask_for", "303 403 403 303 303 404", ALICE),
    Line("pairing.needs", "303 403 403 200 200 404", query={"unit": "@street"}),
    Line("pairing.places", "303 403 403 200 200 200"),
    Line("pairing.index", "303 403 403 200 200 200"),
    Line(
        "pairing.new",
        "303 403 403 200/303 200/303 200/422",
        form={"unit": "@street", "reasons": "newcomer", "starts_on": TODAY, "ends_on": "2027-03-01"},
    ),
    Line("pairing.round", "303 403 403 200 200 404", ROUND),
    Line("pairing.mentee", "303 403 403 200 200 404", IN_ROUND),
    Line("pairing.fix", "303 403 403 303 303 404", IN_ROUND, {"mentor": "@outsider"}),
    Line("pairing.exclude", "303 403 403 303 303 404", {**IN_ROUND, "what": "without"}),
    Line("pairing.without_mentor", "303 403 403 303 303 404", {**ROUND, **OUTSIDER}),
    Line("pairing.undo", "303 403 403 303 303 404", {**ROUND, "change_id": "round_change"}),
    Line("pairing.again", "303 403 403 303 303 404", ROUND),
    Line("pairing.send", "303 403 403 303 303 404", ROUND),
    Line("pairing.close", "303 403 403 303 303 404", ROUND),
    Line(
        "pairing.by_hand",
        "303 403 403 200/303 200/303 200/422",
        form={"mentor": "@outsider", "phone": "19900000002", "starts_on": TODAY, "ends_on": "2027-03-01"},
    ),
    Line("pairing.note", "303 403 403 200/303 200/303 404", PROPOSAL, {"side": "mentor", "answer": "accept"}),
    Line("pairing.withdraw", "303 403 403 303 303 404", PROPOSAL),
    Line("pairing.departures", "303 403 403 200 200 200"),
    # Tina is active: nothing is to be decided of her pairs.
    Line("pairing.decide", "303 403 403 200/422 200/422 404", PAIR, {"choice": "keep", "reason": "照旧"}),
    Line("pairing.mine", "303 200 200 200 200 200"),
    Line("pairing.accept", "303 303 404 404 404 404", PROPOSAL),
    Line("pairing.decline", "303 200/303 404 404 404 404", PROPOSAL, {"reason": "太忙"}),
    Line("pairing.choose", "303 200 200 200 200 200"),
    Line("pairing.ask", "303 200/303 404 200/422 200/422 404", {"mentor_id": "second_mentor"}, {"note": "请多指教"}),
    Line("pairing.wishes", "303 200/303 200/422 200/303 200/303 200/422", {"side": "mentee"}, {"first": "@outsider"}),
)
