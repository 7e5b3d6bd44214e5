"""The training duty: policies, coverage, reports, back-entries, papers, the workforce."""

from __future__ import annotations

import io

from tests.records import trainings
from tests.whole.line import ALICE, Line


def roster_file() -> tuple[io.BytesIO, str]:
    """A file to upload that holds no roster: it is refused by name, after everybody's right to upload was asked."""
    return io.BytesIO("谁,什么\n".encode()), "nothing.csv"


POLICY = {"policy_id": "policy"}
STREET = {"unit": "@street", "duty": "@duty"}
LAST_YEAR = {**STREET, "cycle": "2025-01-01"}
CLOSED_YEAR = {**STREET, "cycle": "2024-01-01"}
CLOSED_LIST = {**CLOSED_YEAR, "closing": "@closing"}
BACK_ENTRY = {"back_entry_id": "back_entry"}
TRAINING = trainings.form(title="法律知识轮训", evidence="证书 9", abilities="acting_by_law")
TRAINING_OF_SUN = {"name": "孙书记", "key": "19900000002", **TRAINING}

LINES = (
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
    # reports: trainers see courses in numbers; the rest is for administrators
    # coverage: whom a policy of the county asks for training, in the street
    Line("coverage.index", "303 403 403 200 200 404", where=STREET),
    Line("coverage.people", "303 403 403 200 200 404", where=STREET),
    Line("coverage.overdue", "303 403 403 200 200 404", where=STREET),
    Line("coverage.remind", "303 403 403 303 303 404", form={"person": "@sun"}, where=STREET),
    Line("coverage.put_into", "303 403 403 303 303 404", form={"person": "@sun", "course": "@course"}, where=STREET),
    Line("coverage.closings", "303 403 403 200 200 404", where=STREET),
    Line("coverage.closed_people", "303 403 403 200 200 404", where=CLOSED_LIST),
    Line("coverage.closed_changes", "303 403 403 200 200 404", where=CLOSED_YEAR),
    Line("coverage.export_closed_people", "303 403 403 200 200 404", where=CLOSED_LIST),
    Line("coverage.export_closed_changes", "303 403 403 200 200 404", where=CLOSED_YEAR),
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
)
