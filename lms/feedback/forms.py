"""Forms of feedback."""

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lms.core.forms import Form, SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.feedback.models import FeedbackKind

LONGEST = 2000


class SendForm(Form):
    kind = RadioField(
        _l("您要"),
        [InputRequired(_l("请选择一项。"))],
        choices=[SelectChoice(kind.value, kind.label) for kind in FeedbackKind],
        default=FeedbackKind.SUGGESTION.value,
    )
    text = TextAreaField(
        _l("请写明情况"),
        [DataRequired(_l("请写下您要说的话。")), Length(max=LONGEST)],
        description=_l("最多 2000 字。请不要写身份证号等他人的个人信息。"),
    )
    contact = StringField(
        _l("联系方式"),
        [Optional(), Length(max=100)],
        description=_l("您没有登录。想得到答复，请留下电话或邮箱；不留也可以提交。"),
    )
    page = HiddenField()


class AnswerForm(Form):
    text = TextAreaField(
        _l("答复"),
        [DataRequired(_l("请写下答复。")), Length(max=LONGEST)],
        description=_l("只能答复一次，提交后不能修改，对方会收到消息。"),
    )


class CloseForm(Form):
    reason = TextAreaField(
        _l("关闭的原因"),
        [DataRequired(_l("请写明不答复的原因。")), Length(max=LONGEST)],
        description=_l("例如重复提交。对方看得到这个原因。"),
    )
