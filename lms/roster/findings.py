"""Findings 问题: what is wrong, doubtful or worth knowing about a file, each with its place and reason.

A finding is a code and the values that its sentence names; the sentence is made when somebody reads it, in their
language. An error keeps its row out of the load; a warning or a remark does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from lms.core.i18n import LazyString, show_date
from lms.core.i18n import lazy_gettext as _l

T = TypeVar("T")


class Severity(StrEnum):
    """How bad: declared from the worst."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> LazyString:
        return SEVERITY_LABELS[self]

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


SEVERITY_LABELS = {Severity.ERROR: _l("错误"), Severity.WARNING: _l("提醒"), Severity.INFO: _l("附注")}


class Code(StrEnum):
    """What can be found."""

    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    IDENTITY_NUMERIC = "identity_numeric"
    IDENTITY_MALFORMED = "identity_malformed"
    IDENTITY_CHECK_DIGIT = "identity_check_digit"
    IDENTITY_DATE = "identity_date"
    IDENTITY_15_UNSURE = "identity_15_unsure"
    IDENTITY_NAMES_DIFFER = "identity_names_differ"
    UNIDENTIFIABLE = "unidentifiable"
    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_AMBIGUOUS = "unit_ambiguous"
    STREET_UNKNOWN = "street_unknown"
    POST_MISSING = "post_missing"
    JOINED_IN_FUTURE = "joined_in_future"
    ELSEWHERE = "elsewhere"
    PERSON_AMBIGUOUS = "person_ambiguous"
    NAME_CHANGED = "name_changed"
    NAME_UNUSUAL = "name_unusual"
    IDENTITY_MISSING = "identity_missing"
    IDENTITY_15 = "identity_15"
    GENDER_DIFFERS = "gender_differs"
    GENDER_UNREADABLE = "gender_unreadable"
    BIRTH_DIFFERS = "birth_differs"
    BIRTH_AMBIGUOUS = "birth_ambiguous"
    BIRTH_UNREADABLE = "birth_unreadable"
    JOINED_AFTER_FORM = "joined_after_form"
    JOINED_YOUNG = "joined_young"
    JOINED_AMBIGUOUS = "joined_ambiguous"
    JOINED_UNREADABLE = "joined_unreadable"
    PHONE_MISSING = "phone_missing"
    PHONE_INVALID = "phone_invalid"
    PHONE_SHARED = "phone_shared"
    PHONE_TAKEN = "phone_taken"
    SIGN_IN_STAYS = "sign_in_stays"
    POST_UNKNOWN = "post_unknown"
    DUTY_UNREADABLE = "duty_unreadable"
    UNIT_ABBREVIATED = "unit_abbreviated"
    UNIT_INHERITED_ACROSS = "unit_inherited_across"
    DUPLICATE_ROW = "duplicate_row"
    SERIAL_REPEATED = "serial_repeated"
    TOTAL_DIFFERS = "total_differs"
    TOO_LONG = "too_long"
    NAME_SPACE = "name_space"
    NAME_DOT = "name_dot"
    IDENTITY_FOLDED = "identity_folded"
    PHONE_FOLDED = "phone_folded"
    SIGN_IN_FOLLOWS = "sign_in_follows"
    SECOND_POST = "second_post"
    LEAVER = "leaver"
    LEAVER_UNKNOWN = "leaver_unknown"


