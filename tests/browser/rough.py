"""A bad connection: a small proxy in front of a running site, on this machine alone.

It loses requests, answers in the site's name, loses and cuts the replies to what the site has done, delays, repeats,
and delivers late. What it does to a request follows from a seed, the address and how often it was asked for, so that a
run can be had again; and an address is wronged a few times only, so that every run ends.
"""

from __future__ import annotations

import random
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

# What Chromium says of a connection that ended too soon.
ENDED = ("ERR_EMPTY_RESPONSE", "ERR_CONTENT_LENGTH_MISMATCH", "ERR_CONNECTION_RESET", "ERR_CONNECTION_CLOSED")
PATIENCE = 20  # seconds for a socket
DELAY = 0.4
LONG = 300
MOST_FAULTS = 2  # for one address in a row from its first request on
PORTAL_PAGE = b"<!doctype html><title>Wi-Fi</title><h1>Welcome on board</h1>"
PORTAL_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"


class Fate(StrEnum):
    """What becomes of a request."""

    PASS = "pass"
    DELAY = "delay"
    DROP = "drop"  # the site never hears of it
    LOSE = "lose"  # the site has answered, and nothing of it arrives
    CUT = "cut"  # half of the answer's body arrives
    REPEAT = "repeat"  # the site gets it twice
    LATE = "late"  # lost at first, it reaches the site after the next one to the same address
    HANG = "hang"  # no answer, and no end of the connection either
    PORTAL = "portal"  # the network's own page comes in place of the site's answer: sign in to this train's Wi-Fi


@dataclass(frozen=True)
class Request:
    """One request as it came, but for `Connection: close`; `count` is 1 for the first to this address."""

    method: str
    path: str
    raw: bytes
    count: int = 1

    @property
    def is_scripted(self) -> bool:
        return b"accept: application/json" in self.raw.lower()


Plan = Callable[[Request], Fate]


def smooth(_request: Request) -> Fate:
    return Fate.PASS


def seeded(seed: int, where: str = "/quiz") -> Plan:
    """Most requests to addresses that match `where` go wrong at first; only what scripts send is cut or late."""
    wronged = re.compile(where)

    def plan(request: Request) -> Fate:
        if request.count > MOST_FAULTS or not wronged.search(request.path) or request.path.startswith("/static/"):
            return Fate.PASS
        fates = [Fate.DELAY, Fate.DROP, Fate.LOSE, Fate.REPEAT]
        if request.is_scripted:
            fates += [Fate.CUT, Fate.LATE, Fate.PORTAL]
        place = re.sub(r"/(attempts|courses)/\d+", "", request.path)  # whichever of the demonstration's it is
        chance = random.Random(f"{seed} {request.method} {place} {request.count}")
        return chance.choice([*fates, *[Fate.PASS] * (len(fates) // 2)])

    return plan


def in_turn(where: str, *fates: Fate) -> Plan:
    """The first requests to addresses that match `where` meet these fates, one after the other."""
    wronged, left = re.compile(where), list(fates)
    return lambda request: left.pop(0) if left and wronged.search(request.path) else Fate.PASS


class Rough:
    """The proxy: `plan` may be changed at any time, `met` counts what was done."""

    def __init__(self, site_url: str) -> None:
        self.plan: Plan = smooth
        self.met: Counter[Fate] = Counter()
        self.closing = threading.Event()
        self._site = (urlsplit(site_url).hostname or "", urlsplit(site_url).port or 80)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._late: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, path: str, raw: bytes) -> bytes:
        """What the browser gets for a request; nothing: its connection just ends."""
        with self._lock:
            self._counts[method, path] += 1
            request = Request(method, path, raw, self._counts[method, path])
            fate = self.plan(request)
            self.met[fate] += 1
            late = self._late.pop(path, None)
            if fate is Fate.LATE:
                self._late[path] = raw
        reply = self._suffer(request, fate)
        if late is not None:
            self._ask(late)
        return reply

    def _suffer(self, request: Request, fate: Fate) -> bytes:
        if fate is Fate.HANG:
            self.closing.wait(LONG)
        if fate in {Fate.HANG, Fate.DROP, Fate.LATE}:
            return b""
        if fate is Fate.PORTAL:
            return PORTAL_HEAD % len(PORTAL_PAGE) + PORTAL_PAGE
        if fate is Fate.DELAY:
            self.closing.wait(DELAY)
        reply = self._ask(request.raw)
        if fate is Fate.REPEAT:
            reply = self._ask(request.raw)
        if fate is Fate.CUT:
            head, _blank, body = reply.partition(b"\r\n\r\n")
            return head + b"\r\n\r\n" + body[: len(body) // 2]
        return b"" if fate is Fate.LOSE else reply

    def _ask(self, raw: bytes) -> bytes:
        with socket.create_connection(self._site, timeout=PATIENCE) as site:
            site.sendall(raw)
            with site.makefile("rb") as reply:
                return reply.read()


class Handler(StreamRequestHandler):
    """One connection, one request: a browser opens the next one anew."""

    timeout = PATIENCE

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        # A browser that leaves, or a site that is shut down, ends this connection and nothing else.
        with suppress(OSError):
            first = self.rfile.readline()
            if first:
                method, path, _version = first.decode("latin-1").split()
                self.connection.sendall(server.rough.answer(method, path, first + self._rest()))

    def _rest(self) -> bytes:
        lines, length = [b"Connection: close\r\n"], 0
        while (line := self.rfile.readline()) not in {b"\r\n", b""}:
            name, _colon, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            if name.lower() != b"connection":
                lines.append(line)
        return b"".join([*lines, b"\r\n", self.rfile.read(length)])


class Server(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, rough: Rough) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rough = rough
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def rough_connection(site_url: str) -> Iterator[tuple[Rough, str]]:
    """The proxy, and the address at which a browser reaches the site through it."""
    rough = Rough(site_url)
    with Server(rough) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield rough, server.url
        finally:
            rough.closing.set()
            server.shutdown()
            thread.join()
