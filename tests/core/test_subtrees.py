"""A subtree is its top and what lies below it: a number that begins like another is beside it."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from lms.core.db import Path
from lms.core.sql import within
from lms.core.web import Actor

TOP = "1.2."


@pytest.mark.parametrize(
    ("path", "below"),
    [
        *((path, True) for path in ("1.2.", "1.2.3.", "1.2.99.100.")),
        *((path, False) for path in ("1.20.", "1.21.2.", "1.200.3.", "11.2.", "1.", "2.", "1.3.", "1.2%.", "1._.", "")),
    ],
)
def test_what_begins_alike_is_not_below(work, path: str, below: bool) -> None:
    found = work.scalar(select(literal(1)).where(within(literal(path, Path), [TOP])))

    assert (found is not None) == below
    assert Actor(1, 1, "薄和平", reach={"admin": (TOP,)}).covers(path, "admin") == below
