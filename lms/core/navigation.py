"""The main navigation: places that stand in the bar, and menus of places for those who run things.

Modules do not register themselves here: app.py lays it all out, because the order is one decision.
"""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, request, url_for

from lms.core.web import Actor, Rule, find_actor, signed_in


@dataclass(frozen=True)
class Place:
    """Somewhere to go: shown to those whom `rule` admits."""

    endpoint: str
    label: Any
    icon: str
    rule: Rule = signed_in
    #: endpoints whose names start with one of these belong to the place, unless another place says it more closely
    area: str | tuple[str, ...] = ""

    def closeness(self, endpoint: str) -> int:
        """How much of the endpoint's name the place claims; 0 for what is elsewhere."""
        areas = (self.area or self.endpoint,) if isinstance(self.area, str) else self.area
        return max((len(area) for area in areas if endpoint.startswith(area)), default=0)


@dataclass(frozen=True)
class Menu:
    """Places under one word."""

    label: Any
    icon: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Shown:
    """A place as the reader of this page sees it."""

    url: str
    label: Any
    icon: str
    current: bool


@dataclass(frozen=True)
class ShownMenu:
    """A menu with what is open to the reader."""

    label: Any
    icon: str
    places: list[Shown]

    @property
    def current(self) -> bool:
        return any(place.current for place in self.places)


@dataclass(frozen=True)
class Navigation:
    """What the reader of this page may go to; nothing for a stranger."""

    bar: list[Shown] = field(default_factory=list)
    menus: list[ShownMenu] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.bar)


def lay_out(app: Flask, *parts: Place | Menu) -> None:
    """Places for the bar and menus behind them, each in the order given."""
    app.extensions["navigation"] = parts


def navigation() -> Navigation:
    """The places open to whoever reads this page, the current one marked."""
    actor = find_actor()
    if actor is None:
        return Navigation()
    parts: tuple[Place | Menu, ...] = current_app.extensions["navigation"]
    menus = [(part, _open(part.places, actor)) for part in parts if isinstance(part, Menu)]
    bar = _open(tuple(part for part in parts if isinstance(part, Place)), actor)
    here = _nearest(bar + [place for _menu, places in menus for place in places])
    return Navigation(
        [_shown(place, here) for place in bar],
        [ShownMenu(menu.label, menu.icon, [_shown(one, here) for one in places]) for menu, places in menus if places],
    )


def _open(places: tuple[Place, ...], actor: Actor) -> list[Place]:
    return [place for place in places if place.rule(actor)]


def _nearest(places: list[Place]) -> Place | None:
    """The one that claims this page most closely; of two that claim it alike, the later: whoever runs things is there."""
    endpoint = request.endpoint or ""
    nearest = max(reversed(places), key=lambda place: place.closeness(endpoint), default=None)
    return nearest if nearest and nearest.closeness(endpoint) else None


def _shown(place: Place, here: Place | None) -> Shown:
    return Shown(url_for(place.endpoint), place.label, place.icon, place is here)
