"""Cards of the home page: app.py registers them, in the order in which they appear."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from lms.core.web import Actor


@dataclass(frozen=True)
class Card:
    """A part of the home page.

    `read` gives what the template shows, as `card`; None leaves the card out for this reader.
    """

    template: str
    read: Callable[[Actor], Any | None]


def register(app: Flask, *cards: Card) -> None:
    app.extensions.setdefault("home_cards", []).extend(cards)


def read_all(app: Flask, actor: Actor) -> list[tuple[str, Any]]:
    """(template, what it shows) for the cards that have something to say."""
    cards: list[Card] = app.extensions.get("home_cards", [])
    read = [(card.template, card.read(actor)) for card in cards]
    return [(template, shown) for template, shown in read if shown is not None]
