"""Forms of the ledger."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.forms import DayField, Form
from lms.core.i18n import lazy_gettext as _l


class ReverseForm(Form):
    reason = TextAreaField(
        _l("冲销原因"),
        [DataRequired(_l("请写明冲销的原因。")), Length(max=400)],
        description=_l("写清楚错在哪里。原记录和冲销原因都会保留，本人可以看到。"),
    )


class StatementForm(Form):
    from_on = DayField(_l("从"), _l("请填写开始日期。"))
    to_on = DayField(_l("到"), _l("请填写结束日期。"))
