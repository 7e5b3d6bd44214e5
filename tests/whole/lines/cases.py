"""The case library."""

from __future__ import annotations

from tests.whole.line import OWN, Line

CASE = {"slug": "case"}
DRAFT = {"slug": "draft"}
WRITING = {"draft_id": "writing"}
METHOD = {
    "name": "三张清单法",
    "idea": "先分清谁来办。",
    "authors": "田老师",
    "abilities": "organizing",
    "steps": "1. 听；\n2. 分。",
    "fits": "- 急事。",
    "unfit": "- 已经立案的事。",
}
IMPORTED = {"draft_id": "imported"}

LINES = (
    # cases: they are the county's; `draft` is not public
    Line("cases.index", "303 200 200 200 200 200", query={"q": "电梯"}),
    Line("cases.methods", "303 200 200 200 200 200"),
    Line("cases.method", "303 200 200 200 200 200", {"slug": "method"}),
    # Whoever runs a unit may begin one in its name; a change of the county's is the county's business.
    Line(
        "cases.write_method",
        "303 403 200/303 200/422 200/303 200/422",
        form={**METHOD, "unit": "@county"},
    ),
    Line("cases.edit_method", "303 403 200/303 404 200/303 404", {"slug": "method"}, {**METHOD, "based_on": "1"}),
    Line(
        "cases.withdraw_method", "303 403 200/303 404 200/303 404", {"slug": "method"}, {"reason": "有一步不合规定。"}
    ),
    Line("cases.restore_method", "303 403 303 404 303 404", {"slug": "withdrawn_method"}),
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
    # drafts: `writing` is one of Alice's for 光明社区; `mine` a case of hers with a version; Mallory knows of neither
    Line("drafts.index", "303 200 200 200 200 200"),
    Line("drafts.new", "303 200/422 200/422 200/422 200/422 200/422", form={"unit": "@guangming", "then": "word"}),
    Line("drafts.reopen", "303 404 303 404 303 404", DRAFT),
    Line("drafts.write", "303 200/303 200/303 200/303 200/303 404", WRITING, {"title": "新标题", "then": "stay"}, OWN),
    Line("drafts.save", "303 200 200 200 200 404", WRITING, {"title": "新标题"}, OWN),
    Line(
        "drafts.arrange",
        "303 200/303 200/303 200/303 200/303 404",
        IMPORTED,
        {"place_0": "title", "place_1": "results"},
    ),
    Line("drafts.add_picture", "303 422 422 422 422 404", WRITING),
    Line("drafts.file", "303 200 200 200 200 404", {**IMPORTED, "name": "a.docx"}),
    Line("drafts.preview", "303 200 200 200 200 404", WRITING),
    Line("drafts.check", "303 200 200 200 200 404", WRITING),
    Line("drafts.mask", "303 303 303 303 303 404", WRITING),
    Line("drafts.submit", "303 422 422 422 422 404", WRITING),
    Line("drafts.copies", "303 200 200 200 200 404", WRITING),
    Line("drafts.restore", "303 303 303 303 303 404", {**WRITING, "copy_id": "copy"}),
    # authors: `writing` has a printed name beside Alice's; of `named` she was asked to be an author by Sun. A trainer
    # finds nobody of the community by name.
    Line("authors.show", "303 200 200 200 200 404", WRITING, query={"q": "孙"}),
    Line("authors.add", "303 303 422 303 303 404", WRITING, {"person": "@sun"}),
    Line("authors.add_name", "303 303 303 303 303 404", WRITING, {"name": "苏敏"}),
    Line("authors.move", "303 303 303 303 303 404", {**WRITING, "author_id": "printed"}, {"to": "up"}),
    Line("authors.remove", "303 303 303 303 303 404", {**WRITING, "author_id": "printed"}),
    Line("authors.answer", "303 200/303 404 404 404 404", {"slug": "named"}, {"answer": "agree"}),
    Line("drafts.discard", "303 303 303 303 303 404", WRITING),
)
