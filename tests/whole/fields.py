"""Which fields of a query and of a form a view reads, found by watching it: a new field is tried by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_wtf.file import FileField
from wtforms import Field

from lms.core.fields import Sent
from lms.core.forms import Form

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
    """The names of the fields, of query, form and files, that are read in the block."""
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


def of_files() -> set[str]:
    """What fields for files are called in the forms of the house."""
    return {name for form in forms() for name in dir(form) if is_a(getattr(form, name), FileField)}


def forms(kind: type[Form] = Form) -> Iterator[type[Form]]:
    """Every form of the house: the application has been made, so that all are known."""
    for form in kind.__subclasses__():
        yield form
        yield from forms(form)


def is_a(field: Any, kind: type[Field]) -> bool:
    """Whether an attribute of a form is a field of this kind."""
    found = getattr(field, "field_class", None)
    return isinstance(found, type) and issubclass(found, kind)


def validators_of(field: Any) -> list[Any]:
    given = field.kwargs.get("validators") or (field.args[1] if len(field.args) > 1 else ())
    return list(given)
