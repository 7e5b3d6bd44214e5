"""Moodle's GIFT format: what the other modules use of its reader and writer."""

from __future__ import annotations

from lms.quizzes.gift_faults import GiftFault, GiftFaults
from lms.quizzes.gift_reader import parse, read
from lms.quizzes.gift_writer import write

__all__ = ["GiftFault", "GiftFaults", "parse", "read", "write"]
