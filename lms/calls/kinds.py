"""What a call stands at, how a round ends, what is scored, and why somebody may not review."""

from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

#: The label that an accepted case carries, as printed: labels are documents, and Chinese in every language.
LABEL = "%s优秀案例"


class Criterion(StrEnum):
    """What experts give points for."""

    ORIGINALITY = "originality"
    EFFECT = "effect"
    TRANSFERABILITY = "transferability"
    RIGOR = "rigor"

    @property
    def label(self) -> LazyString:
        return CRITERION_LABELS[self]

    @property
    def question(self) -> LazyString:
        return CRITERION_QUESTIONS[self]


CRITERION_LABELS = {
    Criterion.ORIGINALITY: _l("创新性"),
    Criterion.EFFECT: _l("实效性"),
    Criterion.TRANSFERABILITY: _l("可推广性"),
    Criterion.RIGOR: _l("规范性"),
}

CRITERION_QUESTIONS = {
    Criterion.ORIGINALITY: _l("办法是不是新的，或者把老办法用出了新意？"),
    Criterion.EFFECT: _l("居民得到了什么，有没有佐证？"),
    Criterion.TRANSFERABILITY: _l("别的社区能不能照着做？"),
    Criterion.RIGOR: _l("起因、做法、成效是不是写得清楚、对得上？"),
}


class Phase(StrEnum):
    """Where a call stands on a day."""

    UPCOMING = "upcoming"
    OPEN = "open"
    REVIEWING = "reviewing"
    ENDED = "ended"

    @property
    def label(self) -> LazyString:
        return PHASE_LABELS[self]

    @property
    def tone(self) -> str:
        return {Phase.OPEN: "good", Phase.REVIEWING: "info"}.get(self, "neutral")


PHASE_LABELS = {
    Phase.UPCOMING: _l("还没开始"),
    Phase.OPEN: _l("正在征集"),
    Phase.REVIEWING: _l("评审中"),
    Phase.ENDED: _l("已结束"),
}


class Outcome(StrEnum):
    """How a round of review ended."""

    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"

    @property
    def label(self) -> LazyString:
        return OUTCOME_LABELS[self]

    @property
    def tone(self) -> str:
        return {Outcome.ACCEPTED: "good", Outcome.RETURNED: "warn"}.get(self, "neutral")


OUTCOME_LABELS = {
    Outcome.RETURNED: _l("退回修改"),
    Outcome.ACCEPTED: _l("采纳"),
    Outcome.DECLINED: _l("不采纳"),
    Outcome.LAPSED: _l("因案例改动或撤回而中止"),
}


class Conflict(StrEnum):
    """Why somebody may not review a case."""

    AUTHOR = "author"
    COLLEAGUE = "colleague"
    PAIR = "pair"

    @property
    def label(self) -> LazyString:
        return CONFLICT_LABELS[self]


CONFLICT_LABELS = {
    Conflict.AUTHOR: _l("是这篇案例的作者"),
    Conflict.COLLEAGUE: _l("与作者在同一个单位任职"),
    Conflict.PAIR: _l("与作者是帮带对子"),
}
