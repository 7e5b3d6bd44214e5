"""One process that answers requests, and leaves without dropping one: waitress, told by a signal when to go.

Leaving means: take no new connection (others that share the socket do), answer what is being asked, say
`Connection: close` in each answer, and end what nobody uses any more.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel

from lms.core.server_limits import limits_of

#: Connections that may wait to be taken up.
BACKLOG = 1024
#: How long those that leave wait for requests that take their time, in seconds.
GRACE = 30.0
#: How long a connection may stay idle when its server leaves: a request that is on its way still arrives.
LINGER = 1.0
TICK = 0.5


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose client hears when the server is about to leave, and asks no more on it."""

    def service(self) -> None:
        if getattr(self.server, "leaving", False):
            for request in self.requests:
                request.headers["CONNECTION"] = "close"
        super().service()


def listen(host: str, port: int) -> socket.socket:
    """The socket where requests arrive: it may be shared by processes.

    :raise OSError: the port is taken, or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def answer(app: Flask, listener: socket.socket, threads: int, *, parent: int | None = None) -> None:
    """Answer requests until SIGTERM, or until `parent` is gone; then leave in good order."""
    server = create_server(
        app,
        sockets=[listener],
        threads=threads,
        ident=None,
        backlog=BACKLOG,
        # What a proxy says of the visitor is for the application to judge: it knows how many proxies are trusted.
        clear_untrusted_proxy_headers=False,
        # Links in printed statements must not begin with http:// because a proxy keeps the scheme to itself.
        url_scheme="https" if app.config["LMS"].https else "http",
        **limits_of(app),
    )
    server.channel_class = Channel
    asked_to_leave: list[int] = []

    def leave(number: int, _frame: Any) -> None:
        asked_to_leave.append(number)
        server.pull_trigger()

    signal.signal(signal.SIGTERM, leave)
    try:
        while not asked_to_leave and (parent is None or os.getppid() == parent):
            wasyncore.loop(timeout=TICK, use_poll=True, map=server._map, count=1)
        _finish(server, listener)
    except KeyboardInterrupt:
        pass
    finally:
        server.task_dispatcher.shutdown()


def _finish(server: Any, listener: socket.socket) -> None:
    server.leaving = True
    server.del_channel()  # the socket stays open for those who share it, and nobody here takes from it
    listener.close()
    begun = time.monotonic()
    while time.monotonic() - begun < GRACE and server.active_channels:
        if time.monotonic() - begun > LINGER:
            _end_idle(server.active_channels.values())
        wasyncore.loop(timeout=TICK / 5, use_poll=True, map=server._map, count=1)


def _end_idle(channels: Any) -> None:
    for channel in list(channels):
        if not channel.requests and channel.request is None and not channel.total_outbufs_len:
            channel.will_close = True


def at_most(seconds: float, condition: Callable[[], bool], numbers: set[signal.Signals]) -> bool:
    """Wait until `condition` holds, looking whenever one of these blocked signals arrives; False: it does not."""
    end = time.monotonic() + seconds
    while not condition():
        left = end - time.monotonic()
        if left <= 0:
            return False
        signal.sigtimedwait(numbers, min(left, TICK))
    return True
