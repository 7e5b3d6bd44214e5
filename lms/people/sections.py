"""Sections of a person's page: modules above this one register what they know about a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms.core.web import Actor
from lms.people.models import Person


@dataclass(frozen=True)
class Section:
    """A part of the page: a template, and a function that reads what the template shows."""

    template: str
    read: Callable[[Actor, Person], dict[str, Any]]


_sections: list[Section] = []


def register(section: Section) -> None:
    """Add a section after those registered before; the same one counts once."""
    if section not in _sections:
        _sections.append(section)


def read_all(actor: Actor, person: Person) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each section, in order."""
    return [(section.template, section.read(actor, person)) for section in _sections]
