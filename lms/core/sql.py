"""SQL conditions that several modules need: a subtree, and words in a text."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, or_

from lms.core.db import Path

T = TypeVar("T")
#: A value, or the parameter that stands for it in a statement that is built once.
Given: TypeAlias = T | BindParameter[T]


def within(path: Any, paths: Iterable[Given[str]]) -> ColumnElement[bool]:
    """`path` lies at or below one of `paths`, as one indexed range for each.

    :param paths: the paths themselves, or `path_slots` in a statement that is built once.
    """
    ranges = [and_(path >= top, path < _end(top)) for top in paths]
    return or_(*ranges) if ranges else false()


def path_slots(name: str, count: int) -> list[BindParameter[str]]:
    """So many places for paths in a statement that is built once; `in_slots` says what goes in when it runs."""
    return [bindparam(f"{name}_{number}", type_=Path) for number in range(count)]


def in_slots(name: str, paths: Sequence[str]) -> dict[str, str]:
    """The values of `path_slots(name, len(paths))`."""
    tops = {f"{name}_{number}": path for number, path in enumerate(paths)}
    return tops | {f"{slot}_end": _end_of(path) for slot, path in tops.items()}


def _end(top: Given[str]) -> Given[str]:
    return bindparam(f"{top.key}_end", type_=Path) if isinstance(top, BindParameter) else _end_of(top)


def _end_of(path: str) -> str:
    """Where the subtree ends: paths look like "1.23.456.", and "/" is the character after the dot."""
    return path[:-1] + "/"


def contains_words(words: str, *columns: Any) -> ColumnElement[bool]:
    """Every word of `words` occurs in one of `columns`; % and _ stand for themselves."""
    return and_(*(or_(*(column.contains(word, autoescape=True) for column in columns)) for word in words.split()))
