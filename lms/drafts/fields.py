"""What a draft says, field by field: as the page sends it, as it is compared, as it is kept aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.cases import counting
from lms.cases.kinds import Section
from lms.drafts.models import CaseDraft

SECTIONS = tuple(section.value for section in Section)
TEXTS = ("title", "summary", "community_kind", "region", "place", "began", "ended", "evidence", *SECTIONS)
LISTS = ("abilities", "themes", "methods")
ALL = (*TEXTS, *LISTS)


def read(draft: CaseDraft) -> dict[str, Any]:
    """All that it says."""
    return {name: getattr(draft, name) for name in ALL}


def write(draft: CaseDraft, said: Mapping[str, Any]) -> bool:
    """Let the draft say it; whether anything changed. Fields that are not named stay."""
    changed = False
    for name in ALL:
        if name in said and getattr(draft, name) != said[name]:
            setattr(draft, name, said[name])
            changed = True
    return changed


def differs(draft: CaseDraft, said: Mapping[str, Any]) -> bool:
    return any(name in said and getattr(draft, name) != said[name] for name in ALL)


def count(said: Mapping[str, Any]) -> int:
    """Characters of the four sections, as the 3,000 are counted."""
    return sum(counting.count(said.get(name, "")) for name in SECTIONS)
