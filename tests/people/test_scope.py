"""Random trees, people, posts, roles and actors: nobody sees anybody or anything outside their reach, on any page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.accounts import actions as accounts
from lms.accounts import sign_in
from lms.core import clock, db
from lms.people.models import Appointment, Grant, Person
from lms.people.posts import PostClass, Role
from lms.units.models import Kind, Level, Unit
from tests.cast import SYSTEM
from tests.conftest import NO_PASSWORD
from tests.sandbox import undone

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LEVELS = list(Level)
SMALL = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@dataclass(frozen=True)
class Post:
    """A post at a unit, begun and ended so many days from today; None is open."""

    unit: int
    began: int
    ended: int | None


@dataclass(frozen=True)
class Given:
    """A role over a unit, until so many days from today."""

    unit: int
    role: Role
    until: int | None
    revoked: bool


@dataclass(frozen=True)
class Human:
    posts: tuple[Post, ...]
    roles: tuple[Given, ...]


def trees() -> st.SearchStrategy[list[int | None]]:
    """For each unit the number of its parent, which comes before it: several tops, any shape."""
    shapes = st.lists(st.integers(0, 100), min_size=2, max_size=9)
    return shapes.map(lambda picks: [None if pick % (i + 1) == i else pick % (i + 1) for i, pick in enumerate(picks)])


def humans(units: int) -> st.SearchStrategy[Human]:
    place = st.integers(0, units - 1)
    end = st.one_of(st.none(), st.integers(-3, 3))
    posts = st.builds(Post, place, st.integers(-30, -4), end)
    roles = st.builds(Given, place, st.sampled_from(Role), st.one_of(st.none(), st.integers(-2, 2)), st.booleans())
    return st.builds(Human, st.lists(posts, max_size=3).map(tuple), st.lists(roles, max_size=2).map(tuple))


worlds = trees().flatmap(
    lambda tree: st.tuples(
        st.just(tree),
        st.lists(humans(len(tree)), min_size=1, max_size=6),
        # the actor: at least one role that reaches somewhere
        st.lists(st.tuples(st.integers(0, len(tree) - 1), st.sampled_from(Role)), min_size=1, max_size=2),
    )
)


class World:
    """What was drawn, written to the database; and who should see what, computed in plain Python."""

    def __init__(self, tree: Sequence[int | None], drawn: Sequence[Human], roles: Sequence[tuple[int, Role]]) -> None:
        self.roots = [self._chain(tree, i) for i in range(len(tree))]
        self.units = self._plant(tree)
        self.drawn = [*drawn, Human((), tuple(Given(unit, role, None, False) for unit, role in roles))]
        self.people = [self._settle(number, human) for number, human in enumerate(self.drawn)]
        self.roles = roles

    @staticmethod
    def _chain(tree: Sequence[int | None], i: int) -> set[int]:
        """A unit and those above it."""
        parent = tree[i]
        return {i} | (World._chain(tree, parent) if parent is not None else set())

    def _plant(self, tree: Sequence[int | None]) -> list[Unit]:
        made: list[Unit] = []
        for i, parent in enumerate(tree):
            level = LEVELS[min(len(self.roots[i]) - 1, len(LEVELS) - 1)]
            above = made[parent] if parent is not None else None
            unit = Unit(
                parent_id=above.id if above else None, path=f"new{i}", place=f"new{i}", level=level,
                kind=Kind.ADMINISTRATIVE, code=None, name=f"单位{i}号", valid_from=date(2000, 1, 1),
            )  # fmt: skip
            db.session().add(unit)
            db.session().flush()
            unit.path = (above.path if above else "") + f"{unit.id}."
            made.append(unit)
        return made

    def _settle(self, number: int, human: Human) -> Person:
        person = Person(name=f"人物{number}号", origin="tests", phone=f"188000000{number:02}", created_at=NOW)
        db.session().add(person)
        db.session().flush()
        primary = next((post for post in human.posts if post.ended is None), None)
        for post in human.posts:
            db.session().add(
                Appointment(
                    person_id=person.id, unit_id=self.units[post.unit].id, post=PostClass.OTHER, title="",
                    starts_on=self._day(post.began), ends_on=self._day(post.ended), is_primary=post is primary,
                )
            )  # fmt: skip
        for number_, given_ in enumerate(human.roles):
            db.session().add(
                Grant(
                    person_id=person.id, role=given_.role, unit_id=self.units[given_.unit].id,
                    granted_at=NOW - timedelta(days=10, minutes=number_), expires_on=self._day(given_.until),
                    revoked_at=NOW - timedelta(days=1) if given_.revoked else None,
                )
            )  # fmt: skip
        db.session().flush()
        return person

    @staticmethod
    def _day(offset: int | None) -> date | None:
        return None if offset is None else TODAY + timedelta(days=offset)

    def reach(self, *roles: Role) -> set[int]:
        """The units below which the actor acts in one of `roles`, with all below them."""
        tops = {unit for unit, role in self.roles if role in roles}
        return {i for i, chain in enumerate(self.roots) if chain & tops}

    def seen_units(self) -> set[int]:
        return {self.units[i].id for i in self.reach(Role.ADMIN, Role.TRAINER)}

    def seen_people(self) -> set[int]:
        return {person.id for person, human in zip(self.people, self.drawn, strict=True) if self._belongs(human)}

    def _belongs(self, human: Human) -> bool:
        reach = self.reach(Role.ADMIN)
        last = max((9999 if post.ended is None else post.ended for post in human.posts), default=None)
        for post in human.posts:
            ended = 9999 if post.ended is None else post.ended
            if post.unit in reach and (ended >= 0 or ended == last):
                return True
        alive = (given_ for given_ in human.roles if not given_.revoked and (given_.until is None or given_.until >= 0))
        return any(given_.unit in reach for given_ in alive)


def enter(app: Flask, person: Person) -> FlaskClient:
    account = accounts.open_account(person, actor=SYSTEM, now=NOW)
    account.password_hash = NO_PASSWORD
    key, _row = sign_in.new_sign_in(account, user_agent="t", address="127.0.0.1", now=NOW)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key
    return client


def named(kind: str, page: str) -> set[int]:
    """Identifiers that a page links to."""
    return {int(found) for found in re.findall(rf'href="/{kind}/(\d+)"', page)}


@SMALL
@given(world=worlds)
def test_no_page_shows_anybody_outside_the_actors_reach(app: Flask, world) -> None:
    with clock.frozen(NOW), undone(app):
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
            made = World(*world)
            client = enter(app, made.people[-1])
        _check_people(client, made)
        _check_units(client, made)


def _check_people(client: FlaskClient, made: World) -> None:
    if not made.reach(Role.ADMIN):
        assert client.get("/people/").status_code == 403
        return
    seen = made.seen_people()
    assert named("people", client.get("/people/").text) == seen
    assert named("people", client.get("/people/", query_string={"q": "人物"}).text) == seen
    for person in made.people:
        found = named("people", client.get("/people/", query_string={"q": person.phone}).text)
        assert found == ({person.id} & seen)
        for path in (f"/people/{person.id}", f"/people/{person.id}/hours", f"/people/{person.id}/statements"):
            answer = client.get(path)
            assert (answer.status_code == 200) == (person.id in seen), path
            assert answer.status_code == 200 or person.name not in answer.text


def _check_units(client: FlaskClient, made: World) -> None:
    seen = made.seen_units()
    assert named("units", client.get("/units/", query_string={"q": "单位"}).text) == seen
    assert named("units", client.get("/units/").text) <= seen
    for unit in made.units:
        answer = client.get(f"/units/{unit.id}")
        assert (answer.status_code == 200) == (unit.id in seen)
        assert named("units", answer.text) <= seen
        if made.reach(Role.ADMIN):
            narrowed = client.get("/people/", query_string={"unit": unit.id})
            assert (narrowed.status_code == 200) == (unit.id in seen)
            assert named("people", narrowed.text) <= made.seen_people()
