"""Word files of many shapes come through whole; what is damaged, locked or a trap is refused in words."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from PIL import Image

from lms.cases.kinds import Section
from lms.core import pictures, pictures_child
from lms.core.errors import Refused
from lms.drafts import arranging, guessing, word, word_child
from lms.drafts.word_census import bare, missing_of
from tests.drafts import shapes
from tests.drafts.makers import packed

SHAPED = shapes.every()


@pytest.mark.parametrize("shape", SHAPED.values(), ids=SHAPED)
def test_every_paragraph_arrives_in_its_section(shape):
    said = word_child.document_of(shape.data, f"{shape.name}.docx")

    places = guessing.guess(said["blocks"])
    sections = arranging.sections_of(said["blocks"], places, said["notes"])
    arrived = bare(
        "".join(line for block in said["blocks"] for line in block["plain"]) + "".join(said["notes"].values())
    )
    assert (said["counted"], said["late"]) == (len(shape.lines), 0), shape.name
    expected = bare("".join(shape.lines))
    for line in shape.lines:
        assert arrived.count(bare(line)) == expected.count(bare(line)), (shape.name, line)
    for section, word_of in zip(Section, shape.sections or (), strict=False):
        assert word_of in sections[section], (shape.name, section, sections)
    text = bare("".join(sections.values())) + bare(guessing.title_of(said["blocks"], places))
    lost = [line for line in shape.lines if bare(line) not in text and guessing.section_of(line) is None]
    assert not lost, (shape.name, lost, sections)


def test_what_only_new_programs_read_stands_behind_its_paragraph():
    said = word_child.document_of(SHAPED["text_box_of_a_new_program"].data, "x.docx")

    assert said["blocks"][-1]["plain"] == ["只在新格式里的文本框"]
    assert said["late"] == 0


def test_what_does_not_arrive_is_known_by_counting():
    counted = ["第一段", "第二段，断成两行", "重复", "重复", "一", "没有到的"]

    assert missing_of(counted, ["一", "第二段，", "断成两行", "第一段", "重复"]) == ["重复", "没有到的"]
    assert missing_of(["前", "后"], ["前后"]) == []


def test_a_photo_is_turned_shrunk_and_forgets_where_it_was_taken():
    made, ending = pictures_child.made_safe(shapes.picture(2400, 1200, orientation=6, place=True))

    with Image.open(io.BytesIO(made)) as image:
        assert ending == "jpg"
        assert image.size == (800, 1600)
        assert not image.getexif()
        # What was above is now at the right.
        assert image.resize((1, 1), box=(400, 0, 800, 1600)).tobytes()[0] > 150


def test_a_caption_goes_with_its_picture():
    said = word_child.document_of(SHAPED["pictures_with_captions"].data, "x.docx")

    figures = [block["markdown"] for block in said["blocks"] if block["kind"] == "picture"]
    assert [figure.partition('"')[2] for figure in figures] == ['图1 楼道里的议事会")', '图 2：电梯启用那天")']
    assert {figure.partition("files/")[2].partition(" ")[0] for figure in figures} == set(said["pictures"])
    assert all(base64.b64decode(data)[:3] in (b"\xff\xd8\xff", b"\x89PN") for data in said["pictures"].values())


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.docm", b"PK\x03\x04", "macros"),
        ("a.docx", shapes.repacked(shapes.simple(), {}, {"word/vbaProject.bin": "x"}), "macros"),
        ("a.docx", shapes.simple()[:-200], "damaged"),
        ("a.docx", shapes.simple()[:900] + b"\0" * 40 + shapes.simple()[940:], "damaged"),
        ("a.docx", b"hello", "damaged"),
        ("a.pdf", b"%PDF-1.4", "not_word"),
        ("a.pdf", shapes.simple(), "not_word"),
        ("a.doc", shapes.simple(), "old_word"),
        ("a.doc", b"{\\rtf1\\ansi", "not_word"),
        ("a.doc", "<html>导出的网页</html>".encode(), "not_word"),
        ("a.pages", packed({"Index/Document.iwa": "x"}), "not_word"),
        (
            "a.odt",
            packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "open_document",
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "not_word"),
        ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wps"),
        ("a.docx", shapes.repacked(shapes.simple(), {"word/document.xml": lambda text: text[:-30]}), "damaged"),
        (
            "a.docx",
            shapes.repacked(
                shapes.simple(), {"word/document.xml": lambda text: '<!DOCTYPE a [<!ENTITY b "c">]>' + text}
            ),
            "entities",
        ),
        (
            "a.docx",
            shapes.repacked(
                shapes.simple(), {"word/document.xml": lambda text: text.replace("没有电梯", "长" * 70_000)}
            ),
            "too_long",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_why(name, data, code):
    assert word_child.document_of(data, name) == {"fault": code}
    assert len(str(word.SENTENCES[code])) > 8


def test_a_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("word/document.xml", b" " * (13 * 1024 * 1024))

    assert word_child.document_of(out.getvalue(), "a.docx") == {"fault": "unpacked"}


def test_the_limited_child_answers_as_the_function_does():
    document = word.read(shapes.simple(), "a.docx")

    assert (document.counted, document.late) == (9, 0)
    with pytest.raises(Refused, match="docx"):
        word.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc")
    with pytest.raises(Refused):
        pictures.made_safe(b"GIF89a and no more", "file")


def test_a_picture_of_too_many_pixels_is_refused():
    large = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(large, "PNG")

    assert pictures_child.picture_of(large.getvalue()) == {"fault": "pixels"}


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("经验做法", Section.PROCESS),
        ("二、做法与成效", Section.PROCESS),
        ("（三）矛盾调解成效", Section.RESULTS),
        ("3.1 起因", Section.BACKGROUND),
        ("案例背景：老楼没有电梯", Section.BACKGROUND),
        ("几点启示", Section.DISCUSSION),
        ("解决问题的办法", Section.PROCESS),
        ("梧桐里社区", None),
    ],
)
def test_headings_open_sections_by_their_words(heading, section):
    assert guessing.section_of(heading) is section


def test_problems_near_the_end_are_for_discussion():
    assert guessing.section_of("存在的问题") is Section.BACKGROUND
    assert guessing.section_of("存在的问题", Section.RESULTS) is Section.DISCUSSION
