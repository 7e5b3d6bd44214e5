"""A policy beside those of the same name that the levels above have adopted: what is the same, stricter, added."""

from dataclasses import dataclass

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.policies import queries
from lms.policies.models import Policy
from lms.policies.rules import requirements_of
from lms.policies.weakening import is_weaker

SAME, STRICTER, ADDED = _l("与上级相同"), _l("比上级更严"), _l("本级增加")
#: The level above has adopted more since: its own requirement holds as well.
WEAKER = _l("上级后来更严，两者同时适用")


@dataclass(frozen=True)
class Beside:
    """One requirement beside that of a unit above; `policy` is where that stands, None where there is none."""

    title: str
    verdict: LazyString
    unit_name: str
    policy_id: int | None


def beside_above(policy: Policy) -> list[Beside]:
    """Each requirement beside that of the nearest unit above; empty where none above has a policy of this name."""
    ancestors = [one for one in queries.list_adopted(policy.unit) if one.name == policy.name and _overlap(one, policy)]
    above = [one for one in ancestors if one.unit_id != policy.unit_id]
    if not above:
        return []
    nearest = above[-1]
    theirs, found = requirements_of(nearest.body), []
    for key, ours in requirements_of(policy.body).items():
        upper = theirs.get(key)
        if upper is None:
            found.append(Beside(ours.title, ADDED, nearest.unit.name, None))
        else:
            verdict = WEAKER if is_weaker(ours, upper) else STRICTER if is_weaker(upper, ours) else SAME
            found.append(Beside(ours.title, verdict, nearest.unit.name, nearest.id))
    return found


def _overlap(one: Policy, other: Policy) -> bool:
    starts_later = one if one.valid_from >= other.valid_from else other
    starts_first = other if starts_later is one else one
    return starts_first.valid_to is None or starts_first.valid_to >= starts_later.valid_from
