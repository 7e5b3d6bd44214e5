"""Merges the hand-kept catalogs `en/<module>.po` into the one messages.mo that the site reads: `make messages`.

A catalog that would put a wrong or an empty sentence before a reader is refused, with its file and line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

HERE = Path(__file__).parent
LOCALE = "en"
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]")


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry, and where: `core.po:12 …`."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} {self.message}"


def key_of(message: Message) -> str | tuple[str, str]:
    """What gettext looks an entry up by: its context, and the first of its forms."""
    source = forms_of(message.id)[0]
    return (message.context, source) if message.context else source


def forms_of(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def placeholders(text: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(text))


def faults_of(message: Message) -> Iterator[str]:
    """What is wrong with one entry by itself."""
    source, translated = forms_of(message.id), forms_of(message.string)
    if message.fuzzy:
        yield f"is marked fuzzy, so it would not be shown: {source[0]!r}"
    if len(source) > 1 and len(translated) < 2:
        yield f"needs an English form for one and one for many: {source[0]!r}"
    if not all(form.strip() for form in translated):
        yield f"has no English: {source[0]!r}"
        return
    known = frozenset().union(*map(placeholders, source))
    for number, form in enumerate(translated):
        used = placeholders(form)
        # "One course" may leave out the number; the form for many may not.
        may_omit = len(source) > 1 and number == 0
        if used - known or (known - used and not may_omit):
            yield f"its placeholders {sorted(used)} are not those of the source {sorted(known)}: {source[0]!r}"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def merge(folder: Path) -> tuple[Catalog, list[Fault]]:
    """All catalogs of a folder as one, and every fault in them."""
    merged = Catalog(locale=LOCALE)
    first_seen: dict[str | tuple[str, str], tuple[str, Message]] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.po")):
        try:
            catalog = read(path)
        except (PoFileError, UnicodeDecodeError) as error:
            faults.append(Fault(path.name, getattr(error, "lineno", None), f"cannot be read: {error}"))
            continue
        entries = [message for message in [*catalog, *catalog.obsolete.values()] if message.id]
        for message in entries:
            faults.extend(Fault(path.name, message.lineno, text) for text in faults_of(message))
            key = key_of(message)
            earlier = first_seen.setdefault(key, (path.name, message))
            if forms_of(earlier[1].string) != forms_of(message.string):
                text = f"is translated otherwise in {earlier[0]}: {key!r}; say it once, in core.po"
                faults.append(Fault(path.name, message.lineno, text))
            merged.add(message.id, message.string, context=message.context)
    return merged, faults


def write(catalog: Catalog, folder: Path) -> Path:
    """The compiled catalog, put in place whole: a running site never reads half of one."""
    target = folder / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".mo.part")
    with unfinished.open("wb") as file:
        write_mo(file, catalog)
    return unfinished.replace(target)


def main(folder: Path = HERE / LOCALE) -> int:
    catalog, faults = merge(folder)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if faults:
        sys.stderr.write(f"{len(faults)} faults in {folder}: nothing was compiled\n")
        return 1
    write(catalog, folder)
    sys.stdout.write(f"Compiled {len(catalog)} English messages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
