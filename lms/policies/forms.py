"""Forms about policies and exemptions."""

from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from lms.core.forms import DayField, Form, SelectChoice, plausible_day
from lms.core.i18n import lazy_gettext as _l
from lms.policies.kinds import ExemptionKind

KINDS = [SelectChoice(kind.value, kind.label) for kind in ExemptionKind]
#: Chosen where the text comes from a file.
OWN_FILE = "file"


class AdoptForm(Form):
    pack = SelectField(_l("采用哪一份"))
    file = FileField(_l("文件"), [Optional()], description=_l("选“自己的文件”时在这里选取 TOML 文件。"))
    unit = SelectField(_l("为哪个单位"), description=_l("对这个单位和它下面的所有单位生效。"))
    from_day = DateField(
        _l("从哪天起"), [Optional(), plausible_day], description=_l("不填就按文件写明的日期。不能早于文件写明的日期。")
    )


class EndPolicyForm(Form):
    last_day = DayField(_l("最后一天"), _l("请填写最后一天。"))


class ExemptionForm(Form):
    kind = SelectField(_l("情形"), choices=KINDS)
    from_on = DayField(_l("从哪天起"), _l("请填写起始日。"))
    until_on = DayField(_l("到哪天止"), _l("请填写截止日。"))
    reason = StringField(
        _l("说明"),
        [DataRequired(_l("请写明免训或结束的原因。")), Length(max=200)],
        description=_l("不必写病情等个人细节。"),
    )
    decided_by = StringField(
        _l("由谁决定"),
        [DataRequired(_l("请写明由谁决定。")), Length(max=120)],
        description=_l("例如：街道党工委、文号。"),
    )


class EndExemptionForm(Form):
    last_day = DayField(_l("最后一天"), _l("请填写最后一天。"))
    reason = StringField(_l("原因"), [DataRequired(_l("请写明免训或结束的原因。")), Length(max=200)])
