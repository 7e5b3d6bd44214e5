"""From what a version says to the text of its file: the folder format, which case_library/README.md describes."""

from __future__ import annotations

from collections.abc import Sequence

from lms.cases.kinds import SECTION_HEADINGS, Section
from lms.cases.texts import CaseText, MethodText

METHOD_HEADINGS = {"steps": "步骤", "fits": "适用", "unfit": "不适用"}


def write_case(text: CaseText) -> str:
    """The file of a case, as `library_text.read_case` reads it."""
    facts = [
        f"title = {_quoted(text.title)}",
        f"summary = {_quoted(text.summary)}",
        f"abilities = {_listed([ability.value for ability in text.abilities])}",
        f"themes = {_listed([theme.value for theme in text.themes])}",
        f"community_kind = {_quoted(text.community_kind.value)}",
        f"region = {_quoted(text.region)}",
        f"place = {_quoted(text.place)}",
        f"began = {_quoted(text.began)}",
        *([f"ended = {_quoted(text.ended)}"] if text.ended else []),
        f"authors = {_listed(text.authors)}",
        *([f"methods = {_listed(text.methods)}"] if text.methods else []),
        *([f"evidence = {_quoted(text.evidence)}"] if text.evidence else []),
        f"illustration = {_truth(text.illustration)}",
        f"consent = {_truth(text.consent)}",
        f"anonymized = {_truth(text.anonymized)}",
    ]
    return _joined(facts, [(SECTION_HEADINGS[section], text.sections[section]) for section in Section])


def write_method(text: MethodText) -> str:
    """The file of a method, as `library_text.read_method` reads it."""
    facts = [
        f"name = {_quoted(text.name)}",
        f"idea = {_quoted(text.idea)}",
        f"abilities = {_listed([ability.value for ability in text.abilities])}",
        f"authors = {_listed(text.authors)}",
    ]
    return _joined(facts, [(heading, getattr(text, name)) for name, heading in METHOD_HEADINGS.items()])


def _joined(facts: Sequence[str], sections: Sequence[tuple[str, str]]) -> str:
    front = "\n".join(["+++", *facts, "+++"])
    return "\n\n".join([front, *(f"## {heading}\n\n{text.strip()}" for heading, text in sections)]) + "\n"


def _quoted(value: str) -> str:
    """A basic string of TOML on one line."""
    kept = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in kept) + '"'


def _listed(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, values)) + "]"


def _truth(value: bool) -> str:
    return "true" if value else "false"
