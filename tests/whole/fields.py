"""Which fields of a query and of a form a view reads, found by watching it: a new field is tried by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

#: What every form carries, and the method that `request` itself looks for.
NOT_OURS = frozenset({"csrf_token", "_method"})

_read: set[str] = set()


class _Watched(ImmutableMultiDict[str, Any]):
    """Fields that remember which of them were asked for, also those that were not sent."""

    def __getitem__(self, key: str) -> Any:
        _read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _read.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *default: Any, **options: Any) -> Any:
        _read.add(key)
        return super().get(key, *default, **options)

    def getlist(self, key: str, *options: Any) -> list[Any]:
        _read.add(key)
        return super().getlist(key, *options)


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
