"""What is on the screen, as a table of a workbook: the same rows, the same words, the same masks."""

from collections.abc import Iterable, Iterator, Sequence

from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Table, Value
from lms.coverage import queries
from lms.coverage.changes import Change, Side
from lms.coverage.frozen import FrozenRow
from lms.coverage.inquiry import Inquiry
from lms.coverage.names import PersonRow
from lms.coverage.queries import Numbers
from lms.people.identity import mask_phone
from lms.people.posts import PostClass
from lms.policies.kinds import State

#: A workbook costs a tenth of a millisecond a row: a longer list is written by the job.
MOST_AT_ONCE = 5_000


def board(inquiry: Inquiry) -> Table:
    """The units with their sum."""
    shown = queries.by_unit(inquiry)
    rows = [(row.unit.name if row.unit else _("直接在本单位"), *_cells(row.numbers)) for row in shown.rows]
    head = [
        _("单位"), _("在册"), _("应训"), _("已训"), _("覆盖"), _("逾期"), _("期限内未训"), _("免训"), _("未到期"),
    ]  # fmt: skip
    return Table(_("培训覆盖"), head, [*rows, (_("合计"), *_cells(shown.total))], widths=[24])


def people(rows: Iterable[PersonRow]) -> Table:
    """A list of people."""
    head = [
        _("姓名"), _("上级单位"), _("单位"), _("职务"), _("手机号"), _("状态"), _("完成日期"), _("完成期限"),
    ]  # fmt: skip
    return Table(_("名单"), head, _people(rows), widths=[14, 20, 20, 20, 16, 16, 12, 12])


def closed_people(rows: Iterable[FrozenRow]) -> Table:
    """The names behind a closed figure."""
    head = [_("姓名"), _("上级单位"), _("单位"), _("职务"), _("状态"), _("完成日期"), _("完成期限")]
    return Table(_("结账名单"), head, _closed_people(rows), widths=[14, 20, 20, 20, 16, 12, 12])


def closed_changes(rows: Iterable[Change]) -> Table:
    """The names that changed between two statements, or since the last one."""
    head = [
        _("姓名"), _("原单位"), _("原职务"), _("原状态"), _("现单位"), _("现职务"), _("现状态"), _("原因"),
    ]  # fmt: skip
    return Table(_("名单变化"), head, _closed_changes(rows), widths=[14, 20, 16, 12, 20, 16, 12, 40])


def percent(part: int, whole: int) -> str:
    """As the pages show a share."""
    return f"{100 * part // whole if whole else 0}%"


def _people(rows: Iterable[PersonRow]) -> Iterator[Sequence[Value]]:
    posts = {post: str(post.label) for post in PostClass}
    states = {state: str(state.label) for state in State}
    for row in rows:
        yield (
            str(row.shown),
            row.above_name,
            row.unit_name,
            posts[row.post],
            mask_phone(row.phone),
            states[row.state],
            row.met_on,
            row.due_on,
        )


def _closed_people(rows: Iterable[FrozenRow]) -> Iterator[Sequence[Value]]:
    posts = {post: str(post.label) for post in PostClass}
    states = {state: str(state.label) for state in State}
    for row in rows:
        yield (
            str(row.shown), row.above_name, row.unit_name, posts[row.post], states[row.state], row.met_on, row.due_on,
        )  # fmt: skip


def _closed_changes(rows: Iterable[Change]) -> Iterator[Sequence[Value]]:
    for row in rows:
        why = _("；").join(str(one) for one in row.why)
        yield (str(row.shown), *_side(row.before), *_side(row.after), why)


def _side(side: Side | None) -> tuple[Value, ...]:
    if side is None:
        return _("不在名单"), None, None
    return side.unit_name, str(side.post.label), str(side.state.label)


def _cells(numbers: Numbers) -> tuple[Value, ...]:
    share = percent(numbers.met, numbers.should)
    return (
        numbers.people, numbers.should, numbers.met, share, numbers.overdue, numbers.due, numbers.waived,
        numbers.not_yet_due,
    )  # fmt: skip
