"""A trainer uploads a Word file, looks at where its parts went, and moves what was guessed wrong."""

from __future__ import annotations

import io

import docx
import pytest

from lms.core import clock, db
from lms.core.errors import Refused
from lms.drafts import starting
from lms.units.models import Unit
from tests.conftest import actor_of
from tests.drafts import shapes


def upload(client, cast, data=None, name="装电梯.docx"):
    file = (io.BytesIO(data or shapes.simple()), name)
    return client.post("/drafts/new", data={"unit": str(cast.county), "then": "word", "file": file})


def test_a_word_file_becomes_a_draft_and_stays_with_it(as_, cast, now_says, trail):
    tina = as_(cast.tina)

    answer = upload(tina, cast)

    assert answer.location.endswith("/drafts/1/arrangement")
    page = tina.get("/drafts/1/arrangement").text
    assert page.count("data-part") == 9
    draft = now_says(1)
    assert draft.title == "电梯装成了"
    assert draft.process.startswith("社区请一楼")
    assert trail()[-1].verb == "drafts.import"
    with tina.get("/drafts/1/files/装电梯.docx") as original:
        assert original.data[:2] == b"PK"
        assert "attachment" in original.headers["Content-Disposition"]
    assert as_(cast.alice).get("/drafts/1/files/装电梯.docx").status_code == 404


def test_a_part_moved_by_hand_stands_where_it_was_put_and_what_was_written_since_is_kept(as_, cast, now_says):
    tina = as_(cast.tina)
    upload(tina, cast)
    tina.post("/drafts/1/text", data={"device": "a", "based_on": "1", "results": "后来写的"})
    places = {f"place_{index}": place for index, place in enumerate(now_says(1).places)}

    moved = tina.post("/drafts/1/arrangement", data={**places, "place_4": "discussion", "place_0": "aside"})

    assert moved.status_code == 303
    assert now_says(1).process == ""
    assert now_says(1).discussion.startswith("社区请一楼")
    assert "采光" in now_says(1).results
    assert "后来写的" in tina.get("/drafts/1/copies").text
    assert tina.post("/drafts/1/arrangement", data={**places, "place_4": "elsewhere"}).status_code == 422
    assert tina.post("/drafts/1/arrangement", data={}).status_code == 422


def test_a_file_that_cannot_be_read_is_refused_on_the_form(as_, cast):
    tina = as_(cast.tina)

    for data, name in ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc"), (b"PK\x03\x04", "a.docm"), (b"x", "a.docx")):
        refused = upload(tina, cast, data, name)
        assert refused.status_code == 422
        assert "另存为" in refused.text
    assert tina.post("/drafts/new", data={"unit": str(cast.county), "then": "word"}).status_code == 422
    assert "草稿" in tina.get("/drafts/").text and "drafts/1" not in tina.get("/drafts/").text


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(as_, cast, work):
    said = {"CONTENT_TYPE": "multipart/form-data; boundary=b", "CONTENT_LENGTH": str(200 * 1024**2)}

    refused = as_(cast.tina).post("/drafts/new", environ_overrides={**said, "wsgi.input": io.BytesIO(b"--b")})

    assert (refused.status_code, "文件太大了" in refused.text) == (413, True)
    unit, tina = db.session().get_one(Unit, cast.county), actor_of(cast.tina)
    with pytest.raises(Refused, match="50 MB"):
        starting.start_from_word(unit, bytes(200 * 1024**2), "a.docx", actor=tina, now=clock.now())


def test_what_stays_behind_is_said_above_the_parts(as_, cast):
    document = docx.Document(io.BytesIO(shapes.simple()))
    document.sections[0].header.paragraphs[0].text = "内部资料"
    tina = as_(cast.tina)

    upload(tina, cast, shapes.saved(document))

    page = tina.get("/drafts/1/arrangement").text
    assert page.count("原文的页眉、页脚没有带过来。") == 1
    assert page.count("data-part") == 9
    assert '<input type="hidden" name="place_9" value="aside">' in page
    assert "页眉" not in tina.get("/drafts/1/preview").text


def test_a_case_is_begun_for_a_unit_of_ones_own(as_, cast):
    alice = as_(cast.alice)

    assert alice.post("/drafts/new", data={"unit": str(cast.guangming), "then": "blank"}).status_code == 303
    assert alice.post("/drafts/new", data={"unit": str(cast.county), "then": "blank"}).status_code == 422
    assert as_(cast.wen).get("/drafts/new").status_code == 200


def test_hostile_words_in_a_word_file_stay_words(as_, cast):
    document = docx.Document()
    document.add_heading("<script>alert(1)</script>", 0)
    for text in (
        '<img src=x onerror="alert(1)">',
        "[点](javascript:alert(1))",
        "![x](javascript:alert(1))",
        "\u202e反过来",
    ):
        document.add_paragraph(text)
        document.add_heading(text, 1)
    table = document.add_table(2, 2)
    table.cell(0, 0).text = '"><svg onload=alert(1)>'
    tina = as_(cast.tina)

    upload(tina, cast, shapes.saved(document))

    for page in ("arrangement", "preview", "check", ""):
        text = tina.get(f"/drafts/1/{page}".rstrip("/")).text
        assert "<script>alert" not in text and "<img src=x" not in text and "<svg onload" not in text
        assert 'href="javascript' not in text and 'src="javascript' not in text
