"""A round from the administrator's page to terms that have begun, and everything that may go wrong between."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core import audit, clock, db, i18n
from lms.core.errors import Refused
from lms.hours.kinds import Ability
from lms.mentoring.kinds import Side
from lms.mentoring.models import Pairing
from lms.mentors import actions as mentors
from lms.mentors import needs
from lms.mentors.actions import Profile
from lms.mentors.models import Background, Mentor
from lms.mentors.needs import Reason
from lms.notices.models import Notice
from lms.pairing import queries, replies, rounds, solving
from lms.pairing.models import PairingRound, Proposal, ProposalState, RoundState, Solving
from lms.people import actions as people
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units.models import Unit
from tests.at_once import slowly, twice
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.pairing.solver import in_process

TODAY = date(2026, 3, 2)
TERM: dict[str, Any] = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=365)}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    """In March 2026, and with the solver in this process."""
    i18n.forget()
    monkeypatch.setattr(solving, "solve", in_process)
    with clock.frozen(clock.now().replace(year=2026, month=3, day=2)):
        yield


@pytest.fixture
def ask(app):
    def run(question):
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
            return question()

    return run


def make_mentor(name, phone, *, reach, abilities=("mass_work",), capacity=None, post=None, unit=None):
    """An active mentor, in the unit of work that is open."""
    session, now = db.session(), clock.now()
    person = people.create_person(name=name, phone=phone, origin="tests", actor=SYSTEM, now=now)
    if unit is not None:
        place = session.get_one(Unit, unit)
        people.appoint(
            person,
            unit=place,
            post=post or PostClass.FULL_TIME_STAFF,
            starts_on=date(2015, 1, 1),
            actor=SYSTEM,
            now=now,
        )
    profile = Profile(
        Background.WORKER if unit else Background.OUTSIDE, [Ability(a) for a in abilities], capacity=capacity
    )
    mentor = mentors.invite(person, reach=session.get_one(Unit, reach), profile=profile, actor=SYSTEM, now=now)
    mentors.accept(mentor, actor=SYSTEM, now=now)
    session.flush()
    return mentor


def make_newcomer(name, phone, unit):
    now = clock.now()
    person = people.create_person(name=name, phone=phone, origin="tests", actor=SYSTEM, now=now)
    place = db.session().get_one(Unit, unit)
    people.appoint(person, unit=place, post=PostClass.GRID_WORKER, starts_on=date(2026, 1, 5), actor=SYSTEM, now=now)
    return person


@pytest.fixture
def group(ask, cast):
    """Two mentors of 和平街道 (one with a single place) and three newcomers there: identifiers by name."""

    def make():
        first = make_mentor(
            "孟导", "19911110001", reach=cast.street, abilities=("mass_work", "mediation"), unit=cast.xinhua
        )
        second = make_mentor("季导", "19911110002", reach=cast.street, capacity=1)
        new = [make_newcomer(name, f"1991111010{n}", cast.guangming) for n, name in enumerate(("甲新", "乙新", "丙新"))]
        found = {"first": first.id, "second": second.id, "first_person": first.person_id}
        return {**found, "mentees": [person.id for person in new]}

    return ask(make)


def new_round(cast, actor=SYSTEM, unit=None):
    place = db.session().get_one(Unit, unit or cast.street)
    return rounds.create(place, reasons=[Reason.NEWCOMER], topic="", abilities=[], actor=actor, now=clock.now(), **TERM)


def pairs_of(round_id, *states):
    wanted = states or (ProposalState.DRAFT, ProposalState.SENT)
    rows = select(Proposal).where(Proposal.round_id == round_id, Proposal.state.in_(wanted)).order_by(Proposal.id)
    return {row.mentee_id: row.mentor_id for row in db.session().scalars(rows)}


def accept_both(proposal):
    for side in Side:
        replies.reply(proposal, side, accepts=True, actor=SYSTEM, now=clock.now())


def test_everybody_who_needs_one_gets_a_mentor_within_places(ask, cast, group):
    round_id = ask(lambda: new_round(cast).id)
    found = ask(lambda: pairs_of(round_id))
    assert set(found) == set(group["mentees"])
    assert sorted(found.values()) == sorted([group["first"], group["first"], group["second"]])


def test_the_page_says_why_and_what_else(as_, ask, cast, group, query_count):
    round_id = ask(lambda: new_round(cast).id)
    bo = as_(cast.bo)
    with query_count() as statements:
        page = bo.get(f"/pairing/rounds/{round_id}")
    assert len(statements) <= 16, "\n".join(statements)
    assert page.status_code == 200
    assert "所需的群众工作" in page.text and "同在一个街道" in page.text
    page = as_(cast.bo).get(f"/pairing/rounds/{round_id}", headers={"Accept-Language": "en"})
    assert page.status_code == 200


def test_who_needs_a_mentor_costs_the_same_however_many_they_are(as_, ask, cast, group, query_count, monkeypatch):
    bo, page = as_(cast.bo), f"/pairing/needs?unit={cast.street}"

    def look(address):
        with query_count() as statements:
            answer = bo.get(address)
        assert answer.status_code == 200
        return len(statements), answer.text

    before, text = look(page)
    assert "还有 3 人没有导师" in text and "下一页" not in text
    ask(lambda: [make_newcomer(f"新人{n}", f"1390000{n:04}", cast.xinhua).id for n in range(60)])
    for address in (page, f"{page}&cursor=50"):
        after, text = look(address)
        assert after == before and "还有 63 人没有导师" in text
    monkeypatch.setattr(needs, "MOST_WITH_GAPS", 5)
    assert "能力空缺按区县或街道查看" in look(f"{page}&reason=gap")[1]


def test_fixed_forbidden_and_removed_are_solved_around(as_, ask, cast, group, trail):
    round_id = ask(lambda: new_round(cast).id)
    bo, (one, two, three) = as_(cast.bo), group["mentees"]
    base = f"/pairing/rounds/{round_id}"

    assert bo.post(f"{base}/mentees/{two}/fix", data={"mentor": group["second"]}).status_code == 303
    assert ask(lambda: pairs_of(round_id)) == {one: group["first"], two: group["second"], three: group["first"]}
    refused = bo.post(f"{base}/mentees/{three}/fix", data={"mentor": group["second"]})
    assert refused.status_code == 422 and "名额已满" in refused.text
    assert bo.post(f"{base}/mentees/{one}/forbid").status_code == 303
    assert ask(lambda: pairs_of(round_id)) == {two: group["second"], three: group["first"]}
    assert bo.post(f"{base}/mentees/{two}/without").status_code == 303
    assert ask(lambda: pairs_of(round_id)) == {one: group["second"], three: group["first"]}
    changes = ask(lambda: [change.id for change in queries.list_changes(db.session().get_one(PairingRound, round_id))])
    for change_id in changes:
        assert bo.post(f"{base}/changes/{change_id}/undo").status_code == 303
    assert len(ask(lambda: pairs_of(round_id))) == 3
    assert bo.post(f"{base}/mentors/{group['second']}/without").status_code == 303
    assert set(ask(lambda: pairs_of(round_id)).values()) == {group["first"]}
    assert {"pairing.create_round", "pairing.solve", "pairing.change_round", "pairing.undo_change"} <= {
        row.verb for row in trail()
    }


def test_sent_accepted_declined_and_proposed_anew(app, as_, ask, cast, group):
    round_id = ask(lambda: new_round(cast, actor=actor_of(cast.bo)).id)
    bo = as_(cast.bo)
    assert bo.post(f"/pairing/rounds/{round_id}/send").status_code == 303
    assert bo.post(f"/pairing/rounds/{round_id}/send").status_code == 422
    told = ask(lambda: db.session().scalar(select(func.count()).where(Notice.kind == "pairing.proposed")))
    assert told == 6

    def mine():
        rows = select(Proposal).where(Proposal.mentor_id == group["first"]).order_by(Proposal.id)
        return [proposal.id for proposal in db.session().scalars(rows)]

    one, two = ask(mine)
    mentor = as_(group["first_person"])
    assert mentor.post(f"/pairing/proposals/{one}/accept").status_code == 303
    assert "等对方答复" in mentor.get("/pairing/mine").text
    assert "已经答复过" in mentor.post(f"/pairing/proposals/{one}/accept").text
    assert "写明原因" in mentor.post(f"/pairing/proposals/{two}/decline", data={"reason": ""}).text
    assert mentor.post(f"/pairing/proposals/{two}/decline", data={"reason": "工作太忙"}).status_code == 303
    declined, kept = ask(lambda: look(two).mentee_id), ask(lambda: look(one).mentee_id)
    assert as_(kept).post(f"/pairing/proposals/{one}/accept").status_code == 303
    assert ask(lambda: db.session().scalars(select(Pairing.mentee_id)).all()) == [kept]
    assert "工作太忙" not in as_(declined).get("/pairing/mine").text

    assert bo.post(f"/pairing/rounds/{round_id}/again").status_code == 303
    after = ask(lambda: pairs_of(round_id))
    assert declined not in after  # the other mentor's only place is kept for whoever was asked
    assert "合适的导师名额都满了" in bo.get(f"/pairing/rounds/{round_id}?show=open").text


def look(proposal_id):
    return db.session().get_one(Proposal, proposal_id)


def test_a_replaced_proposal_cannot_be_accepted(as_, ask, cast, group):
    def sent():
        round_ = new_round(cast)
        rounds.send(round_, actor=SYSTEM, now=clock.now())
        proposal = db.session().scalars(select(Proposal).where(Proposal.round_id == round_.id)).all()[0]
        return round_.id, proposal.id, proposal.mentee_id

    round_id, proposal_id, mentee_id = ask(sent)
    as_(cast.bo).post(f"/pairing/rounds/{round_id}/mentees/{mentee_id}/forbid")
    answer = as_(mentee_id).post(f"/pairing/proposals/{proposal_id}/accept")
    assert answer.status_code == 422 and "已被新的安排替换" in answer.text


def told_of_withdrawal():
    rows = (
        select(Notice.person_id, func.count().label("times"))
        .where(Notice.kind == "pairing.withdrawn")
        .group_by(Notice.person_id)
    )
    return {row.person_id: row.times for row in db.session().execute(rows)}


def test_whoever_was_asked_hears_that_a_proposal_no_longer_stands(as_, ask, cast, group):
    """Taken back by hand, by solving anew, by closing the round: the two are told each time; of drafts nobody is."""

    def sent():
        round_ = new_round(cast, actor=actor_of(cast.bo))
        rounds.send(round_, actor=SYSTEM, now=clock.now())
        rows = select(Proposal).where(Proposal.round_id == round_.id, Proposal.mentor_id == group["first"])
        one, two = db.session().scalars(rows.order_by(Proposal.id))
        return round_.id, one.id, one.mentee_id, two.mentee_id

    round_id, one, by_hand, anew = ask(sent)
    bo, mentor = as_(cast.bo), group["first_person"]
    assert bo.post(f"/pairing/proposals/{one}/withdraw").status_code == 303
    assert ask(told_of_withdrawal) == {mentor: 1, by_hand: 1}
    assert "不用再答复" in as_(by_hand).get("/notices").text
    assert bo.post(f"/pairing/rounds/{round_id}/mentees/{anew}/without").status_code == 303
    assert ask(told_of_withdrawal) == {mentor: 2, by_hand: 1, anew: 1}
    assert bo.post(f"/pairing/rounds/{round_id}/close").status_code == 303
    assert len(ask(told_of_withdrawal)) == 5 and ask(told_of_withdrawal)[mentor] == 2


def test_the_unit_notes_an_answer_for_somebody_without_an_account(as_, ask, cast, group, trail):
    def sent():
        round_ = new_round(cast)
        rounds.send(round_, actor=SYSTEM, now=clock.now())
        return db.session().scalars(select(Proposal.id).where(Proposal.round_id == round_.id)).first()

    proposal_id = ask(sent)
    bo, path = as_(cast.bo), f"/pairing/proposals/{proposal_id}/note"
    assert bo.post(path, data={"side": "mentor", "answer": "accept"}).status_code == 303
    assert bo.post(path, data={"side": "mentee", "answer": "decline", "reason": ""}).status_code == 422
    assert bo.post(path, data={"side": "mentee", "answer": "accept"}).status_code == 303
    assert ask(lambda: look(proposal_id).state) is ProposalState.ACCEPTED
    assert [row.detail.get("on_behalf") for row in trail() if row.verb == "pairing.accept"] == [True, True]


def test_by_hand_and_by_asking(as_, ask, cast, group):
    one, two, _three = group["mentees"]
    bo, form = as_(cast.bo), {"starts_on": "2026-03-02", "ends_on": "2027-03-01"}
    path = "/pairing/by-hand"
    good = {**form, "mentor": group["second"], "phone": "19911110100", "agreed": "y"}
    assert bo.post(path, data={**good, "ends_on": "2026-03-01"}).status_code == 422
    assert bo.post(path, data=good).status_code == 303
    assert ask(lambda: db.session().scalars(select(Pairing.mentee_id)).all()) == [one]
    assert "没有结束的结对" in bo.post(path, data=good).text
    assert "名额已满" in bo.post(path, data={**good, "phone": "19911110101"}).text
    itself = bo.post(path, data={**form, "mentor": group["first"], "phone": "19911110001"})
    assert itself.status_code == 422 and "不能与自己结对" in itself.text

    assert as_(two).post(f"/pairing/choose/{group['first']}", data={"note": "请多指教"}).status_code == 303
    proposal_id = ask(lambda: db.session().scalars(select(Proposal.id).where(Proposal.mentee_id == two)).one())
    assert "请多指教" in as_(group["first_person"]).get("/pairing/mine").text
    assert as_(group["first_person"]).post(f"/pairing/proposals/{proposal_id}/accept").status_code == 303
    assert set(ask(lambda: db.session().scalars(select(Pairing.mentee_id)).all())) == {one, two}


def test_outside_reach_and_one_s_superior_are_refused(ask, cast, group):
    def refusal(mentor_id, person_id):
        mentor = db.session().get_one(Mentor, mentor_id)
        unit, mentee = db.session().get_one(Unit, cast.street), db.session().get_one(Person, person_id)
        with pytest.raises(Refused) as refused:
            replies.propose(mentor, mentee, unit=unit, actor=SYSTEM, now=clock.now(), **TERM)
        return str(refused.value.message)

    assert "不在这位导师的帮带范围" in ask(lambda: refusal(group["first"], cast.wen))
    boss = ask(lambda: make_leader(cast))
    assert "直接上级" in ask(lambda: refusal(boss, cast.alice))


def make_leader(cast):
    """Sun, the secretary of 光明社区, becomes a mentor."""
    sun, street = db.session().get_one(Person, cast.sun), db.session().get_one(Unit, cast.street)
    mentor = mentors.invite(
        sun, reach=street, profile=Profile(Background.WORKER, [Ability.MASS_WORK]), actor=SYSTEM, now=clock.now()
    )
    mentors.accept(mentor, actor=SYSTEM, now=clock.now())
    return mentor.id


def test_wishes_move_a_proposal(as_, ask, cast, group):
    three = group["mentees"][2]
    assert as_(three).post("/pairing/wishes/mentee", data={"first": group["second"]}).status_code == 303
    twice = as_(three).post("/pairing/wishes/mentee", data={"first": group["second"], "second": group["second"]})
    assert twice.status_code == 422
    round_id = ask(lambda: new_round(cast).id)
    assert ask(lambda: pairs_of(round_id))[three] == group["second"]
    assert "是帮带对象的第 1 志愿" in as_(cast.bo).get(f"/pairing/rounds/{round_id}").text
    assert as_(group["first_person"]).get("/pairing/wishes/mentor").status_code == 200
    assert as_(cast.alice).get("/pairing/wishes/mentor").status_code == 404


def test_of_two_who_save_the_same_wishes_at_once_the_later_one_counts(app, ask, cast, group, monkeypatch):
    mentee, now = group["mentees"][0], clock.now()
    actor = ask(lambda: actor_of(mentee))
    slowly(monkeypatch, audit, "record")
    for side, own_id, other_id in ((Side.MENTEE, mentee, group["first"]), (Side.MENTOR, group["first"], mentee)):

        def wish(side=side, own_id=own_id, other_id=other_id):
            replies.wish(side, own_id, [(other_id, 1)], actor=actor, now=now)

        assert twice(app, now, wish) == ["done", "done"]
        assert ask(lambda side=side, own_id=own_id: len(queries.list_wishes(side, own_id))) == 1


def test_a_large_round_waits_for_the_job_and_shows_how_far_it_is(app, as_, ask, cast, group, monkeypatch):
    monkeypatch.setattr(rounds, "AT_ONCE", 1)
    round_id = ask(lambda: new_round(cast).id)
    assert "正在计算" in as_(cast.bo).get(f"/pairing/rounds/{round_id}").text
    assert as_(cast.bo).post(f"/pairing/rounds/{round_id}/send").status_code == 422
    assert rounds.list_queued(app.extensions["database"]) == [round_id]
    with app.test_request_context():
        assert rounds.run(app.extensions["database"], round_id, actor=SYSTEM)
    assert ask(lambda: db.session().get_one(PairingRound, round_id).solving) is Solving.DONE
    assert len(ask(lambda: pairs_of(round_id))) == 3
    assert rounds.list_queued(app.extensions["database"]) == []


def test_what_is_proposed_elsewhere_takes_a_place(ask, cast, group):
    one, two, three = group["mentees"]

    def by_hand():
        mentor, mentee = db.session().get_one(Mentor, group["second"]), db.session().get_one(Person, cast.alice)
        unit = db.session().get_one(Unit, cast.street)
        replies.propose(mentor, mentee, unit=unit, actor=SYSTEM, now=clock.now(), **TERM)
        return new_round(cast).id

    round_id = ask(by_hand)
    assert ask(lambda: pairs_of(round_id)) == dict.fromkeys((one, two, three), group["first"])


def test_whoever_was_asked_by_hand_is_not_asked_again_and_a_topic_gives_a_second_mentor(ask, cast, group):
    one, two, three = group["mentees"]

    def set_up():
        first, second = (db.session().get_one(Mentor, group[name]) for name in ("first", "second"))
        unit, now = db.session().get_one(Unit, cast.street), clock.now()
        people_ = [db.session().get_one(Person, person_id) for person_id in (one, two)]
        replies.propose(second, people_[0], unit=unit, actor=SYSTEM, now=now, **TERM)
        replies.propose(first, people_[1], unit=unit, agreed=True, actor=SYSTEM, now=now, **TERM)
        whole = new_round(cast)
        topic = rounds.create(
            unit, reasons=[Reason.NEWCOMER], topic="调解", abilities=[Ability.MEDIATION], actor=SYSTEM, now=now, **TERM
        )
        return whole.id, topic.id

    whole, topic = ask(set_up)
    assert ask(lambda: pairs_of(whole)) == {three: group["first"]}
    assert set(ask(lambda: pairs_of(topic))) == {one, three}  # the pair that is open is not proposed again


@pytest.mark.parametrize("path", ["rounds/{}", "rounds/{}/mentees/{}"])
def test_another_county_sees_no_round(as_, ask, cast, group, path):
    round_id = ask(lambda: new_round(cast).id)
    url = "/pairing/" + path.format(round_id, group["mentees"][0])
    assert as_(cast.bo).get(url).status_code == 200
    assert as_(cast.mallory).get(url).status_code == 404
    assert as_(cast.alice).get(url).status_code == 403
    assert as_(cast.bo).put(url).status_code == 405


def test_a_proposal_is_answered_by_its_two_alone(as_, ask, cast, group):
    def sent():
        round_ = new_round(cast)
        draft = db.session().scalars(select(Proposal).where(Proposal.round_id == round_.id)).all()[0]
        return draft.id, draft.mentee_id, round_.id

    proposal_id, mentee_id, round_id = ask(sent)
    path = f"/pairing/proposals/{proposal_id}/accept"
    assert as_(mentee_id).post(path).status_code == 404  # a draft is the unit's
    ask(lambda: rounds.send(db.session().get_one(PairingRound, round_id), actor=SYSTEM, now=clock.now()))
    for stranger in (cast.alice, cast.bo, cast.mallory):
        assert as_(stranger).post(path).status_code == 404
    assert as_(mentee_id).get(path).status_code == 405
    assert as_(cast.mallory).post(f"/pairing/proposals/{proposal_id}/withdraw").status_code == 404
    assert as_(cast.alice).post(f"/pairing/proposals/{proposal_id}/withdraw").status_code == 403
    assert as_(cast.bo).post(f"/pairing/rounds/{round_id}/close").status_code == 303
    assert ask(lambda: db.session().get_one(PairingRound, round_id).state) is RoundState.CLOSED
    assert as_(cast.bo).post(f"/pairing/rounds/{round_id}/again").status_code == 422


def test_a_mentor_who_leaves_makes_the_unit_decide_on_each_pair(as_, ask, cast, group):
    one, two, _three = group["mentees"]

    def pair(mentor_id, person_id):
        session = db.session()
        mentor, mentee = session.get_one(Mentor, mentor_id), session.get_one(Person, person_id)
        unit, now = session.get_one(Unit, cast.street), clock.now()
        proposal = replies.propose(mentor, mentee, unit=unit, agreed=True, actor=SYSTEM, now=now, **TERM)
        return proposal.pairing_id

    first, second = ask(lambda: pair(group["first"], one)), ask(lambda: pair(group["first"], two))
    bo = as_(cast.bo)
    assert "没有要安排的" in bo.get("/pairing/departures").text
    post_id = ask(
        lambda: db.session().scalars(select(Appointment.id).where(Appointment.person_id == group["first_person"])).one()
    )
    moved = bo.post(f"/people/{group['first_person']}/appointments/{post_id}/end", data={"last_day": "2026-03-01"})
    assert moved.status_code == 303
    assert "导师已不在本单位任职" in bo.get("/pairing/departures").text
    assert "2 对的导师有变动" in bo.get("/").text
    orphaned = f"/mentoring/unit/pairs?unit={cast.street}&look=orphaned"
    assert bo.get(orphaned).text.count('data-label="状态"') == 2
    assert "这一对怎么办由您决定" in bo.get(f"/mentoring/{first}").text
    helpers = ask(lambda: rounds.list_helpers(db.session().get_one(Unit, cast.street), TODAY))
    assert helpers == [group["second"]]  # nobody new is proposed to whoever has moved away
    path, why = f"/pairing/departures/{first}", {"reason": "调走了"}
    assert bo.post(path, data={**why, "choice": "hand_over"}).status_code == 422
    assert bo.post(path, data={**why, "choice": "pause"}).status_code == 422  # its card is not signed
    assert bo.post(path, data={**why, "choice": "hand_over", "mentor": group["second"]}).status_code == 303
    assert bo.post(f"/pairing/departures/{second}", data={**why, "choice": "keep"}).status_code == 303
    assert "没有要安排的" in bo.get("/pairing/departures").text
    assert "没有这样的结对" in bo.get(orphaned).text  # the unit's numbers know what was decided
    assert "这一对怎么办由您决定" not in bo.get(f"/mentoring/{second}").text
    states = ask(
        lambda: [(p.mentor_id, p.state.value) for p in db.session().scalars(select(Pairing).order_by(Pairing.id))]
    )
    assert states == [(group["first"], "ended_early"), (group["first"], "accepted"), (group["second"], "accepted")]
    assert as_(cast.mallory).get(path).status_code == 404
    with clock.frozen(clock.now() + timedelta(hours=1)):
        bo.post(f"/mentors/{group['first']}/end", data={"reason": "退休"})
        assert "导师卸任" in bo.get("/pairing/departures").text  # asked again, for another reason


def test_the_last_place_is_taken_once_by_two_at_the_same_moment(app, ask, cast, group):
    """Two proposals for a mentor with one place, both accepted by everybody at once."""

    def sent():
        mentor = db.session().get_one(Mentor, group["second"])
        found = []
        for person_id in group["mentees"][:2]:
            proposal = Proposal(
                round_id=None, origin="hand", mentor_id=mentor.id, mentee_id=person_id, unit_id=cast.street, topic="",
                fit=0, facts={}, state=ProposalState.SENT, state_at=clock.now(), **TERM,
            )  # fmt: skip
            db.session().add(proposal)
            db.session().flush()
            replies.reply(proposal, Side.MENTOR, accepts=True, actor=SYSTEM, now=clock.now())
            found.append(proposal.id)
        return found

    ids, said, at_once, now = ask(sent), [], threading.Barrier(2), clock.now()

    def answer(proposal_id):
        with app.test_request_context(), clock.frozen(now):
            at_once.wait(10)
            try:
                with db.unit_of_work(app.extensions["database"]) as opened:
                    proposal = opened.get_one(Proposal, proposal_id)
                    replies.reply(proposal, Side.MENTEE, accepts=True, actor=SYSTEM, now=now)
                said.append("yes")
            except Refused as refused:
                said.append(str(refused.message))

    threads = [threading.Thread(target=answer, args=(proposal_id,)) for proposal_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert said.count("yes") == 1
    assert sum("名额已满" in answer for answer in said) == 1
    assert ask(lambda: db.session().scalar(select(func.count()).select_from(Pairing))) == 1
