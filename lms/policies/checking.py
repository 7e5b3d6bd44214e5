"""Whether what a file says may be adopted: beside what the unit has adopted before, and below what stands above it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from lms.policies import queries, reading
from lms.policies.cycles import DAY, FAR
from lms.policies.faults import Fault, PolicyFaults
from lms.policies.models import Policy
from lms.policies.policy_toml import PolicyText, VersionText, overlap
from lms.policies.rules import Version, requirements_of
from lms.policies.weakening import Weakness, weaknesses
from lms.units.models import Unit


def new_versions(
    text: PolicyText, versions: Sequence[VersionText], unit: Unit, *, today: date
) -> Sequence[VersionText]:
    """Those that the unit has not adopted yet.

    :raise PolicyFaults: one has changed, does not follow those before it, or weakens the level above.
    """
    known = {policy.version: policy for policy in queries.list_versions(unit.id, text.name)}
    new = [version for version in versions if version.number not in known]
    faults = _history_faults(text, versions, known, today=today) + faults_against_above(text, new, unit)
    if faults:
        raise PolicyFaults(faults)
    return new


def from_day_on(text: PolicyText, from_day: date | None) -> list[VersionText]:
    """The versions as the unit takes them: none that ended before its first day, none that begins earlier."""
    first = from_day or date.min
    taken = []
    for version, after in zip_longest(text.versions, text.versions[1:]):
        ended = version.valid_to is not None and version.valid_to < first
        replaced = after is not None and after.valid_from <= first
        if not ended and not replaced:
            taken.append(replace(version, valid_from=max(version.valid_from, first)))
    return taken


def _history_faults(
    text: PolicyText, versions: Sequence[VersionText], known: Mapping[int, Policy], *, today: date
) -> list[Fault]:
    """What does not fit to the versions that the unit has adopted already."""
    faults = []
    last = max(known.values(), key=lambda policy: policy.version, default=None)
    earliest = date(today.year, 1, 1)
    for version in versions:
        if version.number in known:
            if known[version.number].body != version.body:
                faults.append(Fault(text.line(version, "number"), "changed", {"number": version.number}))
        elif last is not None and version.number < last.version:
            params: dict[str, object] = {"number": version.number, "other": last.version}
            faults.append(Fault(text.line(version, "number"), "number_order", params))
        elif last is not None and version.valid_from <= (last.valid_to or last.valid_from):
            faults.append(Fault(text.line(version, "valid_from"), "overlap", overlap(version, last)))
        elif last is not None and version.valid_from < earliest:
            params = {"number": version.number, "earliest": earliest}
            faults.append(Fault(text.line(version, "valid_from"), "past", params))
    return faults


def faults_against_above(text: PolicyText, versions: Sequence[VersionText], unit: Unit) -> list[Fault]:
    """In what the versions ask less than the policy of that name which a unit above has adopted."""
    above = [version for version in reading.read_versions(unit.ancestor_ids) if version.name == text.name]
    names = reading.read_unit_names(unit.ancestor_ids)
    faults = []
    for version, after in zip_longest(versions, versions[1:]):
        ours = as_version(text, version, unit, after)
        for theirs in above:
            if _at_one_time(ours, theirs):
                faults += [_fault(text, version, one, names[theirs.unit_id]) for one in weaknesses(ours, theirs)]
    return faults


def _at_one_time(ours: Version, theirs: Version) -> bool:
    ends = (ours.ends_before or FAR, theirs.ends_before or FAR)
    return max(ours.valid_from, theirs.valid_from) < min(ends)


def _fault(text: PolicyText, version: VersionText, weakness: Weakness, unit_name: str) -> Fault:
    place: tuple[str | int, ...] = ()
    if weakness.requirement is not None:
        keys = [requirement["key"] for requirement in version.requirements]
        place = ("requirement", keys.index(weakness.requirement), *weakness.place)
    return Fault(text.line(version, *place), weakness.code, {"unit": unit_name, **weakness.params})


def as_version(text: PolicyText, version: VersionText, unit: Unit, after: VersionText | None) -> Version:
    """A version of a file as if the unit had adopted it; `after` is the one that takes its place."""
    ends = [day for day in (version.valid_to and version.valid_to + DAY, after and after.valid_from) if day]
    return Version(
        id=0,
        unit_id=unit.id,
        unit_path=unit.path,
        name=text.name,
        title=text.title,
        number=version.number,
        valid_from=version.valid_from,
        ends_before=min(ends, default=None),
        requirements=requirements_of(version.body),
    )
