"""Pages on which administrators set up the channels of their units."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import show_moment
from lms.core.web import Actor, allow, current_actor, flash_done, roles, see
from lms.notices import access, actions, outbox, queries
from lms.notices.channels.letter import error_label
from lms.notices.channels.opening import allowed_hosts
from lms.notices.forms import SmtpForm, WecomForm
from lms.notices.models import ChannelKind

bp = Blueprint("channels", __name__, url_prefix="/notices/channels", template_folder="templates")


@bp.get("")
@allow(roles("admin"))
def index() -> ResponseReturnValue:
    channels = queries.list_channels(current_actor())
    return render_template(
        "channels/index.html",
        channels=channels,
        messages=queries.list_messages(channels),
        hosts=allowed_hosts(),
        error_label=error_label,
    )


@bp.route("/smtp", methods=["GET", "POST"])
@allow(roles("admin"))
def smtp() -> ResponseReturnValue:
    return _set(current_actor(), SmtpForm(), ChannelKind.SMTP)


@bp.route("/wecom", methods=["GET", "POST"])
@allow(roles("admin"))
def wecom() -> ResponseReturnValue:
    return _set(current_actor(), WecomForm(), ChannelKind.WECOM)


def _set(actor: Actor, form: SmtpForm | WecomForm, kind: ChannelKind) -> ResponseReturnValue:
    form.offer(queries.channel_units(actor))
    if form.validate_on_submit():
        with form.showing_refusal():
            unit = access.get_channel_unit(actor, int(form.unit.data))
            actions.set_channel(
                unit, kind=kind, settings=form.settings, secrets=form.secrets, actor=actor, now=clock.now()
            )
            flash_done(_("已为“%(unit)s”设置渠道。请发一条测试消息，看是否收得到。", unit=unit.name))
            return see("channels.index")
    return render_template("channels/new.html", form=form, kind=kind), 422 if form.errors else 200


@bp.post("/<id:channel_id>/test")
@allow(roles("admin"))
def test(channel_id: int) -> ResponseReturnValue:
    """Into the outbox, like every other message: a request never waits for a stranger's server."""
    actor = current_actor()
    channel = access.get_channel(actor, channel_id)
    due = outbox.put_trial(channel, channel.unit, actor=actor, now=clock.now())
    if due is None:
        flash_done(_("测试邮件发到您自己的邮箱：请先在“消息设置”中填写并确认电子邮箱。"))
        return see("notices.settings")
    flash_done(_("测试消息已放入发件箱，%(when)s起发出，结果会显示在这里。", when=show_moment(due)))
    return see("channels.index")


@bp.post("/<id:channel_id>/end")
@allow(roles("admin"))
def end(channel_id: int) -> ResponseReturnValue:
    actor = current_actor()
    channel = access.get_channel(actor, channel_id)
    actions.end_channel(channel, actor=actor, now=clock.now())
    flash_done(_("“%(unit)s”的渠道已停用，不再发送消息摘要。", unit=channel.unit.name))
    return see("channels.index")
