"""Word files that LibreOffice really wrote, out of texts of many kinds, come through whole: every paragraph, counted.

They need LibreOffice on the machine; without it they fail and say so. One run of it makes all files of a kind.
"""

from __future__ import annotations

import pytest

from lms.core.errors import Refused
from lms.drafts import word, word_child
from lms.drafts.word_census import bare
from tests.drafts import shapes, soffice, sources
from tests.drafts.arrivals import check_every_line, kinds_of, texts_of
from tests.drafts.soffice import Order

SOURCES = {source.name: source for source in (make() for make in sources.SOURCES)}
OTHERS = {source.name: source for source in (sources.web_page(), sources.rich_text(), sources.plain_text())}
#: Where LibreOffice saves something else: it computes fields anew, and version 7.4 says thrice what a control holds.
OTHERWISE = ("fields_and_bookmarks", "controls_and_links")
RESAVED = {name: shape for name, shape in shapes.every().items() if name not in OTHERWISE}
#: Which order wrote it.
BY_WAY = {"rich_text": "new", "web_page": "web", "plain_text": "plain"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """`written / "new" / "lists.docx"`: every source as LibreOffice wrote it; "back" are those that were a .doc."""
    folder = tmp_path_factory.mktemp("libreoffice")
    every = {}
    for source in (*SOURCES.values(), *OTHERS.values()):
        every[source.name] = folder / f"{source.name}.{source.kind}"
        every[source.name].write_bytes(source.data)
    own = [every[name] for name in SOURCES]
    resaved = [folder / f"{name}.docx" for name in RESAVED]
    for path in resaved:
        path.write_bytes(RESAVED[path.stem].data)
    soffice.convert([
        Order("new", [*own, every["rich_text"], *resaved]),
        Order("old", own, kind="doc"),
        Order("web", [every["web_page"]], read_as="HTML (StarWriter)"),
        Order("plain", [every["plain_text"]], read_as="Text (encoded):GB_18030"),
    ], folder)  # fmt: skip
    soffice.convert([Order("back", [folder / "old" / f"{name}.doc" for name in SOURCES])], folder)
    return folder


def read(path):
    said = word_child.document_of(path.read_bytes(), path.name)
    assert "fault" not in said, said
    return said


@pytest.mark.parametrize("way", ["new", "back"])
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_text_of_libreoffice_comes_through_whole(written, source, way):
    said = read(written / way / f"{source.name}.docx")

    check_every_line(said, source.lines, source.loose)
    assert said["late"] == 0
    assert not [line for line in source.gone if bare(line) in bare("".join(texts_of(said)))]
    assert len(kinds_of(said, "table")) == source.tables
    assert len(kinds_of(said, "picture")) == source.pictures
    assert not kinds_of(said, "lost")
    assert set(kinds_of(said, "left")) - {"numbers"} == {*source.left, "margins"}
    headings = [block["plain"][0] for block in said["blocks"] if block["kind"] == "heading"]
    assert [heading for heading in headings if heading in source.headings] == source.headings


@pytest.mark.parametrize("source", OTHERS.values(), ids=OTHERS)
def test_a_text_of_another_program_comes_through_whole(written, source):
    said = read(written / BY_WAY[source.name] / f"{source.name}.docx")

    check_every_line(said, source.lines, source.loose)
    assert (said["late"], len(kinds_of(said, "table"))) == (0, source.tables)


@pytest.mark.parametrize("shape", RESAVED.values(), ids=RESAVED)
def test_a_file_of_another_maker_saved_again_comes_through_whole(written, shape):
    said = read(written / "new" / f"{shape.name}.docx")

    arrived, expected = bare("".join(texts_of(said))), bare("".join(shape.lines))
    assert [line for line in shape.lines if arrived.count(bare(line)) != expected.count(bare(line))] == []
    assert said["late"] == 0


def test_pictures_in_frames_keep_their_captions(written):
    for way in ("new", "back"):
        pictures = kinds_of(read(written / way / "frames.docx"), "picture")

        assert ["“" in picture or '"' in picture for picture in pictures] == [True, True, True, False]


def test_the_table_of_contents_is_put_aside(written):
    assert len(kinds_of(read(written / "new" / "sections.docx"), "contents")) == 3


def test_the_older_format_is_refused_in_words_whatever_it_is_called(written):
    data = (written / "old" / "headings.doc").read_bytes()

    for name in ("headings.doc", "headings.docx"):
        with pytest.raises(Refused, match="另存为"):
            word.read(data, name)
    with pytest.raises(Refused, match="WPS 自己的格式"):
        word.read(data, "headings.wps")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused_in_words(written, part):
    data = (written / "new" / "frames.docx").read_bytes()

    assert word_child.document_of(data[: int(len(data) * part)], "a.docx") == {"fault": "damaged"}


def test_there_are_twenty_files_and_more(written):
    assert len(list(written.glob("*/*.docx"))) == 2 * len(SOURCES) + len(OTHERS) + len(RESAVED) >= 20


def test_a_machine_without_libreoffice_is_told_what_is_missing(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(pytest.fail.Exception, match="apt-get install libreoffice-writer-nogui"):
        soffice.program()
