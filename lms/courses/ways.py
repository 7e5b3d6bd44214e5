"""Courses as what is on offer for a training duty: `policies` asks through the door that `setup` opens."""

from collections.abc import Collection, Sequence

from flask import g, url_for

from lms.core.paging import Page
from lms.core.web import Actor
from lms.courses.queries import CatalogRow, Filters, list_catalog
from lms.hours.kinds import HourKind, Tier
from lms.policies.offers import Offer


def first_page(actor: Actor) -> Page[CatalogRow]:
    """The first page of the actor's catalog, read once a request: several parts of the home page look at it."""
    key = f"first_page_of_catalog_{actor.person_id}"
    if key not in g:
        setattr(g, key, list_catalog(actor, Filters()))
    page: Page[CatalogRow] = g.get(key)
    return page


def find(actor: Actor, tiers: Collection[str]) -> Sequence[Offer]:
    """Courses of these tiers that the actor has not finished this year; more pages only where the first has none."""
    page = first_page(actor)
    found = _open(page.items, tiers)
    if not found and page.next_cursor:
        for tier in (tier for tier in Tier if not tiers or tier in tiers):
            found += _open(list_catalog(actor, Filters(tier=tier)).items, tiers)
    return [_offer(row) for row in found]


def _open(rows: Sequence[CatalogRow], tiers: Collection[str]) -> list[CatalogRow]:
    return [row for row in rows if not row.finished and (not tiers or row.tier in tiers)]


def _offer(row: CatalogRow) -> Offer:
    return Offer(
        title=row.title,
        url=url_for("courses.show", course_id=row.course_id),
        kind=HourKind.COURSE,
        tier=row.tier,
        training_type=row.training_type,
        hours=int(row.hours * 100),
        begun=row.begun,
        left=row.lesson_count - row.done,
    )
