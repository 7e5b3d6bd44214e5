"""Finding: nothing missed, nothing extra, against a plain scan for the same characters."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from lms.core import db, search
from lms.core.search import Piece, SearchDocument, fold, mark, matches, passage, terms

TEXTS = [
    "梧桐里社区的电梯为什么装成了\n一楼不同意，五楼等不起。居民议事会开了七次。",
    "社区居民委员会与物业公司：会议记录 2023-05。",
    "ＡＩ助手与 WeChat 群，Ａpp“随手拍”；café、Straße、㎡。",
    "啊啊啊啊啊啊哈啊啊啊啊区社",
    "𠮷野家旁的小巷子（𪚥）里住着老人",
    "a\\b%c_d'e\"f' OR 1=1 -- <b>粗</b> \u202e倒 ∀x",
]


def found(query: str) -> set[int]:
    rows = db.session().scalars(select(SearchDocument.object_id).where(matches(terms(query))))
    return set(rows)


def scanned(query: str) -> set[int]:
    return {i for i, one in enumerate(TEXTS, 1) if all(term in fold("\n" + one) for term in terms(query))}


def put_all() -> None:
    for number, content in enumerate(TEXTS, 1):
        search.put("test", number, title="", content=content)


def test_every_piece_of_every_text_is_found_and_nothing_else(work) -> None:
    put_all()
    wanted = {one[i : i + n] for one in TEXTS for n in (1, 2, 3, 8) for i in range(len(one) - n + 1)}
    wanted |= {one[i : i + 2][::-1] for one in TEXTS for i in range(len(one) - 1)}
    queries = sorted(query for query in wanted if terms(query))
    for query in [*queries[::7], "", "  ", "社区 电梯", "wechat", "ＷＥ", "strasse", "m2", "*", '"', "AND", "𠮷野"]:
        if terms(query):
            assert found(query) == scanned(query), query


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.text(min_size=1, max_size=8))
def test_no_query_breaks_it(work, query: str) -> None:
    with work.begin_nested():
        put_all()
        if terms(query):
            assert found(query) == scanned(query)


def test_what_is_put_anew_or_removed_is_forgotten(work) -> None:
    search.put("test", 1, title="电梯", content="旧文")
    search.put("test", 1, title="停车", content="新文")
    assert (found("旧"), found("旧文"), found("停车")) == (set(), set(), {1})
    search.remove("test", 1)
    assert (found("新文"), found("停")) == (set(), set())


def test_the_index_can_be_made_anew(work) -> None:
    put_all()
    if db.dialect() != "postgresql":
        work.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))
        assert found("电梯") == set()
    assert search.rebuild() == len(TEXTS)
    assert found("电梯") == {1} and found("社") == scanned("社")


def test_a_long_text_is_found_to_its_end(work) -> None:
    search.put("test", 1, title="长", content="民主协商" * 8000 + "末尾三句话")
    assert found("末尾三句") == {1} and found("商民主协商末") == {1} and found("句民") == set()


def test_passages_mark_what_was_looked_for_as_it_was_written() -> None:
    shown = passage("第一段。\n这里有ＡＩ助手和《社区公约》，很长很长。", terms("ai助 公约"), around=8)
    assert Piece("ＡＩ助", True) in shown and shown[0] != Piece("第一段。", False)
    assert mark("<b>㎡</b>", ["m2"]) == [Piece("<b>", False), Piece("㎡", True), Piece("</b>", False)]
    assert passage("没有", ["别"]) == []
