"""The board of a call as a workbook: what the reader oversees of it, and nothing else."""

from collections.abc import Iterator, Sequence

from lms.calls import queries
from lms.calls.models import CaseCall
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Table, Value
from lms.core.web import Actor


def board(actor: Actor, call: CaseCall) -> list[Table]:
    """A sheet of cases, and a sheet of units in their own order."""
    cases = [_("标题"), _("地址"), _("单位"), _("作者"), _("状态"), _("称号"), _("专家加权平均")]
    units = [_("单位"), _("送来的案例"), _("已推荐"), _("名额")]
    return [
        Table(_("案例"), cases, _cases(actor, call), widths=[40, 24, 24, 20]),
        Table(_("单位"), units, _units(actor, call), widths=[24]),
    ]


def _cases(actor: Actor, call: CaseCall) -> Iterator[Sequence[Value]]:
    for entry in queries.list_entries(actor, call):
        yield (
            entry.title,
            entry.slug,
            entry.unit,
            _("、").join(entry.authors),
            str(entry.state.label),
            _("、").join(entry.labels),
            entry.mean,
        )


def _units(actor: Actor, call: CaseCall) -> Iterator[Sequence[Value]]:
    for share in queries.list_shares(actor, call):
        yield (share.unit.name, share.entries, share.recommended, _("不限") if share.most is None else share.most)
