"""Facts made in one line, and packs cut to what a case needs: no database."""

from __future__ import annotations

from datetime import date
from itertools import count

from lms.policies import cycles, policy_toml
from lms.policies.cycles import DAY, FAR
from lms.policies.facts import Absence, Entry, Post
from lms.policies.policy_toml import PolicyText
from lms.policies.rules import Version, requirements_of

#: Paths of the places in the cases: a county with two communities, and another county.
PLACES = {"光明": (5, "1.2.3.4.5."), "新华": (6, "1.2.3.4.6."), "外县": (9, "1.2.7.8.9.")}
COUNTY, OTHER_COUNTY, PROVINCE = "1.2.3.", "1.2.7.", "1."

WORDS = {
    "书记": "party_secretary",
    "主任": "committee_director",
    "委员": "committee_member",
    "专职": "full_time_staff",
    "网格员": "grid_worker",
}

OPINION = policy_toml.read_file(policy_toml.PACKS / "opinion-2024.toml")
EXAMPLE = policy_toml.read_file(policy_toml.PACKS / "full-example.toml")
HORIZON = date(2028, 1, 1)

_ids = count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def post(word: str, start: str, end: str | None = None, *, at: str = "光明", primary: bool = True) -> Post:
    """A post, held from the first day to the last."""
    unit_id, path = PLACES[at]
    return Post(unit_id, path, WORDS[word], day(start), day(end) + DAY if end else FAR, primary)


def entry(
    on: str, *, tier: str = "county", kind: str = "class", hours: str = "8", title: str = "", **more: str
) -> Entry:
    """A training that stands in the ledger; without a title it is one of its own."""
    number = next(_ids)
    hundredths = int(float(hours) * 100)
    return Entry(number, day(on), kind, tier, more.get("type", "in_service"), hundredths, title or f"培训 {number}")


def absence(start: str, end: str, kind: str = "leave") -> Absence:
    return Absence(next(_ids), kind, day(start), day(end) + DAY)


def versions(text: PolicyText, path: str = COUNTY, *, first_id: int = 1) -> list[Version]:
    """The versions of a file as a unit has adopted them."""
    made = []
    for number, given in enumerate(text.versions):
        after = text.versions[number + 1].valid_from if number + 1 < len(text.versions) else None
        ends = given.valid_to + DAY if given.valid_to else after
        numbers = first_id + number, int(path.split(".")[-2])
        requirements = requirements_of(given.body)
        made.append(Version(*numbers, path, text.name, text.title, given.number, given.valid_from, ends, requirements))
    return made


def lines(text: PolicyText, path: str = COUNTY, *, first_id: int = 1) -> list[cycles.Line]:
    return cycles.lines(versions(text, path, first_id=first_id), HORIZON)


def policy(requirement: str, *, valid_from: str = "2024-01-01", more: str = "") -> PolicyText:
    """A policy of one requirement; `more` is what follows in the file: a second version."""
    head = f'name = "made"\ntitle = "试"\nsource = "试"\n[[version]]\nnumber = 1\nvalid_from = {valid_from}\n'
    return policy_toml.read(head + REQUIREMENT.format(requirement) + more)


REQUIREMENT = """
[[version.requirement]]
key = "all"
title = "全员"
who.posts = ["party_secretary", "committee_director", "full_time_staff", "grid_worker"]
exemptions = ["leave"]
{}
"""
