"""The words of a pair: its states, its two sides, how they meet, how far a goal has come."""

from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l


class State(StrEnum):
    """Where a pair stands. What was proposed and not yet accepted is a proposal, and lies in `pairing`."""

    ACCEPTED = "accepted"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"

    @property
    def label(self) -> LazyString:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return STATE_TONES[self]

    @property
    def is_open(self) -> bool:
        return self in OPEN


STATE_LABELS = {
    State.ACCEPTED: _l("待签结对卡"),
    State.ACTIVE: _l("帮带中"),
    State.PAUSED: _l("已暂停"),
    State.COMPLETED: _l("已结业"),
    State.ENDED_EARLY: _l("已提前结束"),
}
STATE_TONES = {
    State.ACCEPTED: "info",
    State.ACTIVE: "good",
    State.PAUSED: "warn",
    State.COMPLETED: "neutral",
    State.ENDED_EARLY: "neutral",
}
#: They take one of the mentor's places.
OPEN = (State.ACCEPTED, State.ACTIVE, State.PAUSED)


class Side(StrEnum):
    """The two of a pair."""

    MENTOR = "mentor"
    MENTEE = "mentee"

    @property
    def label(self) -> LazyString:
        return SIDE_LABELS[self]

    @property
    def other(self) -> "Side":
        return Side.MENTEE if self is Side.MENTOR else Side.MENTOR


SIDE_LABELS = {Side.MENTOR: _l("导师方"), Side.MENTEE: _l("帮带对象")}


class Method(StrEnum):
    """How the two met."""

    WORKING_ALONGSIDE = "working_alongside"
    HOME_VISITS = "home_visits"
    CASE_TALK = "case_talk"
    OBSERVATION = "observation"

    @property
    def label(self) -> LazyString:
        return METHOD_LABELS[self]


METHOD_LABELS = {
    Method.WORKING_ALONGSIDE: _l("跟岗"),
    Method.HOME_VISITS: _l("入户走访"),
    Method.CASE_TALK: _l("案例谈话"),
    Method.OBSERVATION: _l("现场观摩"),
}

#: Nominal lengths to choose from: nobody measures.
LENGTHS = {
    30: _l("半小时"),
    60: _l("1 小时"),
    90: _l("1 个半小时"),
    120: _l("2 小时"),
    240: _l("半天"),
    480: _l("1 天"),
}


class Stage(StrEnum):
    """When both sides evaluate."""

    HALF_WAY = "half_way"
    FINAL = "final"

    @property
    def label(self) -> LazyString:
        return STAGE_LABELS[self]


STAGE_LABELS = {Stage.HALF_WAY: _l("中期评价"), Stage.FINAL: _l("期满评价")}


class Progress(StrEnum):
    """How far a goal has come: a word, not a mark."""

    BEGUN = "begun"
    ON_THE_WAY = "on_the_way"
    REACHED = "reached"

    @property
    def label(self) -> LazyString:
        return PROGRESS_LABELS[self]

    @property
    def tone(self) -> str:
        return "good" if self is Progress.REACHED else "info"


PROGRESS_LABELS = {
    Progress.BEGUN: _l("刚起步"),
    Progress.ON_THE_WAY: _l("有进步"),
    Progress.REACHED: _l("已达到"),
}


class Cause(StrEnum):
    """Why a unit is asked what becomes of a pair."""

    PAUSED = "paused"
    ENDED = "ended"
    MOVED = "moved"

    @property
    def label(self) -> LazyString:
        return CAUSE_LABELS[self]


CAUSE_LABELS = {
    Cause.PAUSED: _l("导师暂停"),
    Cause.ENDED: _l("导师卸任"),
    Cause.MOVED: _l("导师已不在本单位任职"),
}


class Choice(StrEnum):
    """What becomes of a pair whose mentor left, paused or moved."""

    KEEP = "keep"
    HAND_OVER = "hand_over"
    PAUSE = "pause"
    END = "end"

    @property
    def label(self) -> LazyString:
        return CHOICE_LABELS[self]


CHOICE_LABELS = {
    Choice.KEEP: _l("照旧继续"),
    Choice.HAND_OVER: _l("交给另一位导师"),
    Choice.PAUSE: _l("暂停"),
    Choice.END: _l("结束这一对"),
}
