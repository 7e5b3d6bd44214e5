"""A small documented source of chance: the same seed gives the same paper for ever.

``random.Random`` promises stable numbers but not stable ``shuffle`` and ``sample`` across
Python versions, and an attempt must look the same years later. Here the n-th block of a
stream is ``SHA-256("<seed>|<purpose>|<n>")``; numbers below a bound are taken 64 bits at
a time with rejection (no modulo bias); shuffling is Fisher-Yates from the end.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

_WORD = 1 << 64


def new_seed() -> str:
    """Return 128 unpredictable bits as hex: whoever knows a seed knows the order of options."""
    return secrets.token_hex(16)


class Chance:
    """A stream of numbers fixed by a seed and a purpose (``Chance(seed, "draw")``)."""

    def __init__(self, seed: str, purpose: str) -> None:
        self._prefix = f"{seed}|{purpose}|"
        self._blocks = 0
        self._words: list[int] = []

    def _word(self) -> int:
        if not self._words:
            block = sha256(f"{self._prefix}{self._blocks}".encode()).digest()
            self._blocks += 1
            self._words = [int.from_bytes(block[i : i + 8], "big") for i in (24, 16, 8, 0)]
        return self._words.pop()

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound - 1``, each equally likely."""
        limit = _WORD - _WORD % bound
        while (word := self._word()) >= limit:
            pass
        return word % bound

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in a random order."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result

    def token(self) -> str:
        """Return 48 bits as 12 hex digits: an opaque name for an option."""
        return f"{self._word() >> 16:012x}"


class Layout:
    """How one question lies on one person's page: opaque names and a shuffled order.

    Names and orders come from separate streams, so that neither tells about the other nor
    about the place of an option in the author's file (where the right one often stands first).
    """

    def __init__(self, seed: str, position: int) -> None:
        self._seed = f"{seed}/{position}"

    def names(self, group: str, count: int) -> list[str]:
        """Return the opaque name of each of ``count`` things, by their index in the file."""
        chance = Chance(self._seed, f"names of {group}")
        return [chance.token() for _ in range(count)]

    def order(self, group: str, count: int) -> list[int]:
        """Return the indexes 0 to ``count - 1`` in the order in which the page shows them."""
        return Chance(self._seed, f"order of {group}").shuffled(range(count))
