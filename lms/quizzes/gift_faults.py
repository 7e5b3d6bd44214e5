"""What can be wrong in a GIFT file, each fault with its line and a sentence that helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lms.core.i18n import lazy_gettext as _l

_NOTHING: Mapping[str, Any] = MappingProxyType({})

SENTENCES: Mapping[str, Any] = MappingProxyType(
    {
        "encoding": _l("第 %(line)s 行有无法识别的字节：请把文件另存为 UTF-8 编码。"),
        "control_character": _l("有不可见的控制字符（U+%(code)s），请删除。"),
        "file_too_long": _l("文件太长：最多 %(limit)s 个字符。"),
        "too_many_questions": _l("题目太多：一个文件最多 %(limit)s 道题。"),
        "other_format": _l("这是 %(format)s 格式的题目，不是 GIFT。请在原来的系统里导出为 GIFT 格式。"),
        "no_questions": _l("文件里没有题目。"),
        "category_empty": _l("$CATEGORY: 后面没有分类名称。"),
        "category_too_long": _l("分类名称太长：最多 %(limit)s 个字符。"),
        "title_open": _l("题目名称缺少结尾的 ::。"),
        "title_too_long": _l("题目名称太长：最多 %(limit)s 个字符。"),
        "no_text": _l("题目没有题干。"),
        "text_too_long": _l("文字太长：最多 %(limit)s 个字符。"),
        "brace_not_closed": _l("{ 没有对应的 }。一道题的内部不能有空行；题目与题目之间用空行隔开。"),
        "brace_not_opened": _l("} 前面没有 {。文字里的花括号要写成 \\{ 和 \\}。"),
        "brace_nested": _l("{ } 里面又出现了 {。文字里的花括号要写成 \\{ 和 \\}。"),
        "second_answer_block": _l("一道题只能有一组 { }；如果是两道题，中间要空一行。"),
        "second_general_feedback": _l("总反馈 #### 只能出现一次。"),
        "text_before_answers": _l("第一个 = 或 ~ 之前有多余的文字“%(text)s”。"),
        "answer_empty": _l("= 或 ~ 后面没有答案文字。"),
        "too_few_options": _l("选择题至少要有两个选项。"),
        "too_many_options": _l("选项或答案太多：最多 %(limit)s 个。"),
        "duplicate_option": _l("两个选项的文字相同：“%(text)s”。"),
        "no_right_answer": _l("没有正确答案：请用 = 标出正确选项，或用 %%100%% 给出分值。"),
        "weight_after_equals": _l("选择题里 = 后面不写分值：部分得分的选项写成 ~%%%(weight)s%%。"),
        "bad_weight": _l("分值“%(text)s”不对：应是 %%-100%% 到 %%100%% 之间的数。"),
        "weights_sum": _l("多选题各正确选项的分值之和应是 100，现在是 %(sum)s。"),
        "too_many_feedbacks": _l("判断题最多有两条反馈：答错时的和答对时的。"),
        "no_full_mark": _l("没有得满分的答案：至少有一个答案的分值应是 100。"),
        "bad_number": _l("“%(text)s”不是数：数值题写成 值:误差 或 最小值..最大值。"),
        "negative_tolerance": _l("误差“%(text)s”不能是负数。"),
        "empty_range": _l("范围“%(text)s”的最小值大于最大值。"),
        "numerical_wrong_text": _l("数值题里 ~ 只能用来写答错时的反馈：~#反馈。"),
        "pair_without_arrow": _l("匹配题的每一项都要写成 =左边 -> 右边；这一项没有 ->。"),
        "pair_without_right": _l("匹配题的 -> 右边是空的。"),
        "too_few_pairs": _l("匹配题至少要有两对。"),
        "duplicate_row": _l("匹配题的左边重复：“%(text)s”。"),
        "feedback_in_matching": _l("匹配题的各项不能有反馈；文字里的 # 要写成 \\#。"),
        "duplicate_id": _l("编号 [id:%(id)s] 已在第 %(first)s 行用过。"),
        "id_too_long": _l("编号或标签太长：最多 %(limit)s 个字符。"),
        "fullwidth_brace": _l("答案要放在半角的 { } 里，这里用了全角的“%(text)s”。"),
        "fullwidth_marker": _l("答案要以半角的 = 或 ~ 开头，这里用了全角的“%(text)s”。"),
        "fullwidth_feedback": _l("反馈要以半角的 # 开头，这里用了全角的“%(text)s”。"),
        "fullwidth_title": _l("题目名称要写成半角的 ::名称::，这里用了全角冒号。"),
        "fullwidth_comment": _l("注释要以半角的 // 开头，这里用了全角的“／／”。"),
        "fullwidth_category": _l("分类要写成半角的 $CATEGORY: 名称。"),
        "fullwidth_weight": _l("分值要用半角的百分号，例如 %%50%%；这里是“%(text)s”。"),
        "fullwidth_arrow": _l("匹配题要用半角的 -> 连接，这里用了“%(text)s”。"),
        "fullwidth_truth": _l("判断题的答案要用半角的 T 或 F，这里用了全角的“%(text)s”。"),
        "fullwidth_number": _l("数值题要用半角的数字和符号，这里是“%(text)s”。"),
    }
)


@dataclass(frozen=True)
class GiftFault:
    """One fault: where, which, and the words that fill its sentence."""

    line: int
    code: str
    params: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def message(self) -> str:
        """The sentence in the language of whoever reads it now."""
        return str(SENTENCES[self.code]) % {"line": self.line, **self.params}


class GiftFaults(Exception):
    """A file was refused: every fault found, in the order of its lines.

    ``faults`` holds at least one and at most ``MAX_FAULTS``.
    """

    def __init__(self, faults: Sequence[GiftFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(f"{f.line}: {f.code}" for f in self.faults[:5]))


class OneFault(Exception):
    """Carries a single fault out of the depths of a question."""

    def __init__(self, line: int, code: str, **params: Any) -> None:
        self.fault = GiftFault(line, code, MappingProxyType(params))
        super().__init__(code)
