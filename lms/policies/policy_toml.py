"""Reading a policy file: TOML, with the line of each thing that is wrong. `packs/` holds examples of the format."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.people.posts import PostClass
from lms.policies.faults import Fault, PolicyFaults
from lms.policies.kinds import CycleKind, ExemptionKind
from lms.policies.toml_lines import Lines, Place
from lms.policies.toml_tables import Table

PACKS = Path(__file__).parent / "packs"
OPINION = "opinion-2024"
MOST_BYTES = 200_000
MOST_YEARS = 10
MOST_MONTHS = 36
_TOML_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_LONG_NUMBER = re.compile(r"[\d_]{4300,}")
FILE_KEYS = ("name", "title", "source", "example", "version")
VERSION_KEYS = ("number", "valid_from", "valid_to", "requirement")
REQUIREMENT_KEYS = ("key", "title", "exemptions", "head_count", "who", "cycle", "counts", "grace")
#: Which further keys a cycle of a kind has.
CYCLE_KEYS = {
    CycleKind.CALENDAR_YEAR: (),
    CycleKind.FIXED_BLOCK: ("years", "first_year"),
    CycleKind.ROLLING: ("years",),
    CycleKind.ONCE: ("months",),
}


@dataclass(frozen=True)
class VersionText:
    """A version as a file states it; `place` is where."""

    number: int
    valid_from: date
    valid_to: date | None
    requirements: tuple[dict[str, Any], ...]
    place: Place

    @property
    def body(self) -> dict[str, Any]:
        return {"requirements": list(self.requirements)}


@dataclass(frozen=True)
class PolicyText:
    """A whole file, found sound."""

    name: str
    title: str
    source: str
    example: bool
    versions: tuple[VersionText, ...]
    lines: Lines

    def line(self, version: VersionText, *place: str | int) -> int | None:
        """Where something of a version stands: `line(version, "requirement", 0, "counts", "trainings")`."""
        return self.lines.of((*version.place, *place))


def shipped() -> list[str]:
    """Names of the packs that ship, what the Opinion itself asks first."""
    return sorted((path.stem for path in PACKS.glob("*.toml")), key=lambda name: (name != OPINION, name))


def read_pack(name: str) -> PolicyText:
    """A pack that ships, by its name."""
    return read_file(PACKS / f"{name}.toml")


def read_file(path: Path) -> PolicyText:
    """:raise PolicyFaults: everything that is wrong with the file."""
    return read_bytes(path.read_bytes()[: MOST_BYTES + 1])


def read_bytes(data: bytes) -> PolicyText:
    """:raise PolicyFaults: everything that is wrong with it, also that it is no text."""
    if len(data) > MOST_BYTES:
        raise PolicyFaults([Fault(None, "too_long", {"key": "TOML", "length": len(data), "limit": MOST_BYTES})])
    try:
        return read(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise PolicyFaults([Fault(data[: error.start].count(b"\n") + 1, "not_utf8")]) from error


def read(text: str) -> PolicyText:
    """:raise PolicyFaults: everything that is wrong with `text`, each with its line."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        raise PolicyFaults([Fault(line, "toml", {"reason": _TOML_PLACE.sub("", str(error))})]) from error
    except ValueError as error:
        raise PolicyFaults([Fault(_line_of_long_number(text), "long_number")]) from error
    except RecursionError as error:
        raise PolicyFaults([Fault(None, "too_deep")]) from error
    lines, faults = Lines(text), list[Fault]()
    table = Table(document, (), lines, faults)
    table.refuse_unknown(FILE_KEYS)
    found = PolicyText(
        name=table.name("name"),
        title=table.text("title", 60),
        source=table.text("source", 300),
        example=table.flag("example"),
        versions=tuple(_version(inner) for inner in table.tables("version", "[[version]]")),
        lines=lines,
    )
    if not faults:
        _check_order(found, faults)
    if faults:
        raise PolicyFaults(faults)
    return found


def _line_of_long_number(text: str) -> int | None:
    """Where the first number stands that has more digits than Python reads."""
    found = _LONG_NUMBER.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _version(table: Table) -> VersionText:
    table.refuse_unknown(VERSION_KEYS)
    inner = table.tables("requirement", "[[version.requirement]]")
    return VersionText(
        number=table.whole("number", 1, 9999),
        valid_from=table.day("valid_from") or date.min,
        valid_to=table.day("valid_to", optional=True),
        requirements=tuple(_requirement(requirement) for requirement in inner),
        place=table.place,
    )