SENTENCES: dict[Severity, dict[Code, LazyString]] = {
    Severity.ERROR: {
        Code.NAME_MISSING: _l("姓名为空。"),
        Code.NAME_TOO_LONG: _l("姓名超过 80 个字符。"),
        Code.IDENTITY_NUMERIC: _l(
            "身份证号是数值格式，末尾几位已经丢失，无法还原。请把单元格改为文本格式，对照证件重新填写。"
        ),
        Code.IDENTITY_MALFORMED: _l("身份证号应为 17 位数字加一位数字或 X，这里有 %(length)s 个字符。"),
        Code.IDENTITY_CHECK_DIGIT: _l("身份证号的校验位不符，至少有一位写错，请对照证件核对。"),
        Code.IDENTITY_DATE: _l("身份证号中的出生日期不存在，请对照证件核对。"),
        Code.IDENTITY_15_UNSURE: _l("15 位身份证号与出生年月不能互相印证，请填写 18 位身份证号。"),
        Code.IDENTITY_NAMES_DIFFER: _l("第 %(row)s 行有相同的身份证号，但姓名写作“%(name)s”。"),
        Code.UNIDENTIFIABLE: _l("既没有身份证号，也没有手机号，无法辨认是谁。"),
        Code.UNIT_MISSING: _l("没有写明所在单位，上面的行也没有可以沿用的。"),
        Code.UNIT_UNKNOWN: _l("没有找到单位“%(text)s”。相近的有：%(candidates)s。"),
        Code.UNIT_AMBIGUOUS: _l("“%(text)s”不止一个，请写明街道，或者改写代码：%(candidates)s。"),
        Code.STREET_UNKNOWN: _l("没有找到街道“%(text)s”。相近的有：%(candidates)s。"),
        Code.POST_MISSING: _l("职务为空。"),
        Code.JOINED_IN_FUTURE: _l("入职时间 %(date)s晚于今天。"),
        Code.ELSEWHERE: _l("此人目前在本次范围以外任职或任管理员。请原单位先办理离任，或由共同的上级单位载入。"),
        Code.PERSON_AMBIGUOUS: _l("有多人的姓名和手机号与此相同，请填写身份证号。"),
    },
    Severity.WARNING: {
        Code.NAME_CHANGED: _l("登记的姓名是“%(name)s”，载入后将改为表中的姓名。"),
        Code.NAME_UNUSUAL: _l("姓名中有少见的字符，将按原样保存为文本。"),
        Code.IDENTITY_MISSING: _l("没有身份证号，只能按姓名和手机号辨认。"),
        Code.IDENTITY_15: _l("15 位旧身份证号，已按国家标准换算为 18 位，请核对。"),
        Code.GENDER_DIFFERS: _l("性别与身份证号第 17 位不一致，请核对。"),
        Code.GENDER_UNREADABLE: _l("性别“%(text)s”无法识别。"),
        Code.BIRTH_DIFFERS: _l("出生年月 %(month)s 与身份证号中的 %(identity)s 不一致，请核对。"),
        Code.BIRTH_AMBIGUOUS: _l("出生年月“%(text)s”可能是 1 月，也可能是 10 月，没有身份证号可以核对，未采用。"),
        Code.BIRTH_UNREADABLE: _l("出生年月“%(text)s”无法识别，未采用。"),
        Code.JOINED_AFTER_FORM: _l("入职时间 %(date)s晚于填报时间 %(form)s，请核对。"),
        Code.JOINED_YOUNG: _l("按出生年月计算，入职时不满 16 周岁，请核对。"),
        Code.JOINED_AMBIGUOUS: _l("入职时间“%(text)s”可能是 1 月，也可能是 10 月，未采用。请写成两位月份。"),
        Code.JOINED_UNREADABLE: _l("入职时间“%(text)s”无法识别，未采用。"),
        Code.PHONE_MISSING: _l("没有手机号，此人将用编制的登录名登录。"),
        Code.PHONE_INVALID: _l("联系电话“%(text)s”不是 11 位手机号，未采用。"),
        Code.PHONE_SHARED: _l("第 %(row)s 行的%(name)s也用这个手机号。"),
        Code.PHONE_TAKEN: _l("新手机号已是另一个账号的登录名：手机号照表更改，此人的登录名不变，请核对号码。"),
        Code.SIGN_IN_STAYS: _l("此人在本次范围以外也有任职或权限：手机号照表更改，登录名不变。"),
        Code.POST_UNKNOWN: _l("职务“%(text)s”归入“其他”。"),
        Code.DUTY_UNREADABLE: _l("是否在岗“%(text)s”无法识别，按在岗处理。"),
        Code.UNIT_ABBREVIATED: _l("“%(text)s”读作%(name)s。"),
        Code.UNIT_INHERITED_ACROSS: _l("街道与上一行不同而社区空白，沿用了第 %(row)s 行的“%(text)s”，请核对。"),
        Code.DUPLICATE_ROW: _l("与第 %(row)s 行重复：同一人、同一单位、同一职务，只计一次。"),
        Code.SERIAL_REPEATED: _l("序号 %(serial)s 在第 %(row)s 行已经用过。"),
        Code.TOTAL_DIFFERS: _l("合计写的是 %(total)s，表中有 %(rows)s 行、%(people)s 人。"),
        Code.TOO_LONG: _l("内容超过 %(most)s 个字符，只保存前面的部分。"),
    },
    Severity.INFO: {
        Code.NAME_SPACE: _l("已去掉姓名中间的空格。"),
        Code.NAME_DOT: _l("已把姓名中的间隔号统一为“·”。"),
        Code.IDENTITY_FOLDED: _l("已把身份证号统一为半角字符和大写 X，去掉空格。"),
        Code.PHONE_FOLDED: _l("已去掉手机号中的分隔符或数值格式。"),
        Code.SIGN_IN_FOLLOWS: _l("手机号有变：载入后此人用新手机号登录，原来的登录全部退出。"),
        Code.SECOND_POST: _l("与第 %(row)s 行是同一个人，登记为兼任的第二个职务。"),
        Code.LEAVER: _l("已不在岗：载入后其任职到 %(date)s为止。"),
        Code.LEAVER_UNKNOWN: _l("已不在岗，也没有登记在册的任职：不建立记录。"),
    },
}
SEVERITIES = {code: severity for severity, sentences in SENTENCES.items() for code in sentences}

Params = Mapping[str, Any]
Note = tuple[Code, Params]


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What a cell was read as, and what there is to say about it; the caller knows the place."""

    value: T
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing found.

    :param row: its number in the sheet, from 1; None where it concerns the whole file.
    :param column: the letters of the column; empty where it concerns the whole row.
    :param label: the header of that column, as the file words it.
    """

    code: Code
    row: int | None = None
    column: str = ""
    label: str = ""
    params: Params = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.code]

    @property
    def message(self) -> str:
        """The sentence, in the reader's language."""
        return str(SENTENCES[self.severity][self.code]) % shown(self.params)


#: Values of sentences that are dates, kept as text in ISO's form.
DATES = frozenset({"date", "form", "first"})


def shown(params: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sentence, dates as the reader writes them."""
    return {name: show_date(value) if name in DATES else value for name, value in params.items()}


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, then warnings, then remarks; within each from the top of the sheet."""
    return sorted(findings, key=lambda one: (one.severity.rank, one.row or 0, len(one.column), one.column, one.code))


def rows_with_errors(findings: Iterable[Finding]) -> set[int]:
    """Numbers of the rows that are kept out."""
    return {one.row for one in findings if one.row is not None and one.severity is Severity.ERROR}


def to_json(finding: Finding) -> dict[str, Any]:
    """As it is stored: without the sentence, which depends on the reader."""
    return {
        "code": finding.code.value,
        "row": finding.row,
        "column": finding.column,
        "label": finding.label,
        "params": dict(finding.params),
    }


def from_json(stored: Mapping[str, Any]) -> Finding:
    return Finding(Code(stored["code"]), stored["row"], stored["column"], stored["label"], stored["params"])
