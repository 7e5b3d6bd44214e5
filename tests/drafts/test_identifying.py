"""What may tell who a resident is is found and hidden; ordinary prose is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.drafts.identifying import HIDDEN, Kind, find, masked
from lms.people.identity import check_digit

ROOT = Path(__file__).parents[2]
LIBRARY = [*ROOT.glob("case_library/**/*.md"), *ROOT.glob("courses/**/*.md")]
CERTAIN = {Kind.IDENTITY, Kind.PHONE, Kind.PLATE}


@pytest.mark.parametrize(
    ("text", "kind", "found", "mask"),
    [
        ("她的身份证号是99010119850104023{check}。", Kind.IDENTITY, None, HIDDEN * 18),
        ("电话13812345678，随时打", Kind.PHONE, "13812345678", "1××××××××××"),
        ("打 138 1234 5678 找她", Kind.PHONE, "138 1234 5678", "1×× ×××× ××××"),
        ("座机０１０－６２３４５６７８", Kind.PHONE, "０１０－６２３４５６７８", "０××－××××××××"),
        ("电话：62345678", Kind.PHONE, "62345678", "6×××××××"),
        ("京A12345停在门口", Kind.PLATE, "京A12345", "京A×××××"),
        ("新能源车粤B·D12345", Kind.PLATE, "粤B·D12345", "粤B×××××××"),
        ("住3号楼2单元501室", Kind.DOOR, "3号楼2单元501室", "×号楼×单元×××室"),
        ("三栋二单元的老人", Kind.DOOR, "三栋二单元", "×栋×单元"),
        ("住在502室", Kind.DOOR, "502室", "×××室"),
        ("5-2-301的业主", Kind.DOOR, "5-2-301", "×-×-×××"),
        ("李桂芳（女，72岁）", Kind.NAME, "李桂芳", "李某"),
        ("老人欧阳建国今年七十二岁", Kind.NAME, "欧阳建国", "欧阳某"),
        ("82岁的独居老人陈秀英家里", Kind.NAME, "陈秀英", "陈某"),
        ("居民张伟患有糖尿病", Kind.NAME, "张伟", "张某"),
        ("周小燕（残疾人，肢体二级）", Kind.NAME, "周小燕", "周某"),
        ("他的妻子何丽，怀孕七个月", Kind.NAME, "何丽", "何某"),
        ("卡号6222 0212 3456 7890 128，", Kind.CARD, "6222 0212 3456 7890 128", "×××× ×××× ×××× ×××× ×××"),
    ],
)
def test_it_finds_and_masks(text, kind, found, mask):
    text = text.format(check=check_digit("99010119850104023")) if "{check}" in text else text

    (one,) = find(text)

    assert (one.kind, one.mask) == (kind, mask)
    assert text[one.start : one.end] == one.text
    assert found is None or one.text == found
    assert not find(masked(text, {one.text: one.mask}))


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345热线，或者110。", "平均67岁，高龄老人78岁以上的有12户。",
        "2023年11月30日上午9点，3号楼的人来了20多个。",
        "王阿姨今年82岁，李某患有高血压。", "高血压患者60岁以上的居多，周围40岁的也有。",
        "一共花了13800元，面积1203平方米。",
        "订单号123456789012345678，不是谁的号码。", "流水号6222021234567890123，查不到。",
        "高血压、糖尿病患者和残疾人，老人高血压、糖尿病都有。",
        "第101次会议，共1024户参加。", "安全员今年走访86岁老人。",
        "编号 A3-2023-0101。", "网址 https://example.org/1234567890123",
    ],
)  # fmt: skip
def test_it_leaves_ordinary_prose_alone(text):
    assert find(text) == []


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_library_holds_nothing_that_looks_like_a_number_of_somebody(path):
    found = find(path.read_text(encoding="utf-8"))

    assert not [one for one in found if one.kind in CERTAIN]


@settings(max_examples=60)
@given(st.integers(0, 10**6 - 1), st.dates(), st.integers(0, 999), st.text("，。 是的居民\n", max_size=6))
def test_a_number_with_its_check_digit_is_found_and_with_another_is_not(region, born, order, around):
    body = f"{region:06}{max(born.year, 1900):04}{born.month:02}{min(born.day, 28):02}{order:03}"
    number = body + check_digit(body)
    wrong = body + ("0" if number[-1] != "0" else "1")

    assert [one.text for one in find(around + number + around) if one.kind is Kind.IDENTITY] == [number]
    assert not [one for one in find(around + wrong + around) if one.kind is Kind.IDENTITY]


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["李桂芳，72岁", "13812345678", "京A12345", "3栋502室", "，", "住在", "\n", "１", "一", "岁"]),
        max_size=12,
    )
)
def test_masking_ends_and_keeps_the_rest(parts):
    text = "".join(parts)
    hidden, rounds = text, 0
    while certain := {one.text: one.mask for one in find(hidden) if one.kind in CERTAIN}:
        # What stood glued to a number is told apart once that is hidden: the next look finds it.
        hidden, rounds = masked(hidden, certain), rounds + 1
        assert rounds <= len(parts)

    assert not [words for words in parts if words in ("13812345678", "京A12345") and words in hidden.split("，")]
    assert len(hidden) == len(text)
    assert hidden.count("\n") == text.count("\n")


def test_hostile_lengths_take_no_time():
    for text in (
        "1" * 100_000,
        "李" * 50_000,
        "1 " * 50_000,
        "3号" * 30_000,
        "李明" * 20_000 + "患",
        "（" * 50_000,
        "一" * 60_000,
    ):
        find(text)
