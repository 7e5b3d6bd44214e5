"""The life of a pair: card, meetings, evaluations, completion with hours, and the ways in which it ends early."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.errors import Refused
from lms.hours.models import HourEntry
from lms.mentoring import access, actions, cards, lectures, meetings, pages, queries, talks
from lms.mentoring.kinds import Method, Side, Stage, State
from lms.mentoring.meetings import Note
from lms.mentoring.models import Meeting, MeetingTalk, MeetingWithdrawal, Pairing
from lms.notices.models import Notice
from tests.at_once import slowly, twice
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.mentoring.pairs import GOALS, NOW, TODAY, begin, evaluate, make_mentor, make_worker

END = NOW + timedelta(days=350)


def note(pairing: Pairing, actor: Any, *, side: Side = Side.MENTOR, now: Any = NOW, **values: Any) -> Meeting:
    given = {
        "held_on": TODAY,
        "minutes": 90,
        "method": Method.CASE_TALK,
        "about": "一份卷宗",
        "follow_up": "",
        "token": "a",
    }
    return meetings.note(pairing, side, Note(**{**given, **values}), actor=actor, now=now)


def confirmed(pairing: Pairing, cast: Cast, **values: Any) -> Meeting:
    meeting = note(pairing, actor_of(cast.tina), **values)
    confirm(pairing, cast, meeting)
    return meeting


def confirm(pairing: Pairing, cast: Cast, meeting: Meeting) -> None:
    alice = actor_of(cast.alice)
    found = access.get_meeting(access.get_seat(alice, pairing.id), meeting.id)
    meetings.confirm(pairing, Side.MENTEE, found, actor=alice, now=NOW)


def test_two_signatures_on_one_revision_make_it_active(at: None, work: Any, cast: Cast):
    pairing = begin(make_mentor(cast.tina, unit_id=cast.county, reach_id=cast.county), cast.alice, cast.street)
    alice, tina = actor_of(cast.alice), actor_of(cast.tina)
    with pytest.raises(Refused, match="还没有写好"):
        cards.sign(pairing, Side.MENTOR, revision=1, actor=tina, now=NOW)
    cards.write(pairing, goals=GOALS, mentor_does="带", mentee_does="学", actor=tina, now=NOW)
    cards.sign(pairing, Side.MENTOR, revision=1, actor=tina, now=NOW)
    cards.write(pairing, goals=GOALS, mentor_does="多带", mentee_does="多学", actor=alice, now=NOW)
    with pytest.raises(Refused, match="刚才有修改"):
        cards.sign(pairing, Side.MENTEE, revision=1, actor=alice, now=NOW)
    cards.sign(pairing, Side.MENTEE, revision=2, actor=alice, now=NOW)
    assert pairing.state.value == "accepted", "the mentor's signature was for the former words"
    cards.sign(pairing, Side.MENTOR, revision=2, actor=tina, now=NOW)

    assert pairing.state.value == "active"
    assert cards.read(pairing).signatures[Side.MENTEE].position == "光明社区 网格员"
    with pytest.raises(Refused, match="不再修改"):
        cards.write(pairing, goals=GOALS, mentor_does="带", mentee_does="学", actor=tina, now=NOW)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "还没有到"),
        ({"held_on": TODAY - timedelta(days=1)}, "还没有结对"),
        ({"minutes": 7}, "多长时间"),
    ],
)
def test_a_meeting_that_cannot_have_been_is_refused(active: Pairing, cast: Cast, values, why):
    with pytest.raises(Refused, match=why):
        note(active, actor_of(cast.tina), **values)


def test_only_the_other_side_confirms_and_what_is_confirmed_stays(active: Pairing, cast: Cast, work: Any):
    tina = actor_of(cast.tina)
    meeting = note(active, tina)
    assert note(active, tina).id == meeting.id, "the same form, sent twice"
    with pytest.raises(Refused, match="由对方确认"):
        meetings.confirm(active, Side.MENTOR, meeting, actor=tina, now=NOW)
    confirm(active, cast, meeting)
    confirm(active, cast, meeting)

    assert meetings.count_confirmed([active.id]) == {active.id: (1, TODAY)}
    with pytest.raises(Refused, match="已经确认"):
        meetings.withdraw(active, Side.MENTOR, meeting, actor=tina, now=NOW)


def test_a_note_taken_back_leaves_no_words(active: Pairing, cast: Cast, work: Any):
    tina = actor_of(cast.tina)
    meetings.withdraw(active, Side.MENTOR, note(active, tina), actor=tina, now=NOW)

    assert not meetings.list_meetings(active)
    assert not work.scalars(select(MeetingTalk)).all()


def test_a_note_is_taken_back_once_and_not_confirmed_after_that(active: Pairing, cast: Cast):
    tina, alice = actor_of(cast.tina), actor_of(cast.alice)
    meeting = note(active, tina)
    for _time in range(2):
        meetings.withdraw(active, Side.MENTOR, meeting, actor=tina, now=NOW)
    with pytest.raises(Refused, match="已经撤回"):
        meetings.confirm(active, Side.MENTEE, meeting, actor=alice, now=NOW)

    assert not meetings.count_confirmed([active.id])


def test_a_note_taken_back_twice_at_once_is_taken_back_once(app: Any, pair: int, cast: Cast, monkeypatch: Any):
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as work:
        meeting_id = note(work.get_one(Pairing, pair), actor_of(cast.tina)).id
    slowly(monkeypatch, talks, "forget")

    def withdraw() -> None:
        pairing, meeting = (db.session().get_one(*one) for one in ((Pairing, pair), (Meeting, meeting_id)))
        meetings.withdraw(pairing, Side.MENTOR, meeting, actor=actor_of(cast.tina), now=NOW)

    assert twice(app, NOW, withdraw) == ["done", "done"]
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as work:
        assert work.query(MeetingWithdrawal).count() == 1


def test_a_completed_term_earns_both_hours_once_for_what_was_confirmed(active: Pairing, cast: Cast, work: Any):
    confirmed(active, cast)
    note(active, actor_of(cast.tina), token="b", minutes=480)  # nobody confirms it
    with pytest.raises(Refused, match="还没有到期"):
        actions.complete(active, actor=SYSTEM, now=NOW)
    evaluate(active, Side.MENTOR, actor=actor_of(cast.tina), now=END)
    with pytest.raises(Refused, match="双方都写好"):
        actions.complete(active, actor=SYSTEM, now=END)
    evaluate(active, Side.MENTEE, actor=actor_of(cast.alice), now=END)
    with pytest.raises(Refused, match="已经写过"):
        evaluate(active, Side.MENTEE, actor=actor_of(cast.alice), now=END)
    actions.complete(active, actor=SYSTEM, now=END)
    with pytest.raises(Refused, match="帮带中"):
        actions.complete(active, actor=SYSTEM, now=END)

    entries = work.scalars(select(HourEntry).order_by(HourEntry.person_id)).all()
    assert {entry.person_id: entry.hours for entry in entries} == dict.fromkeys(
        (cast.alice, cast.tina), Decimal("2.00")
    )
    assert {entry.source_ref for entry in entries} == {f"{active.id}/mentor", f"{active.id}/mentee"}
    assert {(entry.tier, entry.training_type) for entry in entries} == {(None, None)}


def test_a_term_without_confirmed_meetings_earns_nothing(active: Pairing, cast: Cast, work: Any):
    for side, person_id in ((Side.MENTOR, cast.tina), (Side.MENTEE, cast.alice)):
        evaluate(active, side, actor=actor_of(person_id), now=END)
    actions.complete(active, actor=SYSTEM, now=END)

    assert active.state is State.COMPLETED
    assert not work.scalars(select(HourEntry)).all()


def test_evaluations_have_their_time(active: Pairing, cast: Cast):
    with pytest.raises(Refused, match="不到评价的时候"):
        evaluate(active, Side.MENTOR, actor=actor_of(cast.tina))
    written = evaluate(active, Side.MENTOR, actor=actor_of(cast.tina), now=NOW + timedelta(days=200))

    assert written.stage is Stage.HALF_WAY


def test_a_quiet_ending_is_told_to_the_unit_alone(active: Pairing, cast: Cast, work: Any, trail: Any):
    alice = actor_of(cast.alice)
    before = set(work.scalars(select(Notice.id)))
    actions.end_quietly(active, reason="谈不到一起", actor=alice, now=NOW)

    assert active.state is State.ENDED_EARLY
    assert list(work.scalars(select(Notice.person_id).where(Notice.id.not_in(before)))) == [cast.bo]
    for person_id, reads in ((cast.bo, True), (cast.chen, False), (cast.tina, False)):
        actor = actor_of(person_id)
        assert pages.read(actor, access.get_seat(actor, active.id), now=NOW).reads_quiet is reads
    with pytest.raises(Refused, match="已经结束"):
        note(active, alice, side=Side.MENTEE)


def test_a_paused_pair_keeps_its_place_and_notes_nothing(active: Pairing, cast: Cast):
    tina = actor_of(cast.tina)
    actions.pause(active, reason="产假", actor=tina, now=NOW)
    with pytest.raises(Refused, match="已暂停"):
        note(active, tina)
    assert queries.load_of([active.mentor_id]) == {active.mentor_id: 1}
    actions.resume(active, actor=tina, now=NOW)

    assert active.state is State.ACTIVE
    with pytest.raises(Refused, match="没有暂停"):
        actions.resume(active, actor=tina, now=NOW)


def test_handing_over_ends_one_term_and_begins_another(active: Pairing, cast: Cast, work: Any):
    other = make_mentor(make_worker("沈老师", cast.xinhua).id, unit_id=cast.street, reach_id=cast.county)
    dates = {"starts_on": TODAY, "ends_on": date(2027, 3, 1)}
    with pytest.raises(Refused, match="写明原因"):
        actions.hand_over(active, other, **dates, reason="", actor=SYSTEM, now=NOW)
    began = actions.hand_over(active, other, **dates, reason="导师调离", actor=SYSTEM, now=NOW)

    assert (active.state, began.state, began.previous_id) == (State.ENDED_EARLY, State.ACCEPTED, active.id)
    assert queries.load_of([active.mentor_id, other.id]) == {active.mentor_id: 0, other.id: 1}
    second = actions.hand_over(
        active, access.get_seat(SYSTEM, active.id).pairing.mentor, **dates, reason="", actor=SYSTEM, now=NOW
    )
    assert second.id != active.id


def test_a_lecture_counts_once_the_unit_confirms(active: Pairing, cast: Cast, work: Any):
    tina, chen = actor_of(cast.tina), actor_of(cast.chen)
    mentor = access.get_seat(tina, active.id).pairing.mentor
    with pytest.raises(Refused, match="还没有到"):
        lectures.note(mentor, held_on=TODAY + timedelta(days=1), title="劝和", audience="新人", actor=tina, now=NOW)
    lecture = lectures.note(mentor, held_on=TODAY, title="劝和", audience="新人", actor=tina, now=NOW)
    with pytest.raises(Refused, match="已经记过"):
        lectures.note(mentor, held_on=TODAY, title="劝和", audience="新人", actor=tina, now=NOW)
    with pytest.raises(Refused, match="另一个人"):
        lectures.confirm(lecture, actor=tina, now=NOW)
    lectures.confirm(lecture, actor=chen, now=NOW)
    lectures.confirm(lecture, actor=chen, now=NOW)

    entry = work.scalars(select(HourEntry)).one()
    assert (entry.person_id, entry.hours, entry.title) == (cast.tina, Decimal("2.00"), "导师授课：劝和")
