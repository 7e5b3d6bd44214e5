"""How much of the server one stranger may hold. A request that is still arriving costs a socket and no thread.

Sources: the waitress manual ("Arguments to waitress.serve", "Design").
"""

from __future__ import annotations

from typing import Any

from flask import Flask

#: Connections at once. With waitress's own 100, as many slow uploads would shut everybody else out.
CONNECTIONS = 900
#: Seconds after which a connection that says nothing is closed.
SILENCE = 60
#: A body up to so many times the limit is read to its end, so that a browser shows our page about it; beyond, the
#: server hangs up: what nobody will read shall not fill the disk.
OVERHANG = 2


def limits_of(app: Flask) -> dict[str, Any]:
    """Options for the server that serves `app`."""
    return {
        "connection_limit": CONNECTIONS,
        "channel_timeout": SILENCE,
        "max_request_body_size": OVERHANG * app.config["MAX_CONTENT_LENGTH"],
    }
