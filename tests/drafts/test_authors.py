"""Authors who are people of the site: found by name, named in an order, told, free to decline; and what follows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.calls import conflicts, deciding
from lms.calls.kinds import Conflict
from lms.cases.author_models import CaseAuthor
from lms.cases.authors import list_authors
from lms.cases.models import Case
from lms.core import clock, db
from lms.drafts import access, authorship
from lms.hours.models import HourEntry
from lms.notices.models import Notice
from lms.people.models import Person
from tests.calls.made import make_person, open_round
from tests.calls.test_at_once import at_once
from tests.cases.made import make_case
from tests.cast import SYSTEM
from tests.conftest import actor_of

JSON = {"Accept": "application/json"}
BOTH = {"destination": "unit", "consent": "1", "anonymized": "1"}


@pytest.fixture
def ask(app):
    """Something read or written in a unit of work of its own."""

    def run(what):
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
            return what()

    return run


@pytest.fixture
def slug(look, now_says, draft):
    return look(Case, now_says(draft).case_id).slug


def case_of(slug):
    return db.session().scalars(select(Case).where(Case.slug == slug)).one()


def names_of(ask, slug):
    return ask(lambda: [one.printed for one in list_authors(case_of(slug))])


def place_of(ask, slug, person_id):
    mine = (CaseAuthor.person_id == person_id, CaseAuthor.ended_at.is_(None), Case.slug == slug)
    return ask(
        lambda: db.session().scalar(select(CaseAuthor.id).join(Case, Case.id == CaseAuthor.case_id).where(*mine))
    )


def kinds_told(ask, person_id):
    own = select(Notice.kind).where(Notice.person_id == person_id, Notice.kind.like("drafts.%")).order_by(Notice.id)
    return ask(lambda: list(db.session().scalars(own)))


def add(client, draft, person_id):
    return client.post(f"/drafts/{draft}/authors", data={"person": str(person_id)})


def test_a_colleague_is_named_told_and_may_read_and_write(as_, cast, ask, draft, slug, trail):
    alice, sun = as_(cast.alice), as_(cast.sun)
    assert sun.get(f"/drafts/{draft}").status_code == 404
    assert "孙书记" in alice.get(f"/drafts/{draft}/authors").text  # of the same community: found without a word

    assert add(alice, draft, cast.sun).status_code == 303

    assert names_of(ask, slug) == ["艾丽丝", "孙书记"]
    assert ("drafts.name_author", cast.sun) in [(row.verb, row.person_id) for row in trail()]
    assert kinds_told(ask, cast.sun) == ["drafts.named"]
    assert "同意署名，或者谢绝" in sun.get(f"/drafts/{draft}").text
    saved = sun.post(
        f"/drafts/{draft}/text", data={"device": "b", "based_on": "0", "results": "一起写。"}, headers=JSON
    )
    assert saved.json["state"] == "saved"
    assert "孙书记" in alice.get(f"/drafts/{draft}").text.partition("最后保存")[0]
    listed = sun.get("/drafts/").text
    assert "我参与写的" in listed and "等您答复署名" in listed
    assert "我写的" in alice.get("/drafts/").text


def test_two_authors_at_once_lose_nothing(as_, cast, draft, now_says):
    alice, sun = as_(cast.alice), as_(cast.sun)
    add(alice, draft, cast.sun)
    mine = {"device": "a", "based_on": "0", "results": "艾丽丝写的。"}
    sun.post(f"/drafts/{draft}/text", data={**mine, "device": "b", "results": "孙书记写的。"}, headers=JSON)

    late = alice.post(f"/drafts/{draft}/text", data=mine, headers=JSON)

    assert (late.status_code, late.json["state"], late.json["who"]) == (409, "conflict", "孙书记")
    alice.post(f"/drafts/{draft}/text", data={**mine, "insists": "1"}, headers=JSON)
    assert now_says(draft).results == "艾丽丝写的。"
    copies = sun.get(f"/drafts/{draft}/copies").text
    assert "孙书记写的。" in copies and "孙书记" in copies.partition("换回这一份")[0]


def test_only_names_in_reach_are_found_or_taken(as_, cast, ask, draft, slug):
    alice, bo = as_(cast.alice), as_(cast.bo)

    for word in ("文", "薄", "马", "田"):  # another county, the street's administrator above, strangers
        page = alice.get(f"/drafts/{draft}/authors", query_string={"q": word}).text
        assert "没有找到叫这个名字的同事" in page, word
    for stranger in (cast.wen, cast.bo, cast.mallory, 10**9):
        refused = add(alice, draft, stranger)
        assert refused.status_code == 422 and "名单里没有这个人" in refused.text
        assert "文江" not in refused.text
    assert add(alice, draft, "x").status_code == 422
    assert add(alice, draft, cast.alice).status_code == 422
    assert "孙书记" in bo.get(f"/drafts/{draft}/authors", query_string={"q": "孙"}).text  # whom he administers
    assert "文江" not in bo.get(f"/drafts/{draft}/authors", query_string={"q": "文"}).text
    assert names_of(ask, slug) == ["艾丽丝"]


def test_a_trainer_finds_those_whose_whole_name_they_can_say(as_, cast, ask, draft, slug):
    tina, page = as_(cast.tina), f"/drafts/{draft}/authors"

    assert "光明社区" not in tina.get(page, query_string={"q": "孙"}).text
    assert "光明社区" in tina.get(page, query_string={"q": "孙书记"}).text
    assert "没有找到" in tina.get(page, query_string={"q": "文江"}).text  # of the other county
    assert add(tina, draft, cast.sun).status_code == 422
    assert tina.post(f"{page}?q=孙", data={"person": str(cast.sun)}).status_code == 422
    assert tina.post(f"{page}?q=文江", data={"person": str(cast.wen)}).status_code == 422
    assert tina.post(f"{page}?q=孙书记", data={"person": str(cast.sun)}).status_code == 303
    assert names_of(ask, slug) == ["艾丽丝", "孙书记"]


def test_the_order_changes_without_a_script_and_is_what_is_printed(as_, cast, ask, draft, slug, trail):
    alice = as_(cast.alice)
    add(alice, draft, cast.sun)
    assert alice.post(f"/drafts/{draft}/authors/names", data={"name": "苏敏"}).status_code == 303
    assert alice.post(f"/drafts/{draft}/authors/names", data={"name": "苏敏"}).status_code == 422
    assert alice.post(f"/drafts/{draft}/authors/names", data={"name": " "}).status_code == 422
    place = place_of(ask, slug, cast.sun)

    assert alice.post(f"/drafts/{draft}/authors/{place}/moving", data={"to": "up"}).status_code == 303

    assert names_of(ask, slug) == ["孙书记", "艾丽丝", "苏敏"]
    assert trail()[-1].verb == "drafts.order_authors"
    alice.post(f"/drafts/{draft}/authors/{place}/moving", data={"to": "up"})  # first already
    alice.post(f"/drafts/{draft}/authors/{place}/moving", data={"to": "away"})
    assert names_of(ask, slug) == ["孙书记", "艾丽丝", "苏敏"]
    assert "还没有答复是否署名：孙书记" in alice.get(f"/drafts/{draft}/check").text
    assert alice.post(f"/drafts/{draft}/submission", data=BOTH).status_code == 303
    assert ask(lambda: case_of(slug).latest.authors) == ["孙书记", "艾丽丝", "苏敏"]
    assert kinds_told(ask, cast.sun) == ["drafts.named", "drafts.submitted"]


def test_what_was_handed_in_names_persons_to_those_who_may_see_them(as_, cast, ask, draft, slug):
    alice, sun = as_(cast.alice), as_(cast.sun)
    add(alice, draft, cast.sun)
    alice.post(f"/drafts/{draft}/submission", data=BOTH)
    place = place_of(ask, slug, cast.sun)

    assert sun.get(f"/reviews/cases/{slug}").status_code == 200
    shown = as_(cast.bo).get(f"/cases/{slug}").text
    assert f"/people/{cast.sun}" in shown and f"/people/{cast.alice}" in shown
    assert f"/people/{cast.alice}" not in sun.get(f"/cases/{slug}").text
    for closed in ("removal", "moving"):
        assert alice.post(f"/drafts/{draft}/authors/{place}/{closed}", data={"to": "up"}).status_code == 422
    assert add(alice, draft, cast.sun).status_code == 422
    assert "评审期间作者不能改" in alice.get(f"/drafts/{draft}/authors").text


def test_whoever_is_removed_loses_access_and_is_told(as_, cast, ask, draft, slug):
    alice, sun = as_(cast.alice), as_(cast.sun)
    add(alice, draft, cast.sun)
    place = place_of(ask, slug, cast.sun)

    assert alice.post(f"/drafts/{draft}/authors/{place}/removal").status_code == 303

    for path in (
        f"/drafts/{draft}",
        f"/drafts/{draft}/authors",
        f"/drafts/{draft}/preview",
        f"/drafts/of/{slug}/naming",
    ):
        assert sun.get(path).status_code == 404, path
    assert sun.get(f"/cases/{slug}").status_code == 404
    assert "梧桐里" not in sun.get("/drafts/").text
    assert kinds_told(ask, cast.sun) == ["drafts.named", "drafts.removed"]
    assert alice.post(f"/drafts/{draft}/authors/{place}/removal").status_code == 404
    assert add(alice, draft, cast.sun).status_code == 303  # it was a mistake


def test_one_may_decline_and_come_back_and_nobody_else_decides(as_, cast, ask, draft, slug, trail):
    alice, sun = as_(cast.alice), as_(cast.sun)
    add(alice, draft, cast.sun)
    assert "艾丽丝 请您一起署名" in sun.get(f"/drafts/of/{slug}/naming").text

    assert sun.post(f"/drafts/of/{slug}/naming", data={"answer": "decline"}).status_code == 303

    assert names_of(ask, slug) == ["艾丽丝"]
    assert sun.get(f"/drafts/{draft}").status_code == 404
    page = sun.get(f"/drafts/of/{slug}/naming")
    assert "您谢绝了署名" in page.text and "梧桐里" not in page.text
    assert "drafts.declined" in kinds_told(ask, cast.alice)
    refused = add(alice, draft, cast.sun)
    assert refused.status_code == 422 and "谢绝了署名" in refused.text
    assert sun.post(f"/drafts/of/{slug}/naming", data={"answer": "agree"}).status_code == 422
    assert sun.post(f"/drafts/of/{slug}/naming", data={"answer": "return"}).status_code == 303
    assert names_of(ask, slug) == ["艾丽丝", "孙书记"]
    verbs = [row.verb for row in trail() if "name" in row.verb]
    assert verbs == ["drafts.name_author", "drafts.decline_name", "drafts.agree_to_name"]


def test_agreeing_is_kept(as_, cast, ask, draft, slug, look):
    add(as_(cast.alice), draft, cast.sun)

    assert as_(cast.sun).post(f"/drafts/of/{slug}/naming", data={"answer": "agree"}).status_code == 303

    assert look(CaseAuthor, place_of(ask, slug, cast.sun)).agreed_at is not None
    assert "还没有答复" not in as_(cast.alice).get(f"/drafts/{draft}/check").text


def test_whoever_began_it_gives_it_up_and_the_others_are_told(as_, cast, ask, draft, slug):
    alice, sun = as_(cast.alice), as_(cast.sun)
    alone = alice.post(f"/drafts/of/{slug}/naming", data={"answer": "decline"})
    assert alone.status_code == 422 and "您是唯一能写它的作者" in alone.text
    add(alice, draft, cast.sun)

    assert sun.post(f"/drafts/{draft}/discard").status_code == 403
    assert "放弃草稿" not in sun.get(f"/drafts/{draft}").text
    assert alice.post(f"/drafts/{draft}/discard").status_code == 303
    assert kinds_told(ask, cast.sun) == ["drafts.named", "drafts.discarded"]


@pytest.mark.parametrize("path", ["", "/names", "/{place}/moving", "/{place}/removal"])
def test_strangers_find_no_authors(as_, cast, ask, draft, slug, path):
    place = place_of(ask, slug, cast.alice)
    address = f"/drafts/{draft}/authors" + path.format(place=place)
    for stranger in (cast.mallory, cast.sun, cast.wen):
        assert as_(stranger).post(address, data={"person": str(cast.sun), "name": "甲"}).status_code == 404
        assert as_(stranger).get(f"/drafts/of/{slug}/naming").status_code == 404
    if path:
        assert as_(cast.alice).get(address).status_code == 405
    assert names_of(ask, slug) == ["艾丽丝"]


def test_co_authors_and_their_colleagues_do_not_judge(as_, cast, ask, draft, slug):
    elsewhere, neighbor = ask(lambda: [make_person(cast.xinhua, name).id for name in ("辛华", "辛甲")])
    bo, wrote = as_(cast.bo), as_(elsewhere)

    def found():
        barred = conflicts.find_conflicts(case_of(slug), [elsewhere, neighbor])
        return {person_id: conflict.value for person_id, conflict in barred.items()}

    assert ask(found) == {}
    assert add(bo, draft, elsewhere).status_code == 303
    assert ask(found) == {elsewhere: "author", neighbor: "colleague"}
    wrote.post(f"/drafts/of/{slug}/naming", data={"answer": "decline"})
    assert ask(found) == {}  # named by somebody else, without a hand in it
    wrote.post(f"/drafts/of/{slug}/naming", data={"answer": "return"})
    wrote.post(f"/drafts/{draft}/text", data={"device": "b", "based_on": "0", "results": "一起写。"}, headers=JSON)
    bo.post(f"/drafts/{draft}/authors/{place_of(ask, slug, elsewhere)}/removal")
    assert ask(found) == {elsewhere: "author", neighbor: "colleague"}  # nobody comes to judge it by leaving


def publish(slug):
    review, now = open_round(case_of(slug)), clock.now()
    deciding.accept(review, reason="", actor=SYSTEM, now=now)
    deciding.publish(review, actor=SYSTEM, now=now)


def hours_of(slug):
    mine = (HourEntry.source_kind == "case", HourEntry.source_ref == str(case_of(slug).id))
    return {row.person_id: row.hours for row in db.session().scalars(select(HourEntry).where(*mine))}


def test_each_named_author_earns_the_hours_once(as_, cast, ask, draft, slug):
    alice, sun = as_(cast.alice), as_(cast.sun)
    add(alice, draft, cast.sun)
    alice.post(f"/drafts/{draft}/submission", data=BOTH)

    ask(lambda: publish(slug))

    earned = ask(lambda: hours_of(slug))
    assert set(earned) == {cast.alice, cast.sun} and len(set(earned.values())) == 1
    alice.post(f"/drafts/of/{slug}")
    assert sun.post(f"/drafts/{draft}/submission", data=BOTH).status_code == 303
    ask(lambda: publish(slug))
    assert ask(lambda: hours_of(slug)) == earned


def test_who_declines_before_it_is_published_is_not_credited(as_, cast, ask, draft, slug):
    alice, sun = as_(cast.alice), as_(cast.sun)
    add(alice, draft, cast.sun)
    alice.post(f"/drafts/{draft}/submission", data=BOTH)
    assert "第 1 版写着您的姓名" in sun.get(f"/drafts/of/{slug}/naming").text
    sun.post(f"/drafts/of/{slug}/naming", data={"answer": "decline"})

    ask(lambda: publish(slug))

    wen = as_(cast.wen)
    for path in (f"/cases/{slug}", f"/cases/{slug}/print"):
        page = wen.get(path).text
        assert "艾丽丝" in page and "孙书记" not in page, path
    found = wen.get("/cases/", query_string={"q": "孙书记"}).text
    assert "没有找到案例" in found
    assert set(ask(lambda: hours_of(slug))) == {cast.alice}
    assert ask(lambda: conflicts.find_conflict(case_of(slug), cast.sun)) is Conflict.AUTHOR


def test_what_one_wrote_is_listed_when_its_draft_is_gone(as_, cast, ask, draft, slug):
    alice, sun = as_(cast.alice), as_(cast.sun)
    add(alice, draft, cast.sun)
    alice.post(f"/drafts/{draft}/submission", data=BOTH)
    ask(lambda: deciding.return_case(open_round(case_of(slug)), reason="补充数据", actor=SYSTEM, now=clock.now()))
    alice.post(f"/drafts/{draft}/discard")

    for author in (alice, sun):
        page = author.get("/drafts/").text
        assert f"/cases/{slug}" in page and "我写的其他案例" in page
    assert slug not in as_(cast.wen).get("/drafts/").text


def test_authors_of_another_draft_are_not_found(as_, cast, ask, draft, slug, make):
    alice, other = as_(cast.alice), make()
    place = place_of(ask, slug, cast.alice)

    for verb in ("moving", "removal"):
        assert alice.post(f"/drafts/{other}/authors/{place}/{verb}", data={"to": "up"}).status_code == 404


def test_two_name_the_same_colleague_at_once(app, cast, ask, draft):
    def name(actor_id):
        actor = actor_of(actor_id)
        found = access.get_draft(actor, draft, lock=True)
        authorship.add_colleague(found, db.session().get_one(Person, cast.sun), actor=actor, now=clock.now())

    assert at_once(app, lambda: name(cast.alice), lambda: name(cast.bo)) == ["done", "孙书记 已经是作者。"]


def test_one_comes_back_twice_at_once(app, as_, cast, ask, draft, slug):
    add(as_(cast.alice), draft, cast.sun)
    as_(cast.sun).post(f"/drafts/of/{slug}/naming", data={"answer": "decline"})

    def return_():
        sun = actor_of(cast.sun)
        case, place = access.get_own_place(sun, slug)
        authorship.come_back(case, place, actor=sun, now=clock.now())

    got = at_once(app, return_, return_)

    assert "done" in got and names_of(ask, slug) == ["艾丽丝", "孙书记"]


def test_the_next_version_begins_with_the_names_of_the_one_before(as_, cast, ask, now_says):
    ask(lambda: make_case(slug="loaded", authors=("苏敏", "教研组")))  # out of a folder: nobody's here

    begun = as_(cast.pan).post("/drafts/of/loaded").location

    assert names_of(ask, "loaded") == ["苏敏", "教研组"]
    assert "教研组" in as_(cast.pan).get(begun).text
