"""Requests made without a network and without a test client, so that what is measured is the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

Call = Callable[[], tuple[int, bytes]]
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Statements:
    """What a request asked of the database. Beginning and ending a transaction is the driver's business."""

    reads: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.reads) + len(self.writes)


@contextmanager
def counted(engine: Engine) -> Iterator[Statements]:
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        verb = statement.split(None, 1)[0].upper()
        if verb in {"SELECT", "WITH"}:
            seen.reads.append(statement)
        elif verb in {"INSERT", "UPDATE", "DELETE"}:
            seen.writes.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Request:
    """A request that can be repeated: its environment is made beforehand, outside of what is measured."""

    path: str
    cookie: str = ""
    form: Mapping[str, str] | None = None
    #: what a careful script sends along, such as the header that asks for a part of a page
    headers: Mapping[str, str] = field(default_factory=dict)

    def prepared(self, app: Flask) -> Call:
        """A call that gives status and body; good for one time, because it reads its input."""
        builder = EnvironBuilder(
            path=self.path,
            method="POST" if self.form is not None else "GET",
            data=dict(self.form) if self.form is not None else None,
            headers=Headers({"Cookie": self.cookie, "Accept-Language": "zh-CN", **self.headers}),
        )
        environ = builder.get_environ()
        builder.close()

        def call() -> tuple[int, bytes]:
            answer, status, _headers = run_wsgi_app(app.wsgi_app, environ, buffered=True)
            return int(status[:3]), b"".join(answer)

        return call


def token_of(page: bytes) -> str:
    """The CSRF token that every page carries."""
    found = TOKEN.search(page.decode())
    if found is None:
        raise RuntimeError("the page carries no CSRF token")
    return found[1]
