"""Texts alike: the keys that find them, and how much of one stands in another, against a plain reading."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.cases import counting, likeness

WORDS = st.text(alphabet="社区老楼电梯门口会议，。 \n12aＡ…①²𠮷é", max_size=60)
LETTERS = st.text(alphabet="甲乙丙丁戊", max_size=40)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_the_keys_of_a_passage_are_keys_of_any_text_that_holds_it(before, passage, after):
    alone = likeness.keys_of(passage)

    assert alone <= likeness.keys_of(before + passage + after)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="甲乙丙丁戊己庚辛壬癸", min_size=30, max_size=60), min_size=2, max_size=4))
def test_the_order_of_paragraphs_changes_keys_at_their_seams_alone(paragraphs):
    one, other = likeness.keys_of("".join(paragraphs)), likeness.keys_of("".join(reversed(paragraphs)))
    inside = set().union(*map(likeness.keys_of, paragraphs))

    assert inside <= one & other


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_letters_with_places_are_the_letters(text):
    placed = likeness.placed(text)

    assert placed.letters == likeness.letters_of(text)
    assert len(placed.places) == len(placed.letters)
    assert likeness.letters_of(placed.written(0, len(placed.letters))) == placed.letters


@settings(max_examples=60, deadline=None)
@given(LETTERS, LETTERS)
def test_what_stands_in_both_is_what_a_plain_reading_finds(one, other):
    share = likeness.share_of(likeness.placed(one), likeness.stretches_of(other))
    windows = [range(at, at + 7) for at in range(len(one) - 6) if one[at : at + 7] in other]

    assert share.count == len({place for window in windows for place in window})
    assert share.total == len(one)
    assert all(share.longest[at : at + 7] in other for at in range(len(share.longest) - 6))
    assert (len(share.longest) >= 7) == bool(windows)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2023年3月，12户签字", "2019 年 11 月 7 户签字"), ("ＡＢ楼", "ab 楼"), ("“好！”他说", "好，他说")],
)
def test_numbers_marks_and_width_make_no_difference(one, other):
    assert likeness.letters_of(one) == likeness.letters_of(other)


@pytest.mark.parametrize(
    ("markdown", "count"),
    [
        ("六层老楼，没有电梯。", 10),
        ("### 先问清楚\n\n1. **挨户**问；", 10),
        ('![楼道会](files/p-0123456789ab.jpg "图 1")\n', 8),
        ("| 户 | 意见 |\n| --- | :-: |\n| 甲 | 好 |", 5),
        ("- 甲\n- 乙", 4),
        ("> 引用", 2),
        ("", 0),
    ],
)
def test_characters_are_counted_as_they_are_read(markdown, count):
    assert counting.count(markdown) == count