def _requirement(table: Table) -> dict[str, Any]:
    table.refuse_unknown(REQUIREMENT_KEYS)
    cycle, counts = (
        table.inside("cycle", "[version.requirement.cycle]"),
        table.inside("counts", "[version.requirement.counts]"),
    )
    who, grace = table.inside("who", "[version.requirement.who]"), table.inside("grace", "", optional=True)
    given: dict[str, Any] = {
        "key": table.name("key"),
        "title": table.text("title", 60),
        "who": _who(who) if who else {},
        "cycle": _cycle(cycle) if cycle else {},
        "counts": _counts(counts) if counts else {},
    }
    if grace:
        given["grace"] = _grace(grace)
    if "head_count" in table.document:
        given["head_count"] = table.month_day("head_count")
    if "exemptions" in table.document:
        given["exemptions"] = table.choices("exemptions", ExemptionKind, may_be_empty=True)
    return given


def _who(table: Table) -> dict[str, Any]:
    table.refuse_unknown(("posts", "not_posts", "certificates"))
    given: dict[str, Any] = {"posts": table.choices("posts", PostClass)}
    if "not_posts" in table.document:
        given["not_posts"] = table.choices("not_posts", PostClass)
        for value in given["not_posts"]:
            if value in given["posts"]:
                table.fault("post_on_both_sides", "not_posts", value=value)
    if "certificates" in table.document:
        given["certificates"] = table.texts("certificates", 40)
    return given


def _cycle(table: Table) -> dict[str, Any]:
    kind = table.choice("kind", CycleKind)
    table.refuse_unknown(("kind", "years", "first_year", "months"))
    if kind is None:
        return {}
    given: dict[str, Any] = {"kind": kind.value}
    bounds = {"years": (1, MOST_YEARS), "first_year": (1949, 2200), "months": (1, MOST_MONTHS)}
    for key, (low, high) in bounds.items():
        if key in CYCLE_KEYS[kind]:
            given[key] = table.whole(key, low, high, code="zero_cycle" if key == "years" else "out_of_range")
        elif key in table.document:
            kinds = [other.value for other, keys in CYCLE_KEYS.items() if key in keys]
            table.fault("not_here", key, kind=", ".join(kinds))
    return given


def _counts(table: Table) -> dict[str, Any]:
    table.refuse_unknown(("trainings", "hours", "tiers", "training_types", "kinds", "caps", "carry_over"))
    given: dict[str, Any] = {}
    if "trainings" in table.document:
        given["trainings"] = table.whole("trainings", 1, 100)
    for key in ("hours", "carry_over"):
        if key in table.document:
            given[key] = table.hours(key)
    if not {"trainings", "hours"} & set(table.document):
        table.fault("nothing_counts", None)
    for key, kinds in (("tiers", Tier), ("training_types", TrainingType), ("kinds", HourKind)):
        if key in table.document:
            given[key] = table.choices(key, kinds)
    caps = table.inside("caps", "", optional=True)
    if caps:
        caps.refuse_unknown(tuple(HourKind))
        given["caps"] = {key: caps.hours(key) for key in caps.document if key in list(HourKind)}
    for key in ("caps", "carry_over"):
        if key in table.document and "hours" not in table.document:
            table.fault("cap_alone", key)
    return given


def _grace(table: Table) -> dict[str, Any]:
    table.refuse_unknown(("newcomer_months", "change_months"))
    keys = [key for key in ("newcomer_months", "change_months") if key in table.document]
    return {key: table.whole(key, 0, MOST_MONTHS) for key in keys}


def _check_order(found: PolicyText, faults: list[Fault]) -> None:
    """Versions follow each other in number and in time; keys are unique in each."""
    before: VersionText | None = None
    for version in found.versions:
        _check_keys(found, version, faults)
        if version.valid_to and version.valid_to < version.valid_from:
            params = {"number": version.number, "until": version.valid_to, "since": version.valid_from}
            faults.append(Fault(found.line(version, "valid_to"), "ends_before_start", params))
        if before is not None and version.number <= before.number:
            params = {"number": version.number, "other": before.number}
            faults.append(Fault(found.line(version, "number"), "number_order", params))
        elif before is not None and version.valid_from <= (before.valid_to or before.valid_from):
            faults.append(Fault(found.line(version, "valid_from"), "overlap", overlap(version, before)))
        before = version


def overlap(version: VersionText, other: Any) -> dict[str, object]:
    """What the sentence about two overlapping versions says; `other` may be one that was adopted."""
    number = other.number if isinstance(other, VersionText) else other.version
    return {
        "number": version.number,
        "since": version.valid_from,
        "other": number,
        "other_since": other.valid_from,
    }


def _check_keys(found: PolicyText, version: VersionText, faults: list[Fault]) -> None:
    seen: dict[str, int | None] = {}
    for index, requirement in enumerate(version.requirements):
        key, line = requirement["key"], found.line(version, "requirement", index, "key")
        if key in seen:
            faults.append(Fault(line, "key_twice", {"value": key, "other": seen[key]}))
        seen.setdefault(key, line)
