"""Keyset paging: both directions, and cursors that nobody could have been given."""

import base64
import json

import pytest
from sqlalchemy import select

from lms.core.errors import BadInput
from lms.core.paging import keyset
from lms.units.models import Unit


def walk(descending: bool) -> list[int]:
    found: list[int] = []
    cursor = None
    while True:
        page = keyset(select(Unit.id), Unit.id, cursor=cursor, size=4, descending=descending)
        found += [row.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("descending", [False, True])
def test_every_row_comes_once_in_order(work, descending):
    everything = sorted(work.scalars(select(Unit.id)), reverse=descending)

    assert walk(descending) == everything


@pytest.mark.parametrize("values", [["x", "y"], [1, 1], ["x"], "x", None, ["\x00", 1], ["x", 2**63], ["x", True]])
def test_a_made_up_cursor_is_bad_input(work, values):
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    with pytest.raises(BadInput):
        keyset(select(Unit.id), Unit.name, Unit.id, cursor=cursor)
