"""The words of this module: cycles, states, reasons of an exemption."""

from enum import StrEnum

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l


class CycleKind(StrEnum):
    """How time is cut into cycles."""

    CALENDAR_YEAR = "calendar_year"
    FIXED_BLOCK = "fixed_block"
    ROLLING = "rolling"
    ONCE = "once"


class State(StrEnum):
    """What a standing is on a day; see states.py."""

    MET = "met"
    WAIVED = "waived"
    OVERDUE = "overdue"
    DUE = "due"
    NOT_YET_DUE = "not_yet_due"

    @property
    def label(self) -> LazyString:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.MET: _l("已完成"),
    State.WAIVED: _l("免训"),
    State.OVERDUE: _l("逾期"),
    State.DUE: _l("应训未完成"),
    State.NOT_YET_DUE: _l("未到期"),
}


class ExemptionKind(StrEnum):
    """Why somebody need not be trained for a while."""

    LEAVE = "leave"
    SECONDMENT = "secondment"
    ILLNESS = "illness"

    @property
    def label(self) -> LazyString:
        return EXEMPTION_LABELS[self]


EXEMPTION_LABELS = {
    ExemptionKind.LEAVE: _l("休假（产假、学习等）"),
    ExemptionKind.SECONDMENT: _l("借调"),
    ExemptionKind.ILLNESS: _l("长期病假"),
}
