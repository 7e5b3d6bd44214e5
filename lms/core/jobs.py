"""Periodic work: modules register theirs in their `setup`, and `lms jobs run` does it, in that order.

A job opens its own units of work, may run at any time, as often as one likes, and in two processes at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from lms.core.db import Database
from lms.core.i18n import LazyString
from lms.core.web import Actor


@dataclass(frozen=True)
class Job:
    """Something to do from time to time: `run` gives what it did, in a sentence; None where nothing was to be done."""

    name: str
    run: Callable[[Database, Actor], LazyString | None]


def register(app: Flask, *jobs: Job) -> None:
    app.extensions.setdefault("jobs", []).extend(jobs)


def all_jobs(app: Flask) -> list[Job]:
    """In the order of registration."""
    return list(app.extensions.get("jobs", []))
