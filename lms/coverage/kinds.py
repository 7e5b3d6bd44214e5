"""The words of this module: what a training was (层级、类型、能力), and how far an export has come."""

from collections.abc import Mapping
from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability, Tier, TrainingType


class Trait(StrEnum):
    """By what the trained are broken down."""

    TIER = "tier"
    TRAINING_TYPE = "training_type"
    ABILITY = "ability"

    @property
    def label(self) -> LazyString:
        return TRAIT_LABELS[self]

    @property
    def values(self) -> list[str]:
        """Every value, in order."""
        return list(VALUES[self])

    def label_of(self, value: str) -> LazyString:
        return VALUES[self][value]


TRAIT_LABELS = {Trait.TIER: _l("培训层级"), Trait.TRAINING_TYPE: _l("培训类型"), Trait.ABILITY: _l("能力")}
VALUES: Mapping[Trait, Mapping[str, LazyString]] = {
    Trait.TIER: {tier.value: tier.label for tier in Tier},
    Trait.TRAINING_TYPE: {kind.value: kind.label for kind in TrainingType},
    Trait.ABILITY: {ability.value: ability.label for ability in Ability},
}


class ExportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"

    @property
    def label(self) -> LazyString:
        return EXPORT_LABELS[self]


EXPORT_LABELS = {
    ExportState.WAITING: _l("等待生成"),
    ExportState.RUNNING: _l("正在生成"),
    ExportState.READY: _l("可以下载"),
    ExportState.FAILED: _l("没有生成"),
    ExportState.GONE: _l("已过期删除"),
}
