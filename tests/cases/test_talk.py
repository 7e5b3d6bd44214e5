"""本社区已借鉴, and what is said below a case."""

import pytest

from lms.cases.models import CaseComment, CaseUse
from lms.core import db
from lms.units.models import Unit
from tests.cases.made import make_case

USED = {"sentence": "试了三个月，一个楼道装成了。", "contact": "社区办公室"}


@pytest.fixture
def case(app, cast) -> str:
    """A published case of the county's that Sun wrote; its address."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        county = opened.get_one(Unit, cast.county)
        return f"/cases/{make_case(unit=county, author_id=cast.sun, slug='dianti').slug}"


def test_a_unit_notes_its_use_once_and_its_authors_hear_of_it(as_, cast, case, look, trail) -> None:
    alice = as_(cast.alice)
    assert alice.post(f"{case}/uses", data=USED).status_code == 303
    assert alice.post(f"{case}/uses", data=USED).status_code == 422
    assert as_(cast.wen).post(f"{case}/uses", data=USED).status_code == 303
    tree = as_(cast.wen).get(f"{case}/uses").get_data(as_text=True)
    assert tree.index("安和市") < tree.index("清河区") < tree.index("光明社区") and "江南社区" in tree
    assert tree.count(USED["sentence"]) == 2
    assert "您的案例有社区在用" in as_(cast.sun).get("/notices").get_data(as_text=True)
    assert alice.post(f"{case}/uses/taking-back").status_code == 303
    assert look(CaseUse, 1).taken_back_by_id == cast.alice
    assert alice.post(f"{case}/uses/taking-back").status_code == 422
    assert alice.post(f"{case}/uses", data=USED).status_code == 303  # anew
    assert [row.verb for row in trail() if "use" in row.verb].count("cases.note_use") == 3


def test_what_is_missing_is_asked_for_and_kept(as_, cast, case) -> None:
    answer = as_(cast.alice).post(f"{case}/uses", data={"sentence": "只有这句", "contact": " "})
    assert answer.status_code == 422 and "只有这句" in answer.get_data(as_text=True)
    assert as_(cast.alice).post(f"{case}/comments", data={"text": "字" * 1001}).status_code == 422


def test_a_comment_stands_with_the_post_of_that_day(as_, cast, case) -> None:
    assert as_(cast.alice).post(f"{case}/comments", data={"text": "钱从哪里来？"}).status_code == 303
    page = as_(cast.wen).get(case).get_data(as_text=True)
    assert "钱从哪里来？" in page and "光明社区 网格员" in page
    assert "您的案例有新留言" in as_(cast.sun).get("/notices").get_data(as_text=True)


def test_a_hidden_comment_is_seen_by_its_writer_and_the_unit_with_the_reason(as_, cast, case, look) -> None:
    as_(cast.alice).post(f"{case}/comments", data={"text": "某某家的私事"})
    hiding = f"{case}/comments/1/hiding"
    assert as_(cast.mallory).post(hiding, data={"reason": "私事"}).status_code == 403
    assert as_(cast.tina).post(hiding, data={"reason": " "}).status_code == 422
    assert as_(cast.tina).post(hiding, data={"reason": "涉及居民隐私"}).status_code == 303
    assert as_(cast.tina).post(f"{case}/comments/99/hiding", data={"reason": "x"}).status_code == 404
    for who, sees in ((cast.alice, True), (cast.chen, True), (cast.wen, False), (cast.mallory, False)):
        page = as_(who).get(case).get_data(as_text=True)
        assert ("某某家的私事" in page and "涉及居民隐私" in page) is sees
    assert "您的一条留言被隐藏" in as_(cast.alice).get("/notices").get_data(as_text=True)
    assert as_(cast.tina).post(f"{case}/comments/1/showing").status_code == 303
    assert look(CaseComment, 1).hidden_at is None
    assert "某某家的私事" in as_(cast.wen).get(case).get_data(as_text=True)


def test_a_flood_of_comments_is_refused(as_, cast, case) -> None:
    client = as_(cast.alice)
    answers = [client.post(f"{case}/comments", data={"text": f"第 {n} 条"}).status_code for n in range(11)]
    assert answers == [303] * 10 + [422]
