"""What can be wrong with a back-entry: beside the roster's findings (names, identity numbers), its own.

As there, a finding is a code and the values that its sentence names, and an error keeps its row out of the load.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lms.core.i18n import LazyString
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.roster import findings as roster
from lms.roster.findings import Severity


class Code(StrEnum):
    """What can be found."""

    PERSON_UNKNOWN = "person_unknown"
    PERSON_UNCLEAR = "person_unclear"
    PERSON_UNNAMED = "person_unnamed"
    ONESELF = "oneself"
    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    CHOICE_MISSING = "choice_missing"
    CHOICE_UNKNOWN = "choice_unknown"
    DAY_MISSING = "day_missing"
    DAY_UNREADABLE = "day_unreadable"
    NUMBER_UNREADABLE = "number_unreadable"
    AFTER_TODAY = "after_today"
    ENDS_FIRST = "ends_first"
    TOO_LONG_A_SPAN = "too_long_a_span"
    BEFORE_POST = "before_post"
    OUT_OF_POST = "out_of_post"
    DAYS_UNEVEN = "days_uneven"
    DAYS_ABOVE = "days_above"
    HOURS_UNSOUND = "hours_unsound"
    HOURS_ABOVE = "hours_above"
    HOURS_ABOVE_RULE = "hours_above_rule"
    TWICE = "twice"
    TWICE_WAITING = "twice_waiting"
    TWICE_IN_FILE = "twice_in_file"
    MAY_REPEAT = "may_repeat"
    START_ASSUMED = "start_assumed"


SENTENCES: dict[Severity, dict[Code, LazyString]] = {
    Severity.ERROR: {
        Code.PERSON_UNNAMED: _l("身份证号和手机号都没有填写，无法辨认是谁。"),
        Code.PERSON_UNKNOWN: _l("本单位没有找到这个人。请核对姓名、身份证号或手机号；刚调入的人员请先更新花名册。"),
        Code.PERSON_UNCLEAR: _l("本单位不止一人与此相符，请填写身份证号。"),
        Code.ONESELF: _l("不能给自己登记。请在“我的学时”里申报，由管理员审批。"),
        Code.TEXT_MISSING: _l("没有填写。"),
        Code.TEXT_TOO_LONG: _l("超过 %(most)s 个字。"),
        Code.CHOICE_MISSING: _l("没有填写，应为：%(choices)s。"),
        Code.CHOICE_UNKNOWN: _l("“%(text)s”不在可选范围，应为：%(choices)s。"),
        Code.DAY_MISSING: _l("没有填写日期。"),
        Code.DAY_UNREADABLE: _l("日期“%(text)s”无法识别，请写到日，例如 2026-05-18。"),
        Code.NUMBER_UNREADABLE: _l("“%(text)s”不是数字。"),
        Code.AFTER_TODAY: _l("结束日期 %(date)s晚于今天，培训结束以后才能登记。"),
        Code.ENDS_FIRST: _l("结束日期早于开始日期。"),
        Code.TOO_LONG_A_SPAN: _l("从开始到结束有 %(days)s 天，超过一年。请按期分别登记。"),
        Code.BEFORE_POST: _l("%(date)s时还没有任职：最早的任职从 %(first)s开始。任职时间有误请先更正花名册。"),
        Code.OUT_OF_POST: _l("%(date)s时没有任职记录。任职时间有误请先更正花名册。"),
        Code.DAYS_UNEVEN: _l("天数应为 0.5 的倍数，例如 0.5、1、2.5。"),
        Code.DAYS_ABOVE: _l("培训天数多于从开始到结束的 %(days)s 天。"),
        Code.HOURS_UNSOUND: _l("学时必须是大于零、最多两位小数的数。"),
        Code.HOURS_ABOVE: _l("学时过多：%(days)s 天的培训最多 %(most)s 学时（每半天最多 4 学时）。"),
        Code.HOURS_ABOVE_RULE: _l("学时过多：按“%(rule)s”，%(days)s 天的培训最多 %(most)s 学时。"),
        Code.TWICE: _l("已经登记过：%(date)s的“%(title)s”在学时台账里。"),
        Code.TWICE_WAITING: _l("已经登记过：%(date)s的“%(title)s”正在等待审批。"),
        Code.TWICE_IN_FILE: _l("与第 %(row)s 行重复：同一人、同一天、同一培训。"),
    },
    Severity.WARNING: {
        Code.MAY_REPEAT: _l("可能与 %(date)s的“%(title)s”是同一次培训，审批时会再次提示。"),
    },
    Severity.INFO: {
        Code.START_ASSUMED: _l("没有填写开始日期，按当天开始、当天结束处理。"),
    },
}
ALL: dict[str, tuple[Severity, LazyString]] = {
    code: (severity, sentence)
    for known in (roster.SENTENCES, SENTENCES)
    for severity, sentences in known.items()
    for code, sentence in sentences.items()
}

Note = tuple[StrEnum, Mapping[str, Any]]


#: What a column may hold, by the name that params give as "of": the words are the reader's.
CHOICES: dict[str, Iterable[Any]] = {"tier": Tier, "training_type": TrainingType, "abilities": Ability}


def say(note: tuple[str, Mapping[str, Any]]) -> str:
    """The sentence of a note, in the reader's language."""
    params = roster.shown(note[1])
    if "of" in params:
        params["choices"] = _("、").join(str(one.label) for one in CHOICES[params["of"]])
    return str(ALL[note[0]][1]) % params


@dataclass(frozen=True)
class Finding:
    """One thing found in a spreadsheet, as the roster's findings are."""

    code: str
    row: int | None = None
    column: str = ""
    label: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return ALL[self.code][0]

    @property
    def message(self) -> str:
        return say((self.code, self.params))


def worst_first(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: (one.severity.rank, one.row or 0, len(one.column), one.column, one.code))


def to_json(one: Finding) -> dict[str, Any]:
    """As it is stored: without the sentence, which depends on the reader."""
    params = dict(one.params)
    return {"code": str(one.code), "row": one.row, "column": one.column, "label": one.label, "params": params}


def from_json(stored: Mapping[str, Any]) -> Finding:
    return Finding(stored["code"], stored["row"], stored["column"], stored["label"], stored["params"])
