"""What can be wrong with a policy file: a code, the line, and a sentence that is translated when it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.core.i18n import lazy_gettext as _l

#: One sentence for each code. The placeholders are the params of the fault.
MESSAGES = {
    "toml": _l("这里不合 TOML 的写法：%(reason)s"),
    "long_number": _l("这里的数字太长，无法读取。"),
    "too_deep": _l("括号套得太深，无法读取。"),
    "not_utf8": _l("文件不是 UTF-8 编码的文本。"),
    "missing_key": _l("缺少“%(key)s”。"),
    "unknown_key": _l("不认识“%(key)s”。可用的有：%(choices)s。"),
    "not_text": _l("“%(key)s”要写成引号里的文字。"),
    "blank": _l("“%(key)s”不能空着。"),
    "too_long": _l("“%(key)s”有 %(length)s 个字，最多 %(limit)s 个。"),
    "bad_name": _l("“%(value)s”不能作名称：只用小写字母、数字和连字符，不超过 40 个字符。"),
    "not_whole": _l("“%(key)s”要写成整数。"),
    "out_of_range": _l("“%(key)s”要在 %(low)s 到 %(high)s 之间。"),
    "zero_cycle": _l("周期不能是零年：“%(key)s”要在 %(low)s 到 %(high)s 之间。"),
    "not_date": _l("“%(key)s”要写成日期，例如 2026-01-01，不加引号。"),
    "not_true": _l("“%(key)s”要写成 true 或 false。"),
    "not_list": _l("“%(key)s”要写成方括号里的列表。"),
    "empty_list": _l("“%(key)s”至少要有一项。"),
    "repeated": _l("“%(key)s”里“%(value)s”写了两次。"),
    "not_table": _l("“%(key)s”要写成 %(shape)s 一节。"),
    "unknown_choice": _l("“%(key)s”不能是“%(value)s”。可用的有：%(choices)s。"),
    "bad_hours": _l('“%(key)s”要写成引号里的学时数，大于 0、不超过 1000、最多两位小数，例如 "2.50"。'),
    "bad_day": _l('“%(key)s”要写成引号里的月日，例如 "12-31"。'),
    "not_here": _l("“%(key)s”只用于周期 %(kind)s。"),
    "nothing_counts": _l("没有写明要完成多少：“trainings”和“hours”至少要有一项。"),
    "cap_alone": _l("“%(key)s”只在要求学时（hours）时才有意义。"),
    "post_on_both_sides": _l("“%(value)s”既在 posts 里，又在 not_posts 里。"),
    "key_twice": _l("要求“%(value)s”写了两次，另一处在第 %(other)s 行。"),
    "ends_before_start": _l("版本 %(number)s 的终止日 %(until)s 早于起始日 %(since)s。"),
    "number_order": _l("版本号要依次变大：%(number)s 排在 %(other)s 之后。"),
    "overlap": _l("版本 %(number)s 从 %(since)s 起，与版本 %(other)s（从 %(other_since)s 起）重叠。"),
    # against what is adopted already
    "changed": _l("版本 %(number)s 已经采用，内容有变请提高版本号。"),
    "past": _l("新版本最早从 %(earliest)s 起：已经过去的年度保留当时的版本。"),
    # against the level above
    "weaker_missing": _l("%(unit)s的“%(title)s”没有写进来：可以增加，不能去掉。"),
    "weaker_posts": _l("%(unit)s要求的人员更多，这里少了：%(values)s。"),
    "weaker_cycle": _l("%(unit)s要求的周期是“%(theirs)s”，这里“%(ours)s”不能更宽。"),
    "weaker_trainings": _l("%(unit)s要求 %(theirs)s 次培训，这里只要求 %(ours)s 次。"),
    "weaker_hours": _l("%(unit)s要求 %(theirs)s 学时，这里只要求 %(ours)s 学时。"),
    "weaker_accepts": _l("%(unit)s不认可这里认可的：%(values)s。"),
    "weaker_cap": _l("%(unit)s对“%(values)s”学时的上限是 %(theirs)s，这里不能更高。"),
    "weaker_carry": _l("%(unit)s最多结转 %(theirs)s 学时，这里 %(ours)s 不能更多。"),
    "weaker_grace": _l("%(unit)s的宽限是 %(theirs)s 个月，这里 %(ours)s 个月不能更长。"),
    "weaker_exemptions": _l("%(unit)s不免训的情形，这里也不能免：%(values)s。"),
    "weaker_head_count": _l("%(unit)s按 %(theirs)s 统计人数，这里不能另定。"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file. `line` counts from 1; None means the file as a whole."""

    line: int | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return str(MESSAGES[self.code]) % {name: str(value) for name, value in self.params.items()}


class PolicyFaults(Exception):
    """A file that cannot be used, with everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line or 0)
        super().__init__("; ".join(f"{fault.line}: {fault.code}" for fault in self.faults))
