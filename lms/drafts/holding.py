"""Who has a case in hand: while somebody judges it, no new version is handed in, for that would end the judging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lms.cases.models import Case
from lms.core import db
from lms.core.errors import Refused

#: Says in one sentence who has the case, and what its authors can do; None: nobody has.
Holder = Callable[[Case], Any | None]

_holders: dict[str, Holder] = {}


def register(name: str, holder: Holder) -> None:
    """Let a module above say that a case is being judged."""
    _holders[name] = holder


def who_has(case: Case) -> Any | None:
    """The sentence of the first that has it; None where nobody has."""
    return next((said for said in (holder(case) for holder in _holders.values()) if said is not None), None)


def refuse_held(case: Case) -> None:
    """Let nobody take the case in hand until this unit of work ends.

    :raise Refused: somebody has.
    """
    db.session().refresh(case, ["state", "level", "latest_number"], with_for_update=True)
    said = who_has(case)
    if said is not None:
        raise Refused(said)
