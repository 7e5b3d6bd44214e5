"""What is on the screen, as a table of a workbook: the same rows, the same words, the same masks."""

from collections.abc import Callable, Iterator, Sequence

from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Table, Value
from lms.people.identity import mask_phone
from lms.reports import names, queries
from lms.reports.inquiry import Inquiry
from lms.reports.names import PersonRow, Selection
from lms.reports.queries import Numbers

#: A workbook costs a tenth of a millisecond a row: a longer list would keep the other readers waiting.
MOST_PEOPLE = 20_000


def completion(inquiry: Inquiry) -> Table:
    """The board by unit, with its total."""
    board = queries.by_unit(inquiry)
    rows = [(row.unit.name if row.unit else _("直接在本单位任职"), *_cells(row.numbers)) for row in board.rows]
    return Table(_("按单位"), [_("单位"), *_heads()], [*rows, (_("合计"), *_cells(board.total))], widths=[24])


def courses(inquiry: Inquiry) -> Table:
    """The board by course."""
    head = [_("课程"), _("层级"), _("应学人数"), _("开始学过"), _("已完成"), _("未完成"), _("完成比例")]
    rows = [
        (
            row.course.title,
            str(row.course.tier.label),
            row.people,
            row.begun,
            row.finished,
            row.unfinished,
            percent(row.finished, row.people),
        )
        for row in queries.by_course(inquiry)
    ]
    return Table(_("按课程"), head, rows, widths=[36])


def years(inquiry: Inquiry) -> Table:
    """The board by year."""
    rows = [(row.year, *_cells(row.numbers)) for row in queries.by_year(inquiry)]
    return Table(_("按年度"), [_("年度"), *_heads()], rows)


def people(selection: Selection) -> Table:
    """The list of people, all of its pages.

    :raise Refused: it is too long for one workbook.
    """
    count = names.count_people(selection)
    if count > MOST_PEOPLE:
        raise Refused(
            _("名单有 %(count)s 人，一次最多导出 %(most)s 人。请到下一级单位分别导出。", count=count, most=MOST_PEOPLE)
        )
    head = [_("姓名"), _("单位"), _("职务"), _("手机号"), _("年度学时"), _("完成的课程"), _("状态")]
    return Table(_("人员名单"), head, _people(selection), widths=[14, 24, 20, 16, 12, 48, 12])


def percent(part: int, whole: int) -> str:
    """As the pages show a share."""
    return f"{100 * part // whole if whole else 0}%"


def _people(selection: Selection) -> Iterator[Sequence[Value]]:
    for row in names.iter_people(selection):
        yield (
            row.name or _("已调离人员"),
            row.unit_name,
            row.title or str(row.post.label),
            mask_phone(row.phone),
            row.hours,
            _("、").join(row.courses),
            _state(row),
        )


def _state(row: PersonRow) -> str:
    return _("已完成") if row.finished else _("未完成")


def _heads() -> list[str]:
    return [_("应学人数"), _("已完成"), _("未完成"), _("完成比例"), _("年度学时")]


def _cells(numbers: Numbers) -> tuple[Value, ...]:
    share = percent(numbers.finished, numbers.people)
    return numbers.people, numbers.finished, numbers.unfinished, share, numbers.hours


#: The boards by the name of their page.
BOARDS: dict[str, Callable[[Inquiry], Table]] = {"completion": completion, "courses": courses, "years": years}
