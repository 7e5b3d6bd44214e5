"""The server itself, in a process of its own: what arrives slowly, and what is too large, is nobody else's trouble."""

from __future__ import annotations

import http.client
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from lms.core.commands import upgrade_tables
from tests.installation import Installation, Site, serving

SLOW = 300
MEGABYTE = 1024 * 1024
PATIENCE = 20
CHUNKED = {"Transfer-Encoding": "chunked"}


class Small(Installation):
    """An installation that takes one megabyte, behind one proxy."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "LMS_UPLOAD_MB": "1", "LMS_TRUSTED_PROXIES": "1"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("server")
    installation = Small(f"sqlite:///{folder / 'lms.sqlite3'}", folder)
    upgrade_tables(installation.database_url)
    with serving(installation, {}) as running:
        yield running


def place_of(site: Site) -> tuple[str, int]:
    parts = urlsplit(site.url)
    return parts.hostname or "", parts.port or 0


def half_a_request(site: Site) -> socket.socket:
    """An upload that has begun, and goes on byte by byte."""
    slow = socket.create_connection(place_of(site), timeout=PATIENCE)
    slow.sendall(b"POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\ntext=")
    return slow


def test_hundreds_of_slow_uploads_keep_nobody_waiting(site: Site) -> None:
    with ExitStack() as slow:
        uploads = [slow.enter_context(half_a_request(site)) for _ in range(SLOW)]
        for _again in range(3):
            for upload in uploads:
                upload.sendall(b"a")
            with urlopen(f"{site.url}/sign-in", timeout=PATIENCE) as answer:
                assert answer.status == 200


def stored(site: Site) -> set[Path]:
    return {
        path for path in site.installation.data_dir.rglob("*") if not path.name.startswith(("lms.sqlite3", "server"))
    }


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_body_over_the_limit_is_413_and_leaves_nothing(site: Site, chunked: bool) -> None:
    before = stored(site)
    body = b"text=" + b"a" * (MEGABYTE + 10)
    with closing(http.client.HTTPConnection(*place_of(site), timeout=PATIENCE)) as connection:
        connection.request(
            "POST", "/feedback", body=iter([body]) if chunked else body, encode_chunked=chunked,
            headers={"Content-Type": "application/x-www-form-urlencoded"} | (CHUNKED if chunked else {}),
        )  # fmt: skip
        answer = connection.getresponse()
        page = answer.read().decode()

    assert answer.status == 413
    assert "文件太大了" in page
    assert stored(site) == before


def test_a_body_far_over_the_limit_is_not_even_read(site: Site) -> None:
    with socket.create_connection(place_of(site), timeout=PATIENCE) as sender:
        sender.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n")
        assert sender.recv(100).startswith(b"HTTP/1.1 413")


def test_an_endless_stream_is_cut_off(site: Site) -> None:
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    with socket.create_connection(place_of(site), timeout=PATIENCE) as sender:
        sender.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 20 * MEGABYTE:
                sender.sendall(piece)
                sent += len(piece)
            heard = sender.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            heard = b""

    assert sent < 20 * MEGABYTE or heard.startswith(b"HTTP/1.1 413")


def test_the_visitor_that_the_proxy_names_is_the_one_who_is_counted(site: Site) -> None:
    """Otherwise all visitors are the proxy, and whoever guesses passwords shuts everybody out."""
    with closing(http.client.HTTPConnection(*place_of(site), timeout=PATIENCE)) as connection:
        connection.request("GET", "/sign-in")
        shown = connection.getresponse()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.read().decode())
        cookie = (shown.getheader("Set-Cookie") or "").partition(";")[0]
        assert token is not None
        connection.request(
            "POST", "/sign-in", body=urlencode({"csrf_token": token[1], "name": "19900000000", "secret": "wrong"}),
            headers={
                "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie,
                "X-Forwarded-For": "192.0.2.66, 192.0.2.7",
            },
        )  # fmt: skip
        connection.getresponse().read()

    with closing(sqlite3.connect(site.installation.data_dir / "lms.sqlite3")) as database:
        assert database.execute("SELECT address FROM sign_in_tries").fetchall() == [("192.0.2.7",)]
