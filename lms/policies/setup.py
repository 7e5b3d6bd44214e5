"""How the application takes the module in: the facts whose changes move standings."""

from flask import Flask

from lms.hours.events import ledger_changed
from lms.people.events import people_removed, posts_changed
from lms.policies import keeping
from lms.units.actions import unit_moved


def init_app(_app: Flask) -> None:
    ledger_changed.connect(keeping.on_ledger_changed)
    posts_changed.connect(keeping.on_posts_changed)
    people_removed.connect(keeping.on_people_removed)
    unit_moved.connect(keeping.on_unit_moved)
