"""Forms of the case library."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from lms.cases import limits
from lms.core.forms import Form
from lms.core.i18n import lazy_gettext as _l


class UseForm(Form):
    sentence = StringField(
        _l("做得怎样，写一句话"),
        [DataRequired(_l("请写一句话。")), Length(max=limits.USE_SENTENCE)],
        description=_l("例如：两个楼道试了三个月，一个装成了电梯，一个还在谈。"),
    )
    contact = StringField(
        _l("想了解的人怎样联系"),
        [DataRequired(_l("请写明怎样联系。")), Length(max=limits.CONTACT)],
        description=_l("登录的人都看得到。写单位的电话就可以。"),
    )


class CommentForm(Form):
    text = TextAreaField(
        _l("提问或者留言"),
        [DataRequired(_l("请写下要说的话。")), Length(max=limits.COMMENT)],
        description=_l("会和您的姓名、单位、职务一起显示。请不要写居民的个人信息。"),
    )


class ReasonForm(Form):
    reason = StringField(_l("原因"), [DataRequired(_l("请写明原因。")), Length(max=limits.REASON)])


class WithdrawForm(Form):
    reason = TextAreaField(
        _l("撤回的原因"),
        [DataRequired(_l("请写明撤回的原因。")), Length(max=limits.REASON)],
        description=_l("打开这个地址的人、用到它的课里，都看得到这个原因。请不要写个人信息。"),
    )


class SupersedeForm(Form):
    successor = StringField(
        _l("取代它的案例"),
        [
            DataRequired(_l("请填写案例地址的最后一段。")),
            Length(max=limits.SLUG),
            Regexp(r"^[a-z0-9-]+$", message=_l("请填写案例地址的最后一段。")),
        ],
        description=_l("那篇案例地址的最后一段，例如 wutongli-dianti。"),
    )
    reason = StringField(_l("说明"), [Length(max=limits.REASON)])


class PressForm(Form):
    """A button."""
