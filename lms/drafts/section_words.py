"""The words of sections.toml, by section. Imports little: the limited child asks, too."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

WORDS: dict[str, tuple[str, ...]] = {
    name: tuple(words)
    for name, words in tomllib.loads(Path(__file__).with_name("sections.toml").read_text(encoding="utf-8")).items()
}
LONGEST = 20


def count_headed(lines: Iterable[str]) -> int:
    """How many of these short lines hold a word that a heading of a section would."""
    every = [word for words in WORDS.values() for word in words]
    return sum(len(line) <= LONGEST and any(word in line for word in every) for line in lines)
