"""Which fields of a query and of a form a view reads, found by watching it: a new field is tried by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from lms.core.fields import Sent

#: What every form carries, and the method that `request` itself looks for.
NOT_OURS = frozenset({"csrf_token", "_method"})

_read: set[str] = set()


class _Watched(Sent):
    """Notes all that is asked for in one place, whichever request it belongs to."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(mapping)
        object.__setattr__(self, "read", _read)


@contextmanager
def watched(app: Flask) -> Iterator[set[str]]:
    """The names of the fields, of query and form, that are read in the block; those of the form only by views."""
    before = app.request_class

    class Watching(before):  # type: ignore[misc, valid-type]
        parameter_storage_class = _Watched

    app.request_class = Watching
    _read.clear()
    try:
        yield _read
    finally:
        app.request_class = before
        _read.difference_update(NOT_OURS)
