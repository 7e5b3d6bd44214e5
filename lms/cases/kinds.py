"""What a case is about, where it plays, where it stands, and the four parts that each case has."""

from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l


class Theme(StrEnum):
    """主题: what national and local calls ask for."""

    PARTY_BUILDING = "party_building"
    CONSULTATION = "consultation"
    ELDERS_CHILDREN = "elders_children"
    DISPUTES = "disputes"
    EMERGENCIES = "emergencies"
    PROPERTY = "property"
    DIGITAL = "digital"
    SERVICES = "services"
    ENVIRONMENT = "environment"

    @property
    def label(self) -> LazyString:
        return THEME_LABELS[self]


THEME_LABELS = {
    Theme.PARTY_BUILDING: _l("党建引领"),
    Theme.CONSULTATION: _l("民主协商"),
    Theme.ELDERS_CHILDREN: _l("一老一小"),
    Theme.DISPUTES: _l("矛盾化解"),
    Theme.EMERGENCIES: _l("应急处置"),
    Theme.PROPERTY: _l("物业治理"),
    Theme.DIGITAL: _l("数字社区"),
    Theme.SERVICES: _l("便民服务"),
    Theme.ENVIRONMENT: _l("环境治理"),
}


class CommunityKind(StrEnum):
    """社区类型: what sort of community it happened in."""

    OLD_ESTATE = "old_estate"
    COMMERCIAL_ESTATE = "commercial_estate"
    RESETTLEMENT = "resettlement"
    PUBLIC_HOUSING = "public_housing"
    WORK_UNIT = "work_unit"
    URBAN_VILLAGE = "urban_village"
    VILLAGE_TURNED = "village_turned"
    MIXED = "mixed"

    @property
    def label(self) -> LazyString:
        return COMMUNITY_LABELS[self]


COMMUNITY_LABELS = {
    CommunityKind.OLD_ESTATE: _l("老旧小区"),
    CommunityKind.COMMERCIAL_ESTATE: _l("商品房小区"),
    CommunityKind.RESETTLEMENT: _l("安置小区"),
    CommunityKind.PUBLIC_HOUSING: _l("保障房小区"),
    CommunityKind.WORK_UNIT: _l("单位大院"),
    CommunityKind.URBAN_VILLAGE: _l("城中村"),
    CommunityKind.VILLAGE_TURNED: _l("村改居社区"),
    CommunityKind.MIXED: _l("混合型社区"),
}


class Section(StrEnum):
    """The four parts of a case, in their order."""

    BACKGROUND = "background"
    PROCESS = "process"
    RESULTS = "results"
    DISCUSSION = "discussion"

    @property
    def label(self) -> LazyString:
        return SECTION_LABELS[self]


#: The headings as they stand in files, which are Chinese in every language of the site.
SECTION_HEADINGS = {
    Section.BACKGROUND: "背景与起因",
    Section.PROCESS: "做法与过程",
    Section.RESULTS: "成效与反响",
    Section.DISCUSSION: "讨论",
}

SECTION_LABELS = {
    Section.BACKGROUND: _l("背景与起因"),
    Section.PROCESS: _l("做法与过程"),
    Section.RESULTS: _l("成效与反响"),
    Section.DISCUSSION: _l("讨论"),
}


class State(StrEnum):
    """Where the newest version of a case stands. What the public reads is another matter: `published_number`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    RECOMMENDED = "recommended"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> LazyString:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.DRAFT: _l("草稿"),
    State.SUBMITTED: _l("已提交"),
    State.RETURNED: _l("已退回"),
    State.ACCEPTED: _l("已采纳"),
    State.RECOMMENDED: _l("已推荐"),
    State.PUBLISHED: _l("已发布"),
    State.WITHDRAWN: _l("已撤回"),
    State.SUPERSEDED: _l("已被取代"),
}

#: From where to where a case may go. A new version takes it from anywhere back to a draft: see `actions.add_version`.
ALLOWED: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.DRAFT, State.SUBMITTED, State.PUBLISHED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.DRAFT, State.RETURNED, State.ACCEPTED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.DRAFT, State.SUBMITTED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset(
        {State.DRAFT, State.RETURNED, State.RECOMMENDED, State.PUBLISHED, State.WITHDRAWN, State.ACCEPTED}
    ),
    State.RECOMMENDED: frozenset({State.DRAFT, State.RETURNED, State.ACCEPTED, State.PUBLISHED, State.WITHDRAWN}),
    # A higher level goes on judging what a lower one published.
    State.PUBLISHED: frozenset(
        {
            *(State.DRAFT, State.RETURNED, State.ACCEPTED, State.RECOMMENDED, State.PUBLISHED),
            *(State.WITHDRAWN, State.SUPERSEDED),
        }
    ),
    State.WITHDRAWN: frozenset({State.DRAFT, State.PUBLISHED}),
    State.SUPERSEDED: frozenset({State.DRAFT, State.WITHDRAWN}),
}


class Facet(StrEnum):
    """What readers narrow a search by."""

    ABILITY = "ability"
    THEME = "theme"
    REGION = "region"
    LEVEL = "level"
    YEAR = "year"
    COMMUNITY = "community"

    @property
    def label(self) -> LazyString:
        return FACET_LABELS[self]


FACET_LABELS = {
    Facet.ABILITY: _l("能力"),
    Facet.THEME: _l("主题"),
    Facet.REGION: _l("地区"),
    Facet.LEVEL: _l("评审级别"),
    Facet.YEAR: _l("年份"),
    Facet.COMMUNITY: _l("社区类型"),
}
