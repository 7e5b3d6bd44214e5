"""The fields of a form as they arrive: which of them nobody reads is noticed, and logged.

A field that no page of ours sends (a role, a score, another's unit) changes nothing, for nothing asks for it; but who
sends one is trying something.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Request, request
from structlog import get_logger
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

log = get_logger("lms.fields")

#: What every form carries besides its own fields.
CARRIED = frozenset({"csrf_token", "next"})


class Sent(ImmutableMultiDict[str, str]):
    """What was sent, with a note of the names that were asked for."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(mapping)
        object.__setattr__(self, "read", set())

    read: set[str]

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)

    def getlist(self, name: str, type: Any = None) -> Any:
        self.read.add(name)
        return super().getlist(name, type) if type else super().getlist(name)


class SentRequest(Request):
    parameter_storage_class = Sent


class Lists(Mapping[str, list[str]]):
    """All values of each field."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        self._form = form

    def __getitem__(self, name: str) -> list[str]:
        if name not in self._form:
            raise KeyError(name)
        return self._form.getlist(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._form)

    def __len__(self) -> int:
        return len(self._form)


def log_ignored() -> None:
    """Log the names of what was sent to this request and read by nobody."""
    form = request.form
    ignored = set(form) - form.read - CARRIED if isinstance(form, Sent) else set()
    if ignored:
        log.warning("fields ignored", endpoint=request.endpoint, fields=sorted(name[:40] for name in ignored)[:20])
