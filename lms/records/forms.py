"""Forms of records: a back-entry, what is decided on it, a file of many, papers of many."""

from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DecimalField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import DayField, Form, SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.records.claims import Claim
from lms.records.sheets import LONGEST, halves


def labels(kind: Any) -> list[SelectChoice]:
    return [SelectChoice(one.value, one.label) for one in kind]


class BackEntryForm(Form):
    """A training done elsewhere."""

    title = StringField(
        _l("培训名称"),
        [DataRequired(_l("请填写培训名称。")), Length(max=LONGEST["title"])],
        description=_l("与证书或文件上的全称一致。"),
    )
    organizer = StringField(_l("主办单位"), [DataRequired(_l("请填写主办单位。")), Length(max=LONGEST["organizer"])])
    tier = SelectField(_l("层级"), [DataRequired(_l("请选择层级。"))], choices=labels(Tier))
    training_type = SelectField(_l("培训类型"), [DataRequired(_l("请选择培训类型。"))], choices=labels(TrainingType))
    abilities = SelectMultipleField(
        _l("培训了哪些能力"),
        choices=labels(Ability),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    starts_on = DayField(_l("开始日期"), _l("请填写开始日期。"))
    occurred_on = DayField(_l("结束日期"), _l("请填写结束日期。"))
    days = DecimalField(
        _l("天数"),
        [Optional(), NumberRange(min=Decimal("0.5"), max=366, message=_l("天数应为 0.5 至 366 之间的数。"))],
        description=_l("按天计算的培训填写，半天填 0.5；不填按每天都是整天计算上限。"),
        render_kw={"inputmode": "decimal"},
    )
    hours = DecimalField(
        _l("学时"),
        [InputRequired(_l("请填写学时。"))],
        description=_l("证书或文件写明的学时。"),
        render_kw={"inputmode": "decimal"},
    )
    evidence = StringField(
        _l("依据"),
        [DataRequired(_l("请填写依据。")), Length(max=LONGEST["evidence"])],
        description=_l("证书编号、文件文号或者存放处，审批人据此核对。"),
    )
    file = FileField(
        _l("证明文件"),
        [Optional()],
        description=_l("可以附一份证书或文件的扫描件（PDF 或图片）。写明了依据就不必上传。"),
    )

    def claim(self) -> Claim:
        """What was filled in; the form has been validated."""
        days: Decimal | None = self.days.data
        return Claim(
            title=self.title.data or "",
            organizer=self.organizer.data or "",
            tier=Tier(self.tier.data),
            training_type=TrainingType(self.training_type.data),
            abilities=[Ability(one) for one in self.abilities.data or ()],
            starts_on=self.starts_on.day,
            occurred_on=self.occurred_on.day,
            half_days=halves(days),
            hours=self.hours.data,
            evidence=self.evidence.data or "",
        )


class OthersForm(BackEntryForm):
    """The same about somebody else, who is named."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名。")), Length(max=80)])
    key = StringField(
        _l("手机号或身份证号"),
        [DataRequired(_l("请填写手机号或身份证号。")), Length(max=20)],
        description=_l("与花名册一致，用来辨认是谁。"),
        render_kw={"autocomplete": "off"},
    )


class ApproveForm(Form):
    distinct = BooleanField(_l("已逐条核对，不是同一次培训"))
    note = StringField(_l("核对说明"), [Optional(), Length(max=400)], description=_l("例如“已与证书原件核对”。"))


class ReasonForm(Form):
    reason = TextAreaField(
        _l("原因"),
        [DataRequired(_l("请写明原因。")), Length(max=400)],
        description=_l("会作为消息告诉本人和登记人。"),
    )


class LoadForm(Form):
    unit = SelectField(_l("哪个单位的人员"), [DataRequired(_l("请选择单位。"))], validate_choice=False)
    file = FileField(
        _l("补录表"),
        [FileRequired(_l("请选择文件。"))],
        description=_l("Excel（.xlsx、.xls）或 CSV 文件，一次最多 2000 行。"),
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )
    evidence = FileField(
        _l("证明文件"),
        [Optional()],
        description=_l("可以附一份证明全部各行的文件，例如结业文件的扫描件（PDF 或图片）。"),
    )


class ConfirmLoadForm(Form):
    accept_sound = BooleanField(_l("只载入没有错误的行，有错误的行留到改正以后"))


class BatchForm(Form):
    """Whose papers, of which year, and which."""

    kind = RadioField(
        _l("证明什么"),
        choices=[
            SelectChoice("year", _l("全年学时证明，每人一份")),
            SelectChoice("training", _l("一次培训的结业证明，每人一份")),
        ],
        default="year",
    )
    title = SelectField(_l("哪一次培训"), [Optional()], validate_choice=False)
