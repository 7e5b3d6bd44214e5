"""Review tier by tier: what each level decides, what stays when another decides otherwise, and what authors read."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.calls import deciding, experts, progress, rounds
from lms.calls.kinds import Conflict, Outcome
from lms.calls.passages import find_passage, passages_of
from lms.cases import actions as cases
from lms.cases.access import readable_by
from lms.cases.kinds import State
from lms.cases.models import Case, CaseLabel
from lms.core import clock, db
from lms.core.errors import Refused
from lms.hours.models import HourEntry
from lms.notices.models import Notice
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.units.models import Unit
from tests.calls.made import EVEN, carried_to, make_person, open_round, states_of, submitted
from tests.cases.made import LIFT
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of


def labels_of(case: Case) -> list[str]:
    return list(db.session().scalars(select(CaseLabel.name).where(CaseLabel.case_id == case.id)))


def told(person_id: int) -> list[str]:
    return list(db.session().scalars(select(Notice.kind).where(Notice.person_id == person_id).order_by(Notice.id)))


def test_a_submitted_case_is_laid_before_the_street(work, cast: Cast) -> None:
    review = submitted(cast)
    assert review.unit_id == cast.street
    assert told(cast.bo) == ["calls.waiting"]
    assert progress.line_of(review.case).now == "和平街道正在初审。"


def test_it_goes_up_by_recommendation_and_every_step_says_who_and_where(work, cast: Cast) -> None:
    review, now = submitted(cast), clock.now()
    bo, chen = actor_of(cast.bo), actor_of(cast.chen)
    deciding.accept(review, reason="写得实在", actor=bo, now=now)
    county = deciding.recommend(review, actor=bo, now=now)
    deciding.accept(county, reason="", actor=chen, now=now)
    deciding.publish(county, actor=chen, now=now)
    case = review.case
    assert states_of(case) == ["draft", "submitted", "accepted street", "recommended street", "accepted county",
                               "published county"]  # fmt: skip
    assert labels_of(case) == ["和平街道优秀案例", "清河区优秀案例"]
    assert case.is_public
    entry = db.session().scalars(select(HourEntry).where(HourEntry.person_id == cast.alice)).one()
    assert (entry.source_kind, str(entry.hours)) == ("case", "1.00")


def test_hours_are_earned_once_however_many_levels_publish(work, cast: Cast) -> None:
    review, now = carried_to(cast, cast.county), clock.now()
    deciding.accept(review, reason="", actor=SYSTEM, now=now)
    deciding.publish(review, actor=SYSTEM, now=now)
    cases.add_version(review.case, LIFT, note="补充", actor=SYSTEM, now=now)
    cases.take_step(review.case, State.SUBMITTED, actor=SYSTEM, now=now)
    again = open_round(review.case)
    deciding.accept(again, reason="", actor=SYSTEM, now=now)
    deciding.publish(again, actor=SYSTEM, now=now)
    assert len(db.session().scalars(select(HourEntry).where(HourEntry.source_kind == "case")).all()) == 1


def test_what_a_county_accepted_stays_when_the_city_declines(work, cast: Cast) -> None:
    review = carried_to(cast, cast.city)
    case = review.case
    deciding.decline(review, reason="与去年的重复", actor=actor_of(cast.dong), now=clock.now())
    assert labels_of(case) == ["和平街道优秀案例", "清河区优秀案例"]
    assert (case.state, str(case.level)) == (State.ACCEPTED, "county")
    line = progress.line_of(case)
    assert line.now == "安和市没有采纳，县级的采纳不受影响。"
    county = next(one for one in rounds.list_rounds(case) if one.unit_id == cast.county)
    deciding.publish(county, actor=actor_of(cast.chen), now=clock.now())
    assert case.is_public


def test_a_city_goes_on_judging_what_the_county_published(work, cast: Cast) -> None:
    review, now = carried_to(cast, cast.city), clock.now()
    county = next(one for one in rounds.list_rounds(review.case) if one.unit_id == cast.county)
    deciding.publish(county, actor=SYSTEM, now=now)
    deciding.accept(review, reason="", actor=SYSTEM, now=now)
    assert "安和市优秀案例" in labels_of(review.case)


def test_a_return_needs_words_and_its_comments_stand_at_a_passage(work, cast: Cast) -> None:
    review, bo, now = submitted(cast), actor_of(cast.bo), clock.now()
    with pytest.raises(Refused, match="要改什么"):
        deciding.return_case(review, reason="", actor=bo, now=now)
    passage = find_passage(review.case, review.version, "process-2")
    assert passage is not None
    deciding.comment(review, passage, text="先后顺序不清楚。", actor=bo, now=now)
    assert progress.rounds_of(review.case)[0].comments == []  # nothing of a round that goes on
    deciding.return_case(review, reason="", actor=bo, now=now)
    [comment] = progress.rounds_of(review.case)[0].comments
    assert comment.quote.startswith("挨户问担心什么")
    assert told(cast.alice) == ["calls.returned"]
    assert progress.line_of(review.case).next == "按意见改好再提交，从和平街道重新评审。"


def test_a_change_after_acceptance_goes_back_to_the_lowest_level_that_accepted(work, cast: Cast) -> None:
    review, now = carried_to(cast, cast.city), clock.now()
    case = review.case
    cases.add_version(case, LIFT, note="补充数据", actor=actor_of(cast.alice), now=now)
    assert review.outcome is Outcome.LAPSED
    cases.take_step(case, State.SUBMITTED, actor=actor_of(cast.alice), now=now)
    assert open_round(case).unit_id == cast.street
    deciding.accept(open_round(case), reason="", actor=SYSTEM, now=now)
    assert labels_of(case).count("和平街道优秀案例") == 1


def test_withdrawing_ends_the_round(work, cast: Cast) -> None:
    review = submitted(cast)
    cases.withdraw(review.case, reason="数据有误", actor=actor_of(cast.alice), now=clock.now())
    assert review.outcome is Outcome.LAPSED
    with pytest.raises(Refused, match="处理"):
        deciding.accept(review, reason="", actor=actor_of(cast.bo), now=clock.now())


def test_whoever_decides_second_is_told_who_was_first(work, cast: Cast) -> None:
    review, now = submitted(cast), clock.now()
    deciding.accept(review, reason="", actor=actor_of(cast.bo), now=now)
    with pytest.raises(Refused, match="薄和平处理：采纳"):
        deciding.return_case(review, reason="再改改", actor=actor_of(cast.chen), now=now)


def test_conflicts_are_found_and_refused(work, cast: Cast) -> None:
    review, now, chen = carried_to(cast, cast.county), clock.now(), actor_of(cast.chen)
    sun = db.session().get_one(Person, cast.sun)
    found = experts.list_candidates(chen, review, "孙")
    assert [(one.name, one.conflict) for one in found] == [("孙书记", Conflict.COLLEAGUE)]
    with pytest.raises(Refused, match="同一个单位"):
        experts.assign(review, sun, actor=chen, now=now)
    with pytest.raises(Refused, match="作者"):
        experts.assign(review, db.session().get_one(Person, cast.alice), actor=chen, now=now)
    unit = db.session().get_one(Unit, cast.guangming)
    people.appoint(
        db.session().get_one(Person, cast.chen), unit=unit, post=PostClass.OTHER, starts_on=clock.today(),
        actor=SYSTEM, now=now,
    )  # fmt: skip
    for decide in (deciding.accept, deciding.return_case, deciding.decline):
        with pytest.raises(Refused, match="回避"):
            decide(review, reason="好", actor=chen, now=now)


def test_experts_see_nobodys_scores_until_all_are_in(work, cast: Cast) -> None:
    review, now, dong = carried_to(cast, cast.city), clock.now(), actor_of(cast.dong)
    first, second = make_person(cast.riverside, "甲"), make_person(cast.other_street, "乙")
    one = experts.assign(review, first, actor=dong, now=now)
    two = experts.assign(review, second, actor=dong, now=now)
    assert told(first.id) == ["calls.asked"]
    with pytest.raises(Refused, match="2 位专家没有打分"):
        deciding.accept(review, reason="", actor=dong, now=now)
    experts.score(review, one, points=EVEN, remark="可以推广", actor=actor_of(first.id), now=now)
    half = experts.result_of(review)
    assert (half.given, half.sheets, half.mean) == (1, (), None)
    with pytest.raises(Refused, match="已经交过"):
        experts.score(review, one, points=EVEN, remark="改", actor=actor_of(first.id), now=now)
    with pytest.raises(Refused, match="不能再撤下"):
        experts.release(review, one, actor=dong, now=now)
    better = EVEN | {"effect": 10}  # effect counts 30 %
    experts.score(review, two, points=better, remark="有数据", actor=actor_of(second.id), now=now)
    whole = experts.result_of(review)
    assert (len(whole.sheets), whole.mean) == (2, 7.45)
    assert "calls.all_in" in told(cast.dong)
    deciding.accept(review, reason="", actor=dong, now=now)


def test_experts_read_the_case_while_they_are_asked_and_no_longer(work, cast: Cast) -> None:
    review, now, dong = carried_to(cast, cast.city), clock.now(), actor_of(cast.dong)
    person = make_person(cast.other_street, "乙")
    expert = actor_of(person.id)

    def may_read() -> bool:
        return db.session().scalar(select(Case.id).where(Case.id == review.case_id, readable_by(expert))) is not None

    assert not may_read()
    seat = experts.assign(review, person, actor=dong, now=now)
    assert may_read()
    experts.release(review, seat, actor=dong, now=now)
    assert not may_read()
    experts.assign(review, person, actor=dong, now=now)
    deciding.return_case(review, reason="再改改", actor=dong, now=now)
    assert not may_read()


def test_passages_are_all_of_a_section(work, cast: Cast) -> None:
    review = submitted(cast)
    quotes = {p.anchor: p.quote for _s, found in passages_of(review.case, review.version) for p in found}
    assert quotes["process-1"] == "先问清楚"
    assert quotes["background-1"].startswith("六层老楼")
    assert set(quotes) == {"background-1", "process-1", "process-2", "results-1", "discussion-1"}


def test_a_case_of_a_county_begins_there(work, cast: Cast) -> None:
    case = submitted(cast).case
    case.unit_id = cast.county
    db.session().flush()
    rounds.lapse(case, actor=SYSTEM, now=clock.now())
    assert rounds.first_unit(case).id == cast.county  # type: ignore[union-attr]
