"""One file of the case library: what it says, and everything that is wrong with it, with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.cases import findings, limits
from lms.cases.kinds import SECTION_HEADINGS, CommunityKind, Theme
from lms.cases.texts import CaseText, MethodText
from lms.cases.writing import METHOD_HEADINGS
from lms.courses.faults import FaultLog, Severity
from lms.courses.media import MediaSource
from lms.courses.prose import check_callouts, check_html, check_links, fences, without
from lms.courses.text import decode
from lms.courses.toml_table import Table, read_toml
from lms.hours.kinds import Ability

FILES = "files/"
FENCE = "+++"
#: Pages of the library that stand where the address of a case or of a method would.
RESERVED = frozenset({"methods", "export", "new"})

_CASE_KEYS = (
    *("title", "summary", "abilities", "themes", "community_kind", "region", "place", "began", "ended", "authors"),
    *("methods", "evidence", "illustration", "consent", "anonymized"),
)
METHOD_KEYS = ("name", "idea", "abilities", "authors")
_MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,2})(?!#)(?P<heading>.*)$")


@dataclass(frozen=True, slots=True)
class CaseSource:
    """A case as its file has it, found sound; `media` are the files that it uses."""

    slug: str
    path: str
    text: CaseText
    data: bytes
    media: Mapping[str, MediaSource]


@dataclass(frozen=True, slots=True)
class MethodSource:
    """A method as its file has it, found sound."""

    slug: str
    path: str
    text: MethodText
    data: bytes


def is_slug(name: str) -> bool:
    return len(name) <= limits.SLUG and name not in RESERVED and _SLUG.fullmatch(name) is not None


def read_case(
    slug: str, data: bytes, files: Mapping[str, MediaSource | None], log: FaultLog, *, folder: str | None = None
) -> CaseSource | None:
    """Read one case; None where an error keeps it from being loaded. Every fault goes to `log`.

    :param folder: the name of the folder around it, where that is an ability's.
    """
    found = _open(data, log)
    if found is None:
        return None
    table, lines, start = found
    table.refuse_unknown(_CASE_KEYS)
    facts = _case_facts(table)
    abilities = facts.abilities
    if folder is not None and abilities and abilities[0] != folder:
        log.add("folder_mismatch", table.line("abilities"), value=abilities[0].value, folder=folder)
    sections, used = _read_sections(lines, start, list(SECTION_HEADINGS.values()), files, log)
    by_heading = {section: sections.get(heading, "") for section, heading in SECTION_HEADINGS.items()}
    text = replace(facts, sections=by_heading)
    if text.length > limits.LONGEST:
        log.add("too_long_case", start, count=text.length, limit=limits.LONGEST)
    elif text.length > limits.ADVISED:
        log.warn("long_case", start, count=text.length, limit=limits.ADVISED)
    if _has_errors(log):
        return None
    media = {name: source for name in used if (source := files.get(name)) is not None}
    return CaseSource(slug, log.path, text, data, media)


def read_method(slug: str, data: bytes, log: FaultLog) -> MethodSource | None:
    """Read one method; None where an error keeps it from being loaded. Every fault goes to `log`."""
    found = _open(data, log)
    if found is None:
        return None
    table, lines, start = found
    table.refuse_unknown(METHOD_KEYS)
    sections, _used = _read_sections(lines, start, list(METHOD_HEADINGS.values()), {}, log)
    text = MethodText(
        name=table.text("name", limits.METHOD_NAME),
        idea=table.text("idea", limits.IDEA),
        abilities=table.choices("abilities", Ability),
        authors=table.texts("authors", limits.NAME),
        **{part: sections.get(heading, "") for part, heading in METHOD_HEADINGS.items()},
    )
    return None if _has_errors(log) else MethodSource(slug, log.path, text, data)


def _open(data: bytes, log: FaultLog) -> tuple[Table, list[str], int] | None:
    """The front matter, all lines with it blanked, and how many lines it takes."""
    text = decode(data, log)
    if text is None:
        return None
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        log.add("no_front", 1)
        return None
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        log.add("front_open", 1)
        return None
    # The blank line stands for the first +++, so that lines are counted as in the file.
    table = read_toml("\n".join(["", *lines[1:end]]), log)
    return None if table is None else (table, [""] * (end + 1) + lines[end + 1 :], end + 1)


def _case_facts(table: Table) -> CaseText:
    began = _month(table, "began")
    ended = _month(table, "ended") if "ended" in table.document else None
    if ended and began and ended[: len(began)] < began[: len(ended)]:
        table.log.add("ends_before", table.line("ended"))
    illustration = table.truth("illustration")
    consent, anonymized = table.truth("consent"), table.truth("anonymized")
    if not illustration and not (consent and anonymized):
        table.log.add("not_confirmed", table.line("consent"))
    return CaseText(
        title=table.text("title", limits.TITLE),
        summary=table.text("summary", limits.SUMMARY),
        abilities=table.choices("abilities", Ability),
        themes=table.choices("themes", Theme),
        community_kind=table.choice("community_kind", CommunityKind) or CommunityKind.MIXED,
        region=table.text("region", limits.REGION),
        place=table.text("place", limits.PLACE),
        began=began,
        ended=ended,
        sections={},
        authors=table.texts("authors", limits.NAME),
        methods=table.texts("methods", limits.SLUG) if table.document.get("methods") else (),
        evidence=table.text("evidence", limits.EVIDENCE) if "evidence" in table.document else "",
        illustration=illustration,
        consent=consent,
        anonymized=anonymized,
    )


def _month(table: Table, key: str) -> str:
    value = table.text(key, 20)
    if value and not (value.isascii() and _MONTH.fullmatch(value)):
        table.log.add("bad_month", table.line(key), key=key)
    return value[:7]


def _read_sections(
    lines: list[str], start: int, headings: Sequence[str], files: Mapping[str, MediaSource | None], log: FaultLog
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The text below each heading, and the names of the files that it uses."""
    before = len(log.faults)
    prose = without(lines, list(fences(lines, log)))
    starts = _starts(prose, headings, log)
    first = starts[0][1] if starts else len(lines)
    for number, line in enumerate(prose[start:first], start + 1):
        if line.strip():
            log.add("text_too_early", number, heading=headings[0])
            break
    sections = {}
    ends = [*(at for _heading, at in starts[1:]), len(lines)]  # one too many where no heading was found
    for (heading, at), end in zip(starts, ends, strict=False):
        sections[heading] = "\n".join(lines[at + 1 : end]).strip("\n").rstrip()
        if not sections[heading].strip():
            log.add("section_empty", at + 1, heading=heading)
    body = [_HEADING.sub("", line) for line in prose]
    check_callouts(lines, body, log)
    check_html(body, log)
    used = check_links(body, files, log, FILES)
    _say_in_own_words(log, before)
    return sections, used


