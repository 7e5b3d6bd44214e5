"""The case library."""

from __future__ import annotations

from tests.whole.line import Line

CASE = {"slug": "case"}
DRAFT = {"slug": "draft"}

LINES = (
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
)
