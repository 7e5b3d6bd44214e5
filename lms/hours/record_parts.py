"""Parts of one's own record above the entries: modules above this one register what they say there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from lms.core.web import Actor


@dataclass(frozen=True)
class Part:
    """A template, and what it shows as `card`; None leaves it out for this reader."""

    template: str
    read: Callable[[Actor], Any | None]


def register(app: Flask, *parts: Part) -> None:
    app.extensions.setdefault("record_parts", []).extend(parts)


def read_all(actor: Actor) -> list[tuple[str, Any]]:
    """(template, what it shows) for the parts that have something to say."""
    parts: list[Part] = current_app.extensions.get("record_parts", [])
    read = [(part.template, part.read(actor)) for part in parts]
    return [(template, shown) for template, shown in read if shown is not None]
