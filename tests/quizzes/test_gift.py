"""GIFT: what is read, what is refused with its line, and that writing gives it back."""

import contextlib
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes import gift
from lms.quizzes.gift import GiftFaults
from lms.quizzes.gift_faults import SENTENCES
from lms.quizzes.kinds import registry
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.numerical import Numerical
from lms.quizzes.kinds.short_answer import ShortAnswer
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.kinds.true_false import TrueFalse
from lms.quizzes.questions import Question, Rich, TextFormat
from tests.quizzes.made import any_question

SAMPLE = """\
// 社区工作者测验
$CATEGORY: 接待与倾听

// [id:JD-01] [tag:接待] [tag:初任]
::首问负责::居民来访时不在你的职责范围，你应该怎么做？ {
    =记下事由，带他找到经办人 #对：首问负责，办结为止。
    ~%50%告诉他去哪个窗口 #只做了一半。
    ~请他改天再来 #居民白跑一趟。
    ####首问负责制：第一个接待的人负责到底。
}

::多选::以下哪些要登记？{~%50%姓名~%50%事由#要写清楚~%-100%身份证号全文#不必要}

走访时可以代居民签字。{F#代签无效。#对，不能代签。}

网格员每月至少走访几户？{#=20:2#对 =%50%15..17#接近 ~#再看看规定}

“有事好商量”的平台叫什么？{=居民议事会 =%80%议事会#要写全称 =%0%*#不对}

把诉求和部门配对。{
  =漏水 -> 物业
  =噪音 -> 城管
  = -> 税务
}

接访后应在{=24小时~三天~一周}内回复。

[markdown]写一段**接访记录**。{####看重事实}

这是一段说明，不用作答。
"""


def one(text: str) -> Question:
    [question] = gift.parse(text)
    return question


def fault(text: str) -> tuple[int, str]:
    with pytest.raises(GiftFaults) as caught:
        gift.parse(text)
    assert caught.value.faults[0].message
    return caught.value.faults[0].line, caught.value.faults[0].code


def test_the_whole_sample_is_understood(work):
    questions = gift.parse(SAMPLE)

    assert [q.kind for q in questions] == [
        "single", "multiple", "true_false", "numerical", "short_answer", "matching", "single", "essay", "description",
    ]  # fmt: skip
    assert {q.category for q in questions} == {"接待与倾听"}
    assert questions[0].reference == "JD-01"
    assert questions[0].tags == ("接待", "初任")
    assert questions[0].line == 5


def test_single_choice_keeps_weights_and_feedback():
    question = gift.parse(SAMPLE)[0]

    assert isinstance(question.body, SingleChoice)
    assert [o.weight for o in question.body.options] == [100, 50, 0]
    assert question.body.options[0].feedback == Rich("对：首问负责，办结为止。")
    assert question.general_feedback == Rich("首问负责制：第一个接待的人负责到底。")


def test_multiple_choice_keeps_negative_weights():
    body = gift.parse(SAMPLE)[1].body

    assert isinstance(body, MultipleChoice)
    assert [o.weight for o in body.options] == [50, 50, -100]


def test_true_false_has_first_the_feedback_of_a_wrong_answer():
    assert gift.parse(SAMPLE)[2].body == TrueFalse(False, Rich("代签无效。"), Rich("对，不能代签。"))


def test_numbers_have_tolerances_ranges_and_weights():
    body = gift.parse(SAMPLE)[3].body

    assert isinstance(body, Numerical)
    assert [list(map(int, (a.low, a.high, a.weight))) for a in body.answers] == [[18, 22, 100], [15, 17, 50]]
    assert body.when_wrong == Rich("再看看规定")


def test_short_answers_have_weights():
    body = gift.parse(SAMPLE)[4].body

    assert isinstance(body, ShortAnswer)
    assert [(a.text, int(a.weight)) for a in body.answers] == [("居民议事会", 100), ("议事会", 80), ("*", 0)]


def test_matching_may_have_choices_that_fit_nothing():
    body = gift.parse(SAMPLE)[5].body

    assert isinstance(body, Matching)
    assert [(p.left.text, p.right) for p in body.pairs] == [("漏水", "物业"), ("噪音", "城管")]
    assert body.extra == ("税务",)


def test_a_missing_word_keeps_both_sides_of_the_blank():
    question = gift.parse(SAMPLE)[6]

    assert (question.stem.text, question.after) == ("接访后应在", "内回复。")


def test_the_format_is_handed_down_to_the_feedback():
    question = gift.parse(SAMPLE)[7]

    assert question.stem == Rich("写一段**接访记录**。", TextFormat.MARKDOWN)
    assert question.general_feedback == Rich("看重事实", TextFormat.MARKDOWN)


def test_escapes_are_text():
    question = one(r"1\: a\=b \{x\} \~ \# \\ \n第二行 {=\=x\#\~#\{y\} ~b}")

    assert question.stem.text == "1: a=b {x} ~ # \\ \n第二行"
    assert isinstance(question.body, SingleChoice)
    assert question.body.options[0].text.text == "=x#~"
    assert question.body.options[0].feedback == Rich("{y}")


