"""The coordinates of training: tier, type, ability, and what kind of thing earned an hour.

Sources: the 2024 Opinion, clauses 5, 6 and 8 (see the glossary for the Chinese terms).
"""

from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l


class Tier(StrEnum):
    """分级培训 (clause 8): who organizes."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"

    @property
    def label(self) -> LazyString:
        return TIER_LABELS[self]


TIER_LABELS = {
    Tier.PROVINCE: _l("省级示范"),
    Tier.CITY: _l("市级重点"),
    Tier.COUNTY: _l("县级骨干"),
    Tier.STREET: _l("街道全员"),
}


class TrainingType(StrEnum):
    """培训体系 (clause 8)."""

    INDUCTION = "induction"
    IN_SERVICE = "in_service"
    SPECIAL = "special"
    FIELD_PRACTICE = "field_practice"

    @property
    def label(self) -> LazyString:
        return TYPE_LABELS[self]


TYPE_LABELS = {
    TrainingType.INDUCTION: _l("初任培训"),
    TrainingType.IN_SERVICE: _l("在职培训"),
    TrainingType.SPECIAL: _l("专项工作培训"),
    TrainingType.FIELD_PRACTICE: _l("实践锻炼"),
}


class Ability(StrEnum):
    """Political quality (clause 5) and the seven abilities (clause 6)."""

    POLITICAL_QUALITY = "political_quality"
    MASS_WORK = "mass_work"
    ORGANIZING = "organizing"
    ACTING_BY_LAW = "acting_by_law"
    MEDIATION = "mediation"
    EMERGENCY_RESPONSE = "emergency_response"
    COORDINATION = "coordination"
    INFORMATION_TECHNOLOGY = "information_technology"

    @property
    def label(self) -> LazyString:
        return ABILITY_LABELS[self]


ABILITY_LABELS = {
    Ability.POLITICAL_QUALITY: _l("政治素质"),
    Ability.MASS_WORK: _l("群众工作"),
    Ability.ORGANIZING: _l("组织动员"),
    Ability.ACTING_BY_LAW: _l("依法办事"),
    Ability.MEDIATION: _l("矛盾调解"),
    Ability.EMERGENCY_RESPONSE: _l("应急处突"),
    Ability.COORDINATION: _l("协调沟通"),
    Ability.INFORMATION_TECHNOLOGY: _l("信息技术应用"),
}


class HourKind(StrEnum):
    """What earned an entry."""

    COURSE = "course"
    CLASS = "class"
    PRACTICE = "practice"
    MENTORING = "mentoring"
    CASE = "case"
    CONTEST = "contest"
    IMPORT = "import"

    @property
    def label(self) -> LazyString:
        return KIND_LABELS[self]


KIND_LABELS = {
    HourKind.COURSE: _l("网络课程"),
    HourKind.CLASS: _l("培训班"),
    HourKind.PRACTICE: _l("实践锻炼"),
    HourKind.MENTORING: _l("导师帮带"),
    HourKind.CASE: _l("案例"),
    HourKind.CONTEST: _l("职业能力大赛"),
    HourKind.IMPORT: _l("补录"),
}
