"""The difference between a file and what is on record: what a load would do, before it does anything. Pure.

Those on record whom the file does not name are listed as missing and left alone. A post ends where the file says that
somebody left, and where it gives somebody of several posts, or of one, another in its place. Ending more than 2 % of
the open posts asks for a second confirmation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from lms.people.posts import PostClass
from lms.roster.findings import Code
from lms.roster.mapping import Field
from lms.roster.matching import Known, OpenPost, PersonRows, Register, find_known
from lms.roster.places import Place
from lms.roster.rows import Row

ENDINGS_TO_CONFIRM = 0.02  # of the open posts
FACTS = (
    "name", "gender", "birth_month", "phone", "political_status", "education", "joined_on", "certificate",
)  # fmt: skip


class EndWhy(StrEnum):
    LEFT = "left"
    REPLACED = "replaced"


@dataclass(frozen=True)
class NewPost:
    """A post to open."""

    place: Place
    post: PostClass
    title: str
    grade: str | None
    starts_on: date
    is_primary: bool


@dataclass(frozen=True)
class Ending:
    """A post to end."""

    known: Known
    post: OpenPost
    last_day: date
    why: EndWhy


@dataclass
class Step:
    """What is done for one person: `known` is None for somebody new."""

    row: Row
    known: Known | None
    facts: dict[str, Any] = field(default_factory=dict)
    id_number: str | None = None
    opened: list[NewPost] = field(default_factory=list)
    reworded: list[tuple[OpenPost, str, str | None]] = field(default_factory=list)
    ended: list[Ending] = field(default_factory=list)
    unnamed: list[OpenPost] = field(default_factory=list)

    @property
    def changes_facts(self) -> bool:
        return bool(self.facts or self.id_number or self.reworded)

    @property
    def is_idle(self) -> bool:
        return not (self.changes_facts or self.opened or self.ended)


@dataclass(frozen=True)
class Missing:
    """Open posts on record that the file does not name."""

    known: Known
    posts: Sequence[OpenPost]


@dataclass
class Plan:
    """Everything a load would do.

    :param missing: people on record with open posts that the file does not name; nothing is done about them.
    :param open_posts: how many were open before.
    """

    steps: list[Step]
    left_out: list[Row]
    missing: list[Missing]
    open_posts: int

    @property
    def creates(self) -> list[Step]:
        return [step for step in self.steps if step.known is None]

    @property
    def changes(self) -> list[Step]:
        return [step for step in self.steps if step.known is not None and step.changes_facts]

    @property
    def endings(self) -> list[Ending]:
        return [ending for step in self.steps for ending in step.ended]

    @property
    def counts(self) -> dict[str, int]:
        return {
            "create": len(self.creates),
            "change": len(self.changes),
            "appoint": sum(len(step.opened) for step in self.steps),
            "end": len(self.endings),
            "unchanged": sum(step.is_idle for step in self.steps),
            "missing": len(self.missing),
        }

    @property
    def is_empty(self) -> bool:
        return all(step.is_idle for step in self.steps)

    @property
    def needs_second_confirmation(self) -> bool:
        return bool(self.endings) and len(self.endings) > ENDINGS_TO_CONFIRM * self.open_posts


def draft(
    groups: Sequence[PersonRows],
    register: Register,
    *,
    digest: Callable[[str], str],
    today: date,
    form_date: date | None,
) -> Plan:
    """Compare the people of a file with those on record.

    :param digest: the keyed hash by which identity numbers are looked up.
    """
    effective = min(form_date or today, today)
    plan = Plan([], [], [], register.open_posts)
    named: set[int] = set()
    for group in groups:
        known = find_known(group, register, digest)
        if known is not None:
            named.add(known.id)
        step = _step(group, known, effective) if group.is_sound else None
        if step is not None:
            plan.steps.append(step)
        else:
            plan.left_out.extend(row for row, _place in group.rows)
    plan.missing = [Missing(known, known.posts) for known in register.people if known.posts and known.id not in named]
    plan.missing += [Missing(step.known, step.unnamed) for step in plan.steps if step.known and step.unnamed]
    return plan


def _step(group: PersonRows, known: Known | None, effective: date) -> Step | None:
    """What to do for one person; None for a stranger who has left already."""
    staying = [(row, place) for row, place in group.rows if row.on_duty and place is not None]
    leaving = [(row, place) for row, place in group.rows if not row.on_duty and place is not None]
    if known is None and not staying:
        for row, _place in leaving:
            row.note(Code.LEAVER_UNKNOWN, Field.ON_DUTY)
        return None
    step = Step(group.first, known)
    _compare_facts(step, group)
    posts = list(known.posts) if known else []
    for row, place in leaving:
        posts = _leave(step, row, place, posts, effective)
    wanted = _wanted(staying)
    kept = _keep(step, wanted, posts)
    fresh = [(row, place) for row, place in wanted if (place.id, row.post) not in kept]
    unnamed = [post for post in posts if (post.unit_id, post.post) not in kept]
    if fresh:
        _replace(step, unnamed, effective)
    elif staying:
        step.unnamed.extend(unnamed)
    _open(step, fresh, posts, effective)
    return step


def _compare_facts(step: Step, group: PersonRows) -> None:
    """Facts that the file fills and that differ; a blank in the file never erases. Later rows fill blanks only."""
    rows = [group.first, *(row for row, _place in group.rows)]
    before = step.known.facts if step.known else {}
    for fact in FACTS:
        value = next((getattr(row, fact) for row in rows if getattr(row, fact)), None)
        if value is not None and value != before.get(fact):
            step.facts[fact] = value
    number = next((row.id_number for row in rows if row.id_number), None)
    if number and (step.known is None or step.known.digest is None):
        step.id_number = number


def _leave(step: Step, row: Row, place: Place, posts: list[OpenPost], effective: date) -> list[OpenPost]:
    """End what the leaver held in that unit; the posts that remain."""
    here = [post for post in posts if post.unit_id == place.id]
    exact = [post for post in here if post.post == row.post] or here
    if not exact or step.known is None:
        row.note(Code.LEAVER_UNKNOWN, Field.ON_DUTY)
        return posts
    for post in exact:
        last_day = max(min(row.left_on or effective, effective), post.starts_on)
        step.ended.append(Ending(step.known, post, last_day, EndWhy.LEFT))
        row.note(Code.LEAVER, Field.ON_DUTY, date=last_day.isoformat())
    return [post for post in posts if post not in exact]


Wanted = tuple[Row, Place]


def _wanted(staying: Sequence[tuple[Row, Place]]) -> list[Wanted]:
    """Each post once, those that are not marked as second posts first."""
    seen: dict[tuple[int, PostClass | None], Wanted] = {}
    for row, place in sorted(staying, key=lambda pair: pair[0].is_second):
        seen.setdefault((place.id, row.post), (row, place))
    return list(seen.values())


Held = set[tuple[int, PostClass | None]]


def _keep(step: Step, wanted: Sequence[Wanted], posts: Sequence[OpenPost]) -> Held:
    """Posts that the file names and that are held: kept, reworded where title or grade differ."""
    kept: Held = set()
    held = {(post.unit_id, post.post): post for post in posts}
    for row, place in wanted:
        post = held.get((place.id, row.post)) if row.post else None
        if post is None:
            continue
        kept.add((post.unit_id, post.post))
        title, grade = row.title or post.title, row.grade or post.grade
        if (title, grade) != (post.title, post.grade):
            step.reworded.append((post, title, grade))
    return kept


def _replace(step: Step, posts: Sequence[OpenPost], effective: date) -> None:
    """Posts that others take the place of end the day before, but never before they began."""
    if step.known is not None:
        for post in posts:
            last_day = max(effective - timedelta(days=1), post.starts_on)
            step.ended.append(Ending(step.known, post, last_day, EndWhy.REPLACED))


def _open(step: Step, fresh: Sequence[Wanted], posts: Sequence[OpenPost], effective: date) -> None:
    """New posts: of somebody new from the day of joining, of others from the date of the form."""
    ended = {ending.post.id for ending in step.ended}
    has_primary = any(post.is_primary and post.id not in ended for post in posts)
    has_primary = has_primary or (step.known is not None and step.known.has_primary_elsewhere)
    for row, place in fresh:
        if row.post is None:
            continue
        starts_on = row.joined_on if row.joined_on and (step.known is None or row.is_second) else effective
        step.opened.append(NewPost(place, row.post, row.title, row.grade, starts_on, not has_primary))
        has_primary = True
