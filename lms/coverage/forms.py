"""Forms of the coverage."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.forms import Form
from lms.core.i18n import lazy_gettext as _l


class RestateForm(Form):
    reason = TextAreaField(
        _l("更正的原因"),
        [DataRequired(_l("请写明更正的原因。")), Length(max=400)],
        description=_l("例如：12 月的培训班 2 月才补录。看得到这个单位的管理员都会看到。"),
    )
