"""Forms of a roster's way: upload, columns, confirmation."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.forms import Form, SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import LARGEST_ID
from lms.roster.mapping import Field

COLUMN = "column_"


def identifier(text: Any) -> int:
    """:raise ValueError: a number that no row can have."""
    number = int(text)
    if not 0 < number <= LARGEST_ID:
        raise ValueError(f"not an identifier: {number}")
    return number


class UploadForm(Form):
    """A file and the unit whose roster it is."""

    unit = SelectField(_l("哪个单位的花名册"), coerce=identifier, validate_choice=False)
    file = FileField(
        _l("花名册文件"),
        [FileRequired(_l("请选择文件。"))],
        description=_l("Excel（.xlsx、.xls）或 CSV 文件，最大 20 MB。"),
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )


class ConfirmForm(Form):
    """What must be said out loud before a file is loaded."""

    accept_sound = BooleanField(_l("只载入没有错误的行，有错误的行留到改正以后"))
    confirm_endings = BooleanField(_l("确认结束以上任职"))


class UndoForm(Form):
    """Why a load is taken back."""

    reason = TextAreaField(
        _l("撤回原因"),
        [DataRequired(_l("请写明撤回的原因。")), Length(max=400, message=_l("撤回原因最多 400 字。"))],
        description=_l("例如“上传了去年的花名册”。原因和经办人会记入审计记录。"),
    )


class ColumnsForm(Form):
    """One choice for each column; `columns_form` adds the fields."""

    def chosen(self) -> dict[int, Field]:
        """Field by number of the column, from 0."""
        return {
            int(field.name.removeprefix(COLUMN)): Field(field.data)
            for field in self
            if field.name.startswith(COLUMN) and field.data
        }


def columns_form(columns: Sequence[Mapping[str, Any]]) -> ColumnsForm:
    """A form with a choice for every column that has a header; as it is understood now."""
    choices = [SelectChoice(field.value, field.label) for field in Field]
    fields = {
        f"{COLUMN}{index}": SelectField(
            f"{column['column']} {column['header']}",
            choices=choices,
            default=column["field"] or Field.UNUSED.value,
        )
        for index, column in enumerate(columns)
        if column["header"]
    }
    made: ColumnsForm = type("ColumnsForm", (ColumnsForm,), fields)()
    return made
