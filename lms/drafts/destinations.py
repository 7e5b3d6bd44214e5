"""Where a case may be handed in: always to its unit's own review; modules above add places, such as open calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.cases.models import Case
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor

UNIT = "unit"


@dataclass(frozen=True)
class Destination:
    """A place to hand a case in: `key` is what `events.case_submitted` says, such as "unit" or "call:17"."""

    key: str
    label: Any
    hint: Any = ""
    #: what it asks of each section, by name
    hints: Mapping[str, str] = field(default_factory=dict)


Lister = Callable[[Actor, Case], Sequence[Destination]]

_listers: dict[str, Lister] = {}


def register(name: str, lister: Lister) -> None:
    """Let a module above name further places for a case; asked anew for each page."""
    _listers[name] = lister


def find(actor: Actor, case: Case, key: str) -> Destination | None:
    """The place of this key, if a module above names it for the case."""
    return next((one for one in list_for(actor, case) if one.key == key), None) if key not in ("", UNIT) else None


def list_for(actor: Actor, case: Case) -> list[Destination]:
    own = Destination(UNIT, _l("本单位评审"), _l("由本单位的管理员先看，再逐级推荐。"))
    return [own, *(found for lister in _listers.values() for found in lister(actor, case))]
