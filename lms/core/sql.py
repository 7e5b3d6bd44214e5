"""SQL conditions that several modules need: a subtree, and words in a text."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_


def within(path: Any, paths: Iterable[str]) -> ColumnElement[bool]:
    """`path` lies at or below one of `paths`, as one indexed range for each.

    Paths look like "1.23.456." and end in a dot; "/" is the character after the dot, so it closes the range.
    """
    ranges = [and_(path >= top, path < top[:-1] + "/") for top in paths]
    return or_(*ranges) if ranges else false()


def contains_words(words: str, *columns: Any) -> ColumnElement[bool]:
    """Every word of `words` occurs in one of `columns`; % and _ stand for themselves."""
    return and_(*(or_(*(column.contains(word, autoescape=True) for column in columns)) for word in words.split()))
