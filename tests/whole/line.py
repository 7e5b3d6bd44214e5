"""What a line of the matrix says: an endpoint, and what each role gets there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Who asks: nobody; a worker of 光明社区; the county's trainer; the street's and the county's administrators; and the
#: administrator of the other county, to whom nothing of this one exists.
ROLES = ("stranger", "alice", "tina", "bo", "chen", "mallory")

TODAY = "2026-03-02"
DEVICE = "device-one"
OWN = "a preference of one's own, or work in progress: the row itself is the record"


@dataclass(frozen=True)
class Line:
    endpoint: str
    answers: str
    url: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    quiet: str = ""
    #: the query of a GET
    query: Mapping[str, str] = field(default_factory=dict)
    #: the query of any request
    where: Mapping[str, str] = field(default_factory=dict)


ALICE = {"person_id": "alice"}