def _starts(prose: Sequence[str], headings: Sequence[str], log: FaultLog) -> list[tuple[str, int]]:
    """(heading, index of its line) of each fixed heading; what is unknown, missing or moved is a fault."""
    choices = "、".join(headings)
    starts: list[tuple[str, int]] = []
    for index, line in enumerate(prose):
        match = _HEADING.match(line)
        if match is None:
            continue
        heading = match["heading"].strip().rstrip("#").rstrip()
        if match["marks"] == "#":
            log.add("high_heading", index + 1)
        elif heading not in headings:
            log.add("unknown_section", index + 1, heading=heading[:40], choices=choices)
        else:
            starts.append((heading, index))
    found = [heading for heading, _index in starts]
    for heading in headings:
        if heading not in found:
            log.add("section_missing", None, heading=heading)
    if found != [heading for heading in headings if heading in found]:
        log.add("section_order", starts[0][1] + 1, choices=choices)
    return starts


def _say_in_own_words(log: FaultLog, before: int) -> None:
    """What the checks of lessons found, in the words of the library."""
    for index in range(before, len(log.faults)):
        fault = log.faults[index]
        log.faults[index] = replace(fault, code=findings.OWN_WORDS.get(fault.code, fault.code))


def _has_errors(log: FaultLog) -> bool:
    return any(fault.severity is Severity.ERROR and fault.path == log.path for fault in log.faults)
