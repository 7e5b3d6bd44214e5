"""From what is stored about a channel to one that sends: the only place that reads its secrets."""

from cryptography.fernet import InvalidToken
from flask import current_app

from lms.notices import sealing
from lms.notices.channels.letter import Channel, NotSent
from lms.notices.channels.smtp import PORTS, SmtpChannel
from lms.notices.channels.wecom import WecomChannel
from lms.notices.models import ChannelKind, NoticeChannel


def allowed_hosts() -> tuple[str, ...]:
    """Servers that messages may be sent through, as `host` or `host:port`: whoever runs the site names them."""
    hosts: tuple[str, ...] = current_app.config["LMS"].channel_hosts
    return hosts


def open_channel(row: NoticeChannel) -> Channel:
    """:raise NotSent: its server is no longer allowed, or its secrets cannot be opened."""
    host = str(row.settings.get("host", ""))
    if host not in allowed_hosts():
        raise NotSent("not_allowed", final=True)
    try:
        secrets = sealing.unseal(row.secrets_cipher)
    except InvalidToken as error:
        raise NotSent("sealed", final=True) from error
    if row.kind is ChannelKind.WECOM:
        return WecomChannel(host, secrets["key"])
    name, _colon, port = host.partition(":")
    security = row.settings["security"]
    return SmtpChannel(
        host=name,
        port=int(port) if port else PORTS[security],
        security=security,
        sender=row.settings["sender"],
        sender_name=current_app.config["LMS"].site_name,
        username=row.settings.get("username", ""),
        password=secrets.get("password", ""),
    )
