"""Drawing: the same seed draws the same; what a pool cannot give is said."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes.chance import Chance, new_seed
from lms.quizzes.papers import Draw, Shortage, draw_questions, shortages

POOL = [(n, "甲" if n < 10 else "乙") for n in range(20)]


def test_a_seed_draws_the_same_for_ever():
    assert draw_questions([Draw("甲", 3), Draw("乙", 2)], POOL, "seed") == [8, 0, 4, 14, 18]


@given(st.text(max_size=8), st.integers(1, 10), st.integers(1, 10))
def test_a_draw_has_different_questions_of_its_category(seed, first, second):
    drawn = draw_questions([Draw("甲", first), Draw("乙", second)], POOL, seed)

    assert len(set(drawn)) == first + second
    assert all(n < 10 for n in drawn[:first])
    assert all(n >= 10 for n in drawn[first:])


def test_without_draws_every_question_comes_in_order():
    assert draw_questions([], POOL, "seed") == list(range(20))


def test_two_draws_from_one_category_share_no_question():
    drawn = draw_questions([Draw("甲", 5), Draw("甲", 5)], POOL, "seed")

    assert len(set(drawn)) == 10


def test_a_pool_that_is_too_small_is_named():
    assert shortages([Draw("甲", 11), Draw("乙", 10), Draw("丙", 1)], (c for _, c in POOL)) == [
        Shortage("甲", 11, 10),
        Shortage("丙", 1, 0),
    ]
    with pytest.raises(ValueError, match="fewer"):
        draw_questions([Draw("甲", 11)], POOL, "seed")


def test_every_order_is_about_as_likely():
    orders = Counter(tuple(Chance(str(n), "test").shuffled("abc")) for n in range(6000))

    assert len(orders) == 6
    assert all(850 < count < 1150 for count in orders.values())


def test_numbers_stay_below_their_bound():
    chance = Chance("seed", "test")

    assert {chance.below(3) for _ in range(100)} == {0, 1, 2}


def test_seeds_are_long_and_different():
    assert len({new_seed() for _ in range(100)}) == 100
    assert len(new_seed()) == 32
