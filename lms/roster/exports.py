"""The findings of a file as a workbook, to correct the file by."""

from collections.abc import Sequence
from typing import Protocol

from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Table, write_xlsx
from lms.roster.findings import Severity


class Found(Protocol):
    """A finding of this module, or of another that reads files in the same way."""

    @property
    def row(self) -> int | None: ...
    @property
    def column(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def message(self) -> str: ...


def findings_xlsx(findings: Sequence[Found]) -> bytes:
    """One row for each finding, worst first, in the reader's language."""
    header = [_("程度"), _("行"), _("列"), _("列名"), _("问题")]
    rows = [
        (str(one.severity.label), one.row, one.column, one.label.replace("\n", " "), one.message) for one in findings
    ]
    return write_xlsx([Table(_("问题清单"), header, rows, widths=(8, 8, 6, 18, 80))])
