"""What a learner reads first: one sentence about what to go on with, and the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for

from lms.core import clock
from lms.core.web import Actor
from lms.courses import ways
from lms.courses.queries import CatalogRow
from lms.home import owing
from lms.hours import queries as hours
from lms.hours.kinds import Tier

SHOWN = 4


@dataclass(frozen=True)
class Learning:
    """The reader's own learning.

    `task` is the course to go on with, or to begin: one that meets an open duty goes before others. None where
    everything on offer is finished this year.
    """

    year: int
    hours: Decimal
    task: CatalogRow | None
    begun: Sequence[CatalogRow]
    offered: Sequence[CatalogRow]
    tiers: Sequence[Tier] = tuple(Tier)


def read(actor: Actor) -> Learning | None:
    """The learning of whoever is signed in, in two statements; None for an administrator who holds no post."""
    if actor.has("admin") and not actor.homes:
        return None
    year = clock.today().year
    rows = ways.first_page(actor).items
    begun = [row for row in rows if row.state == "doing"]
    offered = [row for row in rows if row.state == "todo"]
    task = _owed([*begun, *offered], actor) or next(iter(begun or offered), None)
    others = [row for row in (*begun, *offered) if row is not task]
    return Learning(
        year=year,
        hours=hours.balance_of(actor.person_id or 0, year),
        task=task,
        begun=[row for row in others if row.state == "doing"][:SHOWN],
        offered=[row for row in others if row.state == "todo"][:SHOWN],
    )


def _owed(rows: Sequence[CatalogRow], actor: Actor) -> CatalogRow | None:
    """The course that the card above this one names, so that both say the same."""
    wanted = owing.ways(actor)
    if not wanted:
        return None
    here = {url_for("courses.show", course_id=row.course_id): row for row in rows}
    return next((here[url] for url in wanted if url in here), None)
