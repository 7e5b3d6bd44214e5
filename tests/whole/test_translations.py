"""Both languages are complete: Chinese is in the source, and every sentence of it has its English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from lms.translations import build

ROOT = Path(__file__).parents[2]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
METHODS = [("**/templates/**.html", "jinja2"), ("**/translations/**", "ignore"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "true"}}
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
# The site's own name, the name by which the other language is offered, and a label to look for in another program.
STAYS_CHINESE = re.compile("社区学堂|简体中文|中文|企业微信")


@lru_cache(maxsize=1)
def in_source() -> Catalog:
    """Every message that the code and the templates ask for."""
    catalog = Catalog()
    for file, line, message, _comments, context in extract_from_dir(
        ROOT / "lms", method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        catalog.add(message, locations=[(f"lms/{file}", line)], context=context)
    return catalog


@lru_cache(maxsize=1)
def in_english() -> tuple[Catalog, list[build.Fault]]:
    return build.merge(build.HERE / build.LOCALE)


def keys(catalog: Catalog) -> set[str | tuple[str, str]]:
    return {build.key_of(message) for message in catalog if message.id}


def missing() -> Iterator[str]:
    known = keys(in_english()[0])
    for message in in_source():
        if message.id and build.key_of(message) not in known:
            file, line = message.locations[0]
            yield f"{file}:{line} {build.key_of(message)!r}"


def test_every_message_has_its_english():
    found = sorted(missing())

    assert not found, "\n".join(
        ["A reader of English would see Chinese: add these to lms/translations/en/<module>.po", *found]
    )


def test_no_catalog_has_a_fault():
    faults = in_english()[1]

    assert not faults, "\n".join(map(str, faults))


def test_no_english_is_left_over():
    unused = sorted(str(key) for key in keys(in_english()[0]) - keys(in_source()))

    assert not unused, "\n".join(["Nothing says these any more: remove them from lms/translations/en", *unused])


def test_english_is_english():
    mixed = [
        f"{build.key_of(message)!r}: {form!r}"
        for message in in_english()[0]
        if message.id
        for form in build.forms_of(message.string)
        if CHINESE.search(STAYS_CHINESE.sub("", form))
    ]

    assert not mixed, "\n".join(["Chinese words or punctuation in the English:", *mixed])


def test_one_and_many_are_asked_for_alike():
    """Where a message has a form for many in the source, the English has one too."""
    plural = {build.key_of(message) for message in in_source() if isinstance(message.id, tuple)}
    single = {build.key_of(message) for message in in_english()[0] if message.id and isinstance(message.id, str)}

    assert not plural & single, f"ngettext needs msgid_plural in the catalog: {sorted(map(str, plural & single))}"
