"""The solver: what every proposal keeps, whatever people and wishes there are."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.pairing import solving
from lms.pairing.fit import LOAD, Mentee, Mentor, Problem, Tie, may_pair, score, value_of
from tests.pairing.solver import in_process

COMMUNITIES = [(1, 2, 3, 4), (1, 2, 3, 5), (1, 2, 6, 7), (1, 8, 9, 10), (11, 12, 13, 0), (0, 0, 0, 0)]
PLACES = st.sampled_from(COMMUNITIES)


@st.composite
def problems(draw: st.DrawFn, most: int = 5) -> Problem:
    mentees = tuple(
        Mentee(
            id=100 + number * 7,
            needs=draw(st.integers(0, 255)),
            post=draw(st.integers(0, 3)),
            new_leader=draw(st.booleans()),
            place=(place := draw(PLACES)),
            units=tuple(unit for unit in place if unit),
        )
        for number in range(draw(st.integers(0, most)))
    )
    mentors = tuple(
        Mentor(
            id=200 + number * 3,
            offers=draw(st.integers(0, 255)),
            posts=draw(st.integers(0, 15)),
            has_led=draw(st.booleans()),
            place=draw(PLACES),
            reach=draw(st.sampled_from([1, 2, 3, 8, 11])),
            places=draw(st.integers(0, 3)),
            load=draw(st.integers(0, 2)),
        )
        for number in range(draw(st.integers(0, most - 1)))
    )
    pairs = [(mentee.id, mentor.id) for mentee in mentees for mentor in mentors]
    some = st.lists(st.sampled_from(pairs), max_size=6) if pairs else st.just([])
    ranks = st.integers(0, 3)
    ties = {pair: Tie(draw(ranks), draw(ranks), draw(st.integers(0, 2))) for pair in draw(some)}
    return Problem(mentees, mentors, ties, frozenset(draw(some)))


def optimum(problem: Problem) -> tuple[int, int]:
    """How many can be paired, and the greatest value of so many pairs: by trying every assignment."""
    places = {mentor.id: mentor.places for mentor in problem.mentors}
    loads = {mentor.id: mentor.load for mentor in problem.mentors}

    def best(row: int) -> tuple[int, int]:
        if row == len(problem.mentees):
            return 0, 0
        mentee, found = problem.mentees[row], best(row + 1)
        for mentor in problem.mentors:
            if places[mentor.id] and may_pair(mentee, mentor, problem.forbidden):
                worth = score(mentee, mentor, problem.ties.get((mentee.id, mentor.id)), load=loads[mentor.id]).total
                places[mentor.id] -= 1
                loads[mentor.id] += 1
                count, value = best(row + 1)
                found = max(found, (count + 1, value + worth))
                places[mentor.id] += 1
                loads[mentor.id] -= 1
        return found

    return best(0)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_proposal_is_worth_what_trying_every_assignment_finds(problem):
    proposal = in_process(problem)
    assert (len(proposal.pairs), proposal.value) == optimum(problem)


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_places_and_hard_rules_hold_and_fixed_pairs_stay(problem, data):
    allowed = [
        (mentee.id, mentor.id)
        for mentee in problem.mentees
        for mentor in problem.mentors
        if may_pair(mentee, mentor, problem.forbidden) and mentor.places
    ]
    fixed = [data.draw(st.sampled_from(allowed))] if allowed else []
    proposal = in_process(problem, fixed=fixed)
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    assert set(fixed) <= set(proposal.pairs)
    assert len({mentee_id for mentee_id, _mentor in proposal.pairs}) == len(proposal.pairs)
    for mentor in problem.mentors:
        mine = [mentees[mentee_id] for mentee_id, mentor_id in proposal.pairs if mentor_id == mentor.id]
        assert len(mine) <= mentor.places
        assert all(may_pair(mentee, mentor, problem.forbidden) for mentee in mine)


@settings(max_examples=30, deadline=None)
@given(problems(), st.randoms())
def test_the_same_people_in_any_order_get_the_same_proposal(problem, chance):
    mentees, mentors = list(problem.mentees), list(problem.mentors)
    chance.shuffle(mentees)
    chance.shuffle(mentors)
    assert in_process(replace(problem, mentees=tuple(mentees), mentors=tuple(mentors))) == in_process(problem)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_second_best_choices_are_the_best_of_those_left_over(problem):
    proposal = in_process(problem)
    chosen = dict(proposal.pairs)
    for mentee in problem.mentees:
        ranked = sorted(
            (-score(mentee, mentor, problem.ties.get((mentee.id, mentor.id))).total, mentor.id)
            for mentor in problem.mentors
            if may_pair(mentee, mentor, problem.forbidden) and chosen.get(mentee.id) != mentor.id
        )
        assert list(proposal.others.get(mentee.id, ())) == [
            mentor_id for _fit, mentor_id in ranked[: solving.RUNNERS_UP]
        ]


def test_the_child_process_gives_the_same_answer():
    place = COMMUNITIES[0]
    mentees = tuple(Mentee(number, needs=number, place=place, units=place) for number in range(1, 6))
    mentors = tuple(Mentor(number, offers=number, place=place, reach=3, places=2) for number in range(11, 14))
    problem = Problem(mentees, mentors, {(1, 12): Tie(mentee_wish=1)}, frozenset({(2, 11)}))
    assert solving.solve(problem, fixed=[(5, 13)]) == in_process(problem, fixed=[(5, 13)])
    assert solving.solve(problem).value == optimum(problem)[1]


def test_greed_would_have_lost():
    """The first mentee would take the mentor whom only the second can have."""
    place = COMMUNITIES[0]
    mentees = (Mentee(1, needs=0b11, place=place, units=place), Mentee(2, needs=0b11, place=place, units=place))
    mentors = (
        Mentor(8, offers=0b11, place=place, reach=3, places=1),
        Mentor(9, offers=0b01, place=place, reach=3, places=1),
    )
    problem = Problem(mentees, mentors, {}, frozenset({(2, 9)}))
    assert in_process(problem).pairs == ((1, 9), (2, 8))


def test_load_spreads_mentees_over_mentors():
    place = COMMUNITIES[0]
    mentees = tuple(Mentee(number, place=place, units=place) for number in (1, 2))
    mentors = tuple(Mentor(number, place=place, reach=3, places=3) for number in (8, 9))
    proposal = in_process(Problem(mentees, mentors, {}, frozenset()))
    assert {mentor_id for _mentee, mentor_id in proposal.pairs} == {8, 9}
    both = value_of(Problem(mentees, mentors, {}, frozenset()), [(1, 8), (2, 8)])
    assert proposal.value == both - LOAD


def test_two_pairs_go_before_one_that_fits_better():
    mentees = tuple(Mentee(number, needs=0b11, units=(3,)) for number in (1, 2))
    mentors = tuple(Mentor(number, offers=0b11 * (number == 8), reach=3, places=1) for number in (8, 9))
    ties = {(1, 8): Tie(earlier=2), (2, 8): Tie(mentee_wish=1, mentor_wish=1)}
    problem = Problem(mentees, mentors, ties, frozenset({(1, 9)}))
    assert in_process(problem).pairs == ((1, 8), (2, 9))
    assert optimum(problem) == (2, in_process(problem).value)
