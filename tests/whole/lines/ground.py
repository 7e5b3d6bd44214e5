"""The frame, accounts, units, people, roster, hours, notices and feedback."""

from __future__ import annotations

import io

from tests.whole.line import ALICE, OWN, TODAY, Line


def roster_file() -> tuple[io.BytesIO, str]:
    """A file to upload that holds no roster: it is refused by name, after everybody's right to upload was asked."""
    return io.BytesIO("谁,什么\n".encode()), "nothing.csv"


LOAD = {"load_id": "load"}

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
)
