"""Calls for cases, and their review."""

from __future__ import annotations

from tests.whole.line import Line

CALL = {"call_id": "call"}
REVIEW = {"review_id": "review"}
WANTED = {
    "unit": "@county",
    "title": "一老一小案例",
    "about": "征集做法。",
    "opens_on": "2090-01-01",
    "closes_on": "2090-02-01",
    "ends_on": "2090-03-01",
    "originality": "25",
    "effect": "25",
    "transferability": "25",
    "rigor": "25",
}
SHEET = {"originality": "7", "effect": "8", "transferability": "9", "rigor": "6", "remark": "可以推广。"}

LINES = (
    # calls: the county's; it concerns everybody below it
    Line("calls.index", "303 200 200 200 200 200"),
    # Only Chen administers the county.
    Line("calls.new", "303 403 403 200/422 200/303 200/422", form=WANTED),
    Line("calls.show", "303 200 200 200 200 404", CALL),
    Line("calls.change", "303 403 403 403 200/422 404", CALL, WANTED),
    Line("calls.enter", "303 422 303 303 303 404", CALL, {"case": "@unsent"}),
    Line("calls.leave", "303 404 303 303 303 404", {**CALL, "entry_id": "entry"}),
    Line("calls.quotas", "303 403 403 403 200/303 404", CALL),
    Line("calls.reviewers", "303 403 403 403 200/303 404", CALL, {"person": "@alice"}, where={"q": "艾"}),
    Line("calls.remove_reviewer", "303 403 403 403 303 404", {**CALL, "reviewer_id": "reviewer"}),
    Line("calls.board", "303 403 200 200 200 404", CALL),
    Line("calls.export", "303 403 200 200 200 404", CALL),
    # reviews: before 和平街道, which the county's trainer and administrator also run; Tina is an expert there
    Line("reviews.index", "303 200 200 200 200 200"),
    Line("reviews.show", "303 404 200 200 200 404", REVIEW),
    Line("reviews.comment", "303 403 303 303 303 404", REVIEW, {"at": "results-1", "text": "缺数据。"}),
    Line("reviews.remove_comment", "303 403 303 303 303 404", {**REVIEW, "comment_id": "note"}),
    Line("reviews.decide", "303 403 303 303 303 404", REVIEW, {"decision": "return", "reason": "补充数据"}),
    Line("reviews.recommend", "303 403 303 303 303 404", {"review_id": "accepted"}),
    Line("reviews.publish", "303 403 403 303 303 404", {"review_id": "accepted"}),
    Line("reviews.assign", "303 403 403 200/422 200/303 404", REVIEW, {"person": "@chen"}, where={"q": "陈"}),
    Line("reviews.release", "303 403 403 303 303 404", {**REVIEW, "expert_id": "expert"}),
    Line("reviews.score", "303 404 200/303 403 403 404", REVIEW, SHEET),
    Line("reviews.progress", "303 404 200 200 200 404", {"slug": "entered"}),
    Line("reviews.withdraw", "303 404 303 303 303 404", {"slug": "entered"}, {"reason": "数据有误"}),
    Line("reviews.submit", "303 404 303 303 303 404", {"slug": "unsent"}),
)
