"""How much of one text stands in another, word for word; and keys by which texts alike are found among many. Pure.

A text is looked at as its letters: without marks and spaces, capitals as small ones, every number as 0, so that copies
differ little where names and figures were changed. Of all stretches of seven letters an eighth are keys, chosen by
what they say and not by where they stand: a passage has the same keys in every text that holds it, in whatever order.
(Sampling "0 mod p": Manber, Finding Similar Files in a Large File System, USENIX 1994.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from lms.core.search import fold

#: Letters of a stretch. Shorter ones stand in every text; longer ones do not survive a few changed words.
GRAM = 7
#: One stretch of so many is a key.
EVERY = 8
_NUMBER = re.compile(r"\d+")
_MARKS = re.compile(r"[\W_]+")
#: Marks of Markdown with letters in them or in the way of a reader: addresses, numbers of lists, call-outs, bold.
_UNREAD = re.compile(r"(?<=\])\([^)\s]*|^[ \t]*(?:\d+[.)]|#+|[-*>]|!!! \w+)[ \t]+|\*\*", re.MULTILINE)
_WIDTH = 4  # bytes of a letter, as they are hashed


@dataclass(frozen=True)
class Letters:
    """The letters of a text; `places` says where in the text each of them stands."""

    text: str
    letters: str
    places: Sequence[int]

    def written(self, start: int, end: int) -> str:
        """The letters from `start` to `end` as they are written, with the marks between them."""
        return self.text[self.places[start] : self.places[end - 1] + 1] if end > start else ""


@dataclass(frozen=True)
class Share:
    """How many of a text's letters stand in another, within stretches of seven; the longest of them, as written."""

    count: int
    total: int
    longest: str

    @property
    def part(self) -> float:
        return self.count / self.total if self.total else 0.0


def letters_of(text: str) -> str:
    """What of a text is compared."""
    return _MARKS.sub("", _NUMBER.sub("0", fold(text)))


def placed(text: str) -> Letters:
    """The same letters, with their places: takes longer."""
    text = unicodedata.normalize("NFC", text)
    letters: list[str] = []
    places: list[int] = []
    in_number = False
    for place, char in enumerate(text):
        for letter in fold(char):
            is_digit = letter.isdecimal()
            if letter.isalnum() and not (is_digit and in_number):
                letters.append("0" if is_digit else letter)
                places.append(place)
            in_number = is_digit
    return Letters(text, "".join(letters), places)


def unmarked(markdown: str) -> str:
    """The text with spaces for what of Markdown nobody reads as words; every place stays."""
    return _UNREAD.sub(lambda match: " " * len(match[0]), markdown)


def stands(quote: str, markdown: str) -> bool:
    """Whether a passage that began with `quote` is still in a text, as it was."""
    return letters_of(quote.removesuffix("…")) in letters_of(unmarked(markdown))


def keys_of(letters: str) -> set[int]:
    """The keys of a text: those of a passage are among the keys of any text that holds it."""
    data, width = letters.encode("utf-32-le", "surrogatepass"), GRAM * _WIDTH
    hashes = (crc32(data[at : at + width]) for at in range(0, len(data) - width + 1, _WIDTH))
    return {number for number in hashes if number % EVERY == 0}


def stretches_of(letters: str) -> frozenset[str]:
    """Every stretch of seven letters."""
    return frozenset(letters[at : at + GRAM] for at in range(len(letters) - GRAM + 1))


def share_of(text: Letters, other: frozenset[str]) -> Share:
    """How much of a text stands in another one, given by `stretches_of`."""
    letters = text.letters
    count, longest = 0, (0, 0)
    start = end = 0  # of the passage that is being followed
    for at in range(len(letters) - GRAM + 1):
        if letters[at : at + GRAM] not in other:
            continue
        if at > end:
            start = at
        count += at + GRAM - max(end, at)
        end = at + GRAM
        longest = max(longest, (start, end), key=lambda passage: passage[1] - passage[0])
    return Share(count, len(letters), text.written(*longest))
