"""Word files of WPS, of phones and of Word Online: every paragraph once, and what stays behind is named."""

from __future__ import annotations

import pytest

from lms.drafts import arranging, word_child
from lms.drafts.word_census import bare
from tests.drafts import makers
from tests.drafts.arrivals import check_every_line, kinds_of, texts_of

MADE = {made.name: made for made in (make() for make in makers.MAKERS)}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_every_paragraph_comes_through_once(made):
    said = word_child.document_of(made.data, f"{made.name}.docx")

    assert "fault" not in said, said
    late = [block["plain"][0] for block in said["blocks"] if block["kind"] == "late"]
    assert late == ([] if made.name != "drawings_with_words" else made.lines[-2:])
    check_every_line(said, made.lines)
    assert bare("".join(texts_of(said)).removesuffix("注")) == bare("".join(made.lines))
    assert tuple(block["plain"][0] for block in said["blocks"] if block["kind"] == "heading") == made.headings
    assert len(kinds_of(said, "picture")) == made.pictures
    assert tuple(kinds_of(said, "lost")) == made.lost
    assert tuple(sorted(kinds_of(said, "left"))) == made.left


def test_each_thing_left_behind_has_its_sentence():
    named = {code for made in MADE.values() for code in made.left} | {"deleted"}

    assert named == set(arranging.LEFT)
