"""Forms of the tree."""

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from lms.core.forms import DayField, Form, SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.units.models import Kind, Level


class AddForm(Form):
    name = StringField(_l("名称"), [DataRequired(_l("请填写名称。")), Length(max=80)])
    level = SelectField(_l("层级"))
    kind = SelectField(
        _l("性质"), choices=[SelectChoice(kind.value, kind.label) for kind in Kind], default=Kind.ADMINISTRATIVE.value
    )
    code = StringField(
        _l("行政区划代码"),
        [Optional(), Regexp(r"[0-9]{2,12}$", message=_l("代码是 2 至 12 位数字。"))],
        description=_l("没有代码的可以不填。"),
    )

    def offer_levels(self, above: Level) -> None:
        """Only levels below the parent's make sense."""
        self.level.choices = [SelectChoice(level.value, level.label) for level in Level if level.rank > above.rank]


class RenameForm(Form):
    name = StringField(_l("新名称"), [DataRequired(_l("请填写名称。")), Length(max=80)])


class CloseForm(Form):
    last_day = DayField(_l("最后一天"), _l("请填写最后一天。"))
    successor = SelectField(_l("并入"), description=_l("并入后，在任人员和权限转到新单位；历史记录仍留在原单位名下。"))

    def offer_successors(self, choices: list[SelectChoice]) -> None:
        self.successor.choices = [SelectChoice("", _l("不并入任何单位")), *choices]


class MoveForm(Form):
    parent = SelectField(_l("新的上级单位"))
