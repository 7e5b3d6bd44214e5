"""Every pair of colors that tokens.css says may meet can be read by people whose sight is weak (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
DECLARATION = re.compile(r"^\s*--([\w-]+):\s*#([0-9a-f]{6});", re.MULTILINE)
# "text: ink on surface, paper": a line of a comment, which may go on after a line break.
PAIRS = re.compile(r"(text|shape): ([\w-]+) on ([\w-]+(?:,\s*(?:\*\s*)?[\w-]+)*)")
ENOUGH = {"text": 4.5, "shape": 3.0}


@dataclass(frozen=True)
class Pair:
    kind: str
    front: str
    ground: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.front} on {self.ground}"


def screen_tokens() -> dict[str, str]:
    """The colors of the screen: what comes after @media print is for paper."""
    return dict(DECLARATION.findall(TOKENS.split("@media print")[0]))


def pairs() -> list[Pair]:
    return [
        Pair(kind, front, ground)
        for kind, front, grounds in PAIRS.findall(TOKENS)
        for ground in re.findall(r"[\w-]+", grounds)
    ]


def luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_it_can_be_read(pair: Pair) -> None:
    colors = screen_tokens()

    found = contrast(colors[pair.front], colors[pair.ground])

    assert found >= ENOUGH[pair.kind], f"{pair} has {found:.2f}:1, and needs {ENOUGH[pair.kind]}:1"


def test_every_color_is_in_some_pair() -> None:
    named = {name for pair in pairs() for name in (pair.front, pair.ground)}
    # They bound nothing and carry no meaning: a frame around a card, or what a state's frame softly agrees with.
    decoration = {"line", "accent-line", "good-line", "warn-line", "info-line"}

    assert set(screen_tokens()) - named - decoration == set()


def test_black_on_white_is_the_known_ratio() -> None:
    assert round(contrast("000000", "ffffff"), 1) == 21.0
