"""Which column is what: fields of a roster, and the headers by which they go. Pure.

A header is compared by its *key*: folded, without spaces, remarks in brackets and marks. What an administrator chose
for a header is remembered by that key and comes before the words below.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.roster.cells import squeezed


class Field(StrEnum):
    """What a column can hold; UNUSED is a column that is known, or was chosen, not to be read."""

    NAME = "name"
    GENDER = "gender"
    ID_NUMBER = "id_number"
    BIRTH_MONTH = "birth_month"
    POLITICAL_STATUS = "political_status"
    EDUCATION = "education"
    STREET = "street"
    COMMUNITY = "community"
    UNIT = "unit"
    POST = "post"
    GRADE = "grade"
    JOINED_ON = "joined_on"
    CERTIFICATE = "certificate"
    PHONE = "phone"
    ON_DUTY = "on_duty"
    REMARK = "remark"
    SERIAL = "serial"
    UNUSED = "unused"

    @property
    def label(self) -> LazyString:
        return FIELD_LABELS[self]


FIELD_LABELS = {
    Field.NAME: _l("姓名"),
    Field.GENDER: _l("性别"),
    Field.ID_NUMBER: _l("身份证号"),
    Field.BIRTH_MONTH: _l("出生年月"),
    Field.POLITICAL_STATUS: _l("政治面貌"),
    Field.EDUCATION: _l("学历"),
    Field.STREET: _l("所在街道"),
    Field.COMMUNITY: _l("所在社区"),
    Field.UNIT: _l("单位"),
    Field.POST: _l("职务"),
    Field.GRADE: _l("岗位等级"),
    Field.JOINED_ON: _l("入职时间"),
    Field.CERTIFICATE: _l("社工证等级"),
    Field.PHONE: _l("联系电话"),
    Field.ON_DUTY: _l("是否在岗"),
    Field.REMARK: _l("备注"),
    Field.SERIAL: _l("序号"),
    Field.UNUSED: _l("不使用"),
}

SYNONYMS: dict[Field, str] = {
    Field.NAME: "姓名 名字 人员姓名 社工姓名 员工姓名 社区工作者 社区工作者姓名",
    Field.GENDER: "性别",
    Field.ID_NUMBER: "身份证号 身份证号码 身份证 居民身份证号 居民身份证号码 公民身份号码 公民身份证号码 证件号码"
    " 证件号",
    Field.BIRTH_MONTH: "出生年月 出生日期 出生时间 出生年月日 出生",
    Field.POLITICAL_STATUS: "政治面貌 政治面目",
    Field.EDUCATION: "学历 文化程度 最高学历 全日制学历 学历层次",
    Field.STREET: "所在街道 街道 所属街道 街道名称 街道乡镇 乡镇街道 所在乡镇 乡镇 镇街 街镇 所在镇街 所在街镇 所属镇街"
    " 所在街道乡镇 所在乡镇街道 所在街道/乡镇 街道/乡镇 乡镇/街道",
    Field.COMMUNITY: "所在社区 社区 社区名称 所属社区 工作社区 所在社区村 所在村社区 村社区 社区村",
    Field.UNIT: "单位 工作单位 所在单位 单位名称 现工作单位 所属单位",
    Field.POST: "职务 岗位 现任职务 担任职务 职务名称 岗位名称 社区职务 岗位职务 职务岗位 工作岗位 现任岗位",
    Field.GRADE: "岗位等级 等级 岗级 岗位级别 岗等 岗位档次 薪酬等级",
    Field.JOINED_ON: "入职时间 入职日期 入职年月 到岗时间 入岗时间 上岗时间 从事社区工作时间 参加社区工作时间 任职时间",
    Field.CERTIFICATE: "社工证等级 社工证 社会工作者职业资格 社会工作者职业水平 社会工作者职业水平证书 社工职业资格"
    " 职业资格 职业水平 持证情况 社工资格 社会工作职业资格 证书等级",
    Field.PHONE: "联系电话 手机 手机号 手机号码 电话 电话号码 联系方式 移动电话 联系手机",
    Field.ON_DUTY: "是否在岗 在岗情况 在岗状态 是否在职 在职情况 在职状态",
    Field.REMARK: "备注 备注说明",
    Field.SERIAL: "序号 编号 顺序号 no",
    Field.UNUSED: "民族 籍贯 年龄 社区工作年限 工作年限 家庭住址 住址 户籍地 毕业院校 专业 毕业院校及专业"
    " 健康状况 婚姻状况"
    " 参加工作时间 入党时间 银行卡号 工资 电子邮箱 邮箱",
}
FIELD_OF = {word: known for known, words in SYNONYMS.items() for word in words.split()}

#: Without these a file cannot be loaded; one of the last three says where somebody works.
NEEDED = (Field.NAME, Field.POST)
PLACES = (Field.COMMUNITY, Field.STREET, Field.UNIT)

BRACKETS = re.compile(r"[(\[【〔（][^)\]】〕）]*[)\]】〕）]")
#: Characters of a cell that may name a column: what stands behind them is no heading.
LONGEST_HEADER = 400
MARKS = re.compile(r"[*:：、,.。;；?？!！_—\-\"'“”]")


def key_of(header: str) -> str:
    """`身份证 号码（必填）*` -> 身份证号码."""
    return MARKS.sub("", BRACKETS.sub("", squeezed(header)[:LONGEST_HEADER])).lower()


def field_of(header: str, remembered: Mapping[str, Field]) -> Field | None:
    """The field that a header names: as remembered, else by its words; None if nobody knows."""
    key = key_of(header)
    return remembered.get(key) or FIELD_OF.get(key)


def missing_of(fields: set[Field]) -> list[Field]:
    """What the columns found still lack before a file can be loaded."""
    lacking = [needed for needed in NEEDED if needed not in fields]
    return lacking if fields & set(PLACES) else [*lacking, Field.COMMUNITY]