def test_chinese_punctuation_is_text():
    question = one("（单选）“低保”＝什么？～3～5天｛见附件｝：选一项＃１ {=Ａ：救助，兜底。#对；～不要急 ~Ｂ＝其它％}")

    assert question.stem.text == "（单选）“低保”＝什么？～3～5天｛见附件｝：选一项＃１"
    assert isinstance(question.body, SingleChoice)
    assert [o.text.text for o in question.body.options] == ["Ａ：救助，兜底。", "Ｂ＝其它％"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_bom_make_no_difference(end):
    data = b"\xef\xbb\xbf" + SAMPLE.replace("\n", end).encode()

    assert gift.read(data) == gift.parse(SAMPLE)
    assert [q.line for q in gift.read(data)] == [q.line for q in gift.parse(SAMPLE)]


def test_the_sample_survives_writing():
    assert gift.parse(gift.write(gift.parse(SAMPLE))) == gift.parse(SAMPLE)


@settings(max_examples=300, deadline=None)
@given(st.lists(any_question, min_size=1, max_size=3))
def test_parse_write_parse(questions):
    written = gift.write(questions)

    assert gift.parse(written) == questions
    assert gift.write(gift.parse(written)) == written


@settings(max_examples=200, deadline=None)
@given(any_question)
def test_a_stored_question_comes_back(question):
    data = registry.to_json(question)

    assert registry.from_json(question.kind, data) == Question(
        **{**{f: getattr(question, f) for f in question.__dataclass_fields__}, "category": "", "line": 0}
    )


@settings(max_examples=300, deadline=None)
@given(st.text("ab {}~=#\\:/-%><.0\n$＝～｛｝＃", max_size=60))
def test_any_text_gives_questions_or_faults(text):
    try:
        questions = gift.parse(text)
    except GiftFaults as error:
        questions, faults = [], list(error.faults)
    else:
        faults = []

    assert all(f.line >= 1 and f.code in SENTENCES for f in faults)
    assert bool(questions) != bool(faults)
    assert not questions or gift.parse(gift.write(questions)) == questions


FAULTS = [
    ("a{=b~c}\n\n题干 {=甲 ~乙\n\n丙}", 3, "brace_not_closed"),
    ("题干 =甲}", 1, "brace_not_opened"),
    ("题干 {=甲 {x} ~乙}", 1, "brace_nested"),
    ("题干 {=甲~乙}\n又一题 {=丙~丁}", 2, "second_answer_block"),
    ("题干\n{=甲\n~乙}} 后", 3, "second_answer_block"),
    ("题干 {=甲~乙####一####二}", 1, "second_general_feedback"),
    ("题干 {甲 =乙 ~丙}", 1, "text_before_answers"),
    ("题干 {\n=甲\n~\n~丙}", 3, "answer_empty"),
    ("题干 {=甲~甲}", 1, "duplicate_option"),
    ("题干 {~甲}", 1, "too_few_options"),
    ("题干 {~甲\n~乙}", 1, "no_right_answer"),
    ("题干 {=%50%甲 ~乙}", 1, "weight_after_equals"),
    ("题干 {\n=甲\n~%150%乙}", 3, "bad_weight"),
    ("题干 {=甲 ~%5,0%乙}", 1, "bad_weight"),
    ("题干 {~%50%甲~%20%乙}", 1, "weights_sum"),
    ("题干 {T#a#b#c}", 1, "too_many_feedbacks"),
    ("题干 {=%50%甲}", 1, "no_full_mark"),
    ("题干 {#十二}", 1, "bad_number"),
    ("题干 {#nan}", 1, "bad_number"),
    ("题干 {#1e999}", 1, "bad_number"),
    ("题干 {#３}", 1, "fullwidth_number"),
    ("题干 {#3:-1}", 1, "negative_tolerance"),
    ("题干 {#5..1}", 1, "empty_range"),
    ("题干 {#5 ~甲}", 1, "numerical_wrong_text"),
    ("题干 {=甲 -> 乙\n=丙}", 2, "pair_without_arrow"),
    ("题干 {=甲 -> 乙\n=丙 -> }", 2, "pair_without_right"),
    ("题干 {=甲 -> 乙}", 1, "too_few_pairs"),
    ("题干 {=甲 -> 乙 =甲 -> 丙}", 1, "duplicate_row"),
    ("题干 {=甲 -> 乙#好 =丙 -> 丁}", 1, "feedback_in_matching"),
    ("::题目 {=甲~乙}", 1, "title_open"),
    ("::" + "长" * 300 + ":: 题 {}", 1, "title_too_long"),
    ("::名:: {=甲~乙}", 1, "no_text"),
    ("题" * 20_001 + "{}", 1, "text_too_long"),
    ("题干 {" + "=甲 " * 51 + "}", 1, "too_many_options"),
    ("$CATEGORY:\n题干 {}", 1, "category_empty"),
    ("$CATEGORY: " + "长" * 201, 1, "category_too_long"),
    ("// [id:a]\n题 {}\n\n// [id:a]\n题二 {}", 4, "duplicate_id"),
    ("// [id:" + "a" * 101 + "]\n题 {}", 1, "id_too_long"),
    ("", 1, "no_questions"),
    ("// 只有注释\n", 1, "no_questions"),
    ("题 {}\n\n第二题\x00 {}", 3, "control_character"),
    ("题\ud800 {}", 1, "control_character"),
    ("题干 ｛=甲 ~乙｝", 1, "fullwidth_brace"),
    ("题干\n{=甲 ~乙｝", 2, "fullwidth_brace"),
    ("题干\n｛=甲 ~乙}", 2, "fullwidth_brace"),
    ("题干 {\n＝甲\n～乙\n}", 2, "fullwidth_marker"),
    ("题干 {\n=甲\n～乙\n}", 3, "fullwidth_marker"),
    ("题干 {\n=甲\n～乙\n＃＃＃＃总}", 4, "fullwidth_feedback"),
    ("首先做什么？\nA. 先听\nB. 先记\nANSWER: A\n", 4, "other_format"),
    ('\n<?xml version="1.0"?>\n<quiz><question type="essay"/></quiz>', 2, "other_format"),
    ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hosts">]><a>&b;</a>', 1, "other_format"),
    ("<assessmentItem><responseDeclaration/></assessmentItem>", 1, "other_format"),
    ("首先{1:MULTICHOICE:=先听~先记}做什么？", 1, "text_before_answers"),
    ("题干 {\n=甲\n~乙\n＃反馈}", 4, "fullwidth_feedback"),
    ("：：名：：题 {=甲~乙}", 1, "fullwidth_title"),
    ("／／注释\n题 {}", 1, "fullwidth_comment"),
    ("$CATEGORY：接待\n\n题 {}", 1, "fullwidth_category"),
    ("题 {~％50％甲~%50%乙}", 1, "fullwidth_weight"),
    ("题 {=甲 → 乙\n=丙 → 丁}", 1, "fullwidth_arrow"),
    ("题 {Ｔ}", 1, "fullwidth_truth"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "code"), FAULTS, ids=lambda value: str(value)[:20].replace("\x00", "NUL"))
def test_a_fault_is_refused_with_its_line(work, text, line, code):
    assert fault(text) == (line, code)


def test_every_fault_is_told_at_once():
    with pytest.raises(GiftFaults) as caught:
        gift.parse("甲 {=a}\n\n乙 {~b}\n\n丙 {=c")

    assert [(f.line, f.code) for f in caught.value.faults] == [(3, "too_few_options"), (5, "brace_not_closed")]


def test_every_sentence_is_tried_by_some_fault():
    tried = {code for _, _, code in FAULTS} | {"encoding", "file_too_long", "too_many_questions"}

    assert set(SENTENCES) == tried


def test_undecodable_bytes_are_named_by_line():
    with pytest.raises(GiftFaults) as caught:
        gift.read("题一 {}\r\n\r\n".encode() + "题二 {}".encode("gb18030"))

    assert [(f.line, f.code) for f in caught.value.faults] == [(3, "encoding")]


def test_sizes_are_capped():
    assert fault("a" * 2_000_001) == (1, "file_too_long")
    assert fault("题 {}\n\n" * 5_001) == (10_001, "too_many_questions")


@pytest.mark.parametrize(
    "text",
    [
        "a{" * 200_000,
        "{" + "=" * 400_000,
        "\\" * 500_001 + "{}",
        "::" + "\\:" * 200_000,
        "题 {=" + "#" * 400_000 + "}",
        "题 {" + "####" * 100_000 + "}",
        "题 {=%" + "1" * 300_000 + "%}",
        "// " + "[id:" * 100_000 + "\n题 {}",
        "// [tag:" + "\\]" * 200_000 + "\n题 {}",
        "题 {" + "\n＝" * 100_000 + "}",
        "$CATEGORY: a\n" * 50_000,
        "题 {#" + "1" * 400_000 + "}",
        "题\n" * 300_000,
        " " * 1_000_000 + "题 {}",
        "题 {" + "->" * 300_000 + "}",
    ],
    ids=range(15),
)
def test_hostile_texts_take_linear_time(text):
    started = time.process_time()
    with contextlib.suppress(GiftFaults):
        gift.parse(text)

    assert time.process_time() - started < 2


def test_what_the_format_cannot_hold_is_said():
    with pytest.raises(ValueError, match="left half"):
        gift.write([one("题 {=甲 -> 乙 =丙 -> 丁}").__class__(Rich("题"), Matching(_arrow_pairs()))])


def _arrow_pairs():
    from_parse = one("题 {=甲 -> 乙 =丙 -> 丁}").body
    assert isinstance(from_parse, Matching)
    first, second = from_parse.pairs
    return (first.__class__(Rich("a->b"), first.right), second)


def test_weights_of_thirds_make_a_whole():
    body = one("题 {~%33.33333%a~%33.33333%b~%33.33333%c~%-50%d}").body

    assert registry.kind_of("multiple").grade(body, {"chosen": [0, 1, 2]}).fraction == Decimal(1)
