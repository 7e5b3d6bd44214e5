"""Where a paper lives: the module that owns papers of a kind says how to get back to its page."""

from __future__ import annotations

from collections.abc import Callable

from lms.quizzes.models import Paper

Home = Callable[[Paper], tuple[str, str]]

_homes: dict[str, Home] = {}


def register(owner_kind: str, home: Home) -> None:
    """Say where papers of this owner belong: a function from a paper to (title, address). Called in a `setup`."""
    _homes[owner_kind] = home


def home_of(paper: Paper) -> tuple[str, str]:
    """Return the title and the address of the page that a paper belongs to; the start page if nobody knows."""
    home = _homes.get(paper.owner_kind)
    return home(paper) if home else (paper.title, "/")
