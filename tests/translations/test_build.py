"""Catalogs are merged only when a reader would see the right sentence."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

import pytest

from lms.translations import build

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@pytest.fixture
def catalogs(tmp_path: Path):
    def write(**entries: str) -> Path:
        for name, text in entries.items():
            (tmp_path / f"{name}.po").write_text(HEADER + text, encoding="utf-8")
        return tmp_path

    return write


def entry(source: str, english: str, flags: str = "") -> str:
    return f'{flags}msgid "{source}"\nmsgstr "{english}"\n\n'


def messages_of(folder: Path) -> list[str]:
    return [str(fault) for fault in build.merge(folder)[1]]


def test_it_merges_the_catalogs_of_all_modules(catalogs):
    folder = catalogs(core=entry("保存", "Save"), units=entry("社区", "Community"))

    assert build.main(folder) == 0

    with (folder / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        english = GNUTranslations(file)
    assert (english.gettext("保存"), english.gettext("社区")) == ("Save", "Community")


def test_plurals_have_both_forms(catalogs):
    plural = (
        'msgid "%(num)s 门课程"\nmsgid_plural "%(num)s 门课程"\nmsgstr[0] "One course"\nmsgstr[1] "%(num)s courses"\n'
    )
    folder = catalogs(core=plural)

    assert build.main(folder) == 0

    with (folder / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        english = GNUTranslations(file)
    assert english.ngettext("%(num)s 门课程", "%(num)s 门课程", 1) == "One course"
    assert english.ngettext("%(num)s 门课程", "%(num)s 门课程", 3) == "%(num)s courses"


def test_two_modules_may_not_translate_a_sentence_differently(catalogs):
    folder = catalogs(core=entry("保存", "Save"), units=entry("保存", "Keep"))

    (fault,) = messages_of(folder)

    assert fault.startswith("units.po:6 is translated otherwise in core.po")


def test_the_same_sentence_said_alike_twice_is_fine(catalogs):
    assert messages_of(catalogs(core=entry("保存", "Save"), units=entry("保存", "Save"))) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (entry("保存", "Save", flags="#, fuzzy\n"), "marked fuzzy"),
        (entry("保存", ""), "has no English"),
        (entry("你好，%(name)s", "Hello"), "placeholders"),
        (entry("你好", "Hello %(name)s"), "placeholders"),
        ("这不是目录\n", "cannot be read"),
    ],
)
def test_a_fault_names_its_file_and_nothing_is_compiled(catalogs, capsys, text, reason):
    folder = catalogs(core=text)

    assert build.main(folder) == 1

    assert reason in capsys.readouterr().err
    assert messages_of(folder)[0].startswith("core.po")
    assert not (folder / "LC_MESSAGES").exists()
