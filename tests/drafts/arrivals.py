"""What came out of a Word file, looked at as a whole: every paragraph once, nothing twice, nothing elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lms.drafts import arranging, guessing
from lms.drafts.guessing import Place
from lms.drafts.word_census import bare

_DESCRIBED = re.compile(r"!\[[^\]]*\]")  # what a picture shows, for those who do not see it: often its caption again


def texts_of(said: Mapping[str, Any]) -> list[str]:
    return [line for block in said["blocks"] for line in block["plain"]] + list(said["notes"].values())


def kinds_of(said: Mapping[str, Any], kind: str) -> list[str]:
    return [block["markdown"] for block in said["blocks"] if block["kind"] == kind]


def check_every_line(said: Mapping[str, Any], lines: Sequence[str], loose: Sequence[str] = ()) -> None:
    """Each line arrived once, and those with an order in theirs; in the blocks, and in what the author will see."""
    arrived, written = bare("".join(texts_of(said))), bare(_DESCRIBED.sub("", as_written(said)))
    for line in (*lines, *loose):
        assert arrived.count(bare(line)) == 1, line
        assert written.count(bare(line)) == 1, (line, written)
    places = [arrived.find(bare(line)) for line in lines]
    assert places == sorted(places)


def as_written(said: Mapping[str, Any]) -> str:
    """Title and sections as the draft will have them, with what was put aside behind them."""
    blocks = said["blocks"]
    places = guessing.guess(blocks)
    sections = arranging.sections_of(blocks, places, said["notes"])
    aside = [
        arranging.markdown_of(block)
        for block, place in zip(blocks, places, strict=True)
        if place is Place.ASIDE and block["kind"] != "left"
    ]
    return "\n".join([guessing.title_of(blocks, places), *sections.values(), *aside])
