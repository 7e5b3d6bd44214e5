"""Finding cases: words, facets, what is related, what is newest near me. One rule of access for all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from lms.cases import indexing
from lms.cases.access import readable_by
from lms.cases.kinds import CommunityKind, Facet, State, Theme
from lms.cases.models import Case, CaseFacet, CaseVersion, Method, MethodVersion, MethodWithdrawal
from lms.cases.queries import standing_withdrawals
from lms.cases.texts import show_span
from lms.core import db, search
from lms.core.i18n import gettext as _
from lms.core.paging import Page, keyset
from lms.core.search import Piece, SearchDocument
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.units.models import Level, Unit

SIZE = 20
FEW = 4
#: A facet with more values than this shows the fullest.
MOST_VALUES = 30


@dataclass(frozen=True)
class Inquiry:
    """What somebody looks for."""

    words: str = ""
    chosen: Mapping[Facet, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.terms or self.chosen)

    @property
    def terms(self) -> list[str]:
        return search.terms(self.words)

    @property
    def address(self) -> dict[str, str]:
        """As the query of an address."""
        words = {"q": self.words} if self.words else {}
        return words | self.facets

    @property
    def facets(self) -> dict[str, str]:
        return {facet.value: value for facet, value in self.chosen.items()}

    def without(self, facet: Facet) -> dict[str, str]:
        """The address of the same inquiry, not narrowed by `facet`."""
        return {name: value for name, value in self.address.items() if name != facet.value}

    def narrowed(self, facet: Facet, value: str) -> dict[str, str]:
        return {**self.address, facet.value: value}


@dataclass(frozen=True)
class Hit:
    """A case in a list. `title` and `passage` are pieces, some of them marked."""

    slug: str
    state: State
    is_public: bool
    title: Sequence[Piece]
    passage: Sequence[Piece]
    summary: str
    place: str
    region: str
    when: str
    ability: Ability | None
    illustration: bool


@dataclass(frozen=True)
class Choice:
    """A value of a facet, in words, with how many cases it would leave."""

    value: str
    label: Any
    count: int


def list_cases(actor: Actor, inquiry: Inquiry, *, cursor: str | None = None) -> Page[Hit]:
    """A page of what is found: titles first, then by when it last changed, newest first."""
    page = list_numbers(actor, inquiry, cursor=cursor)
    return Page(_hits([row.id for row in page.items], inquiry.terms), page.next_cursor, page.size)


def list_numbers(actor: Actor, inquiry: Inquiry, *, cursor: str | None = None) -> Page[Row[Any]]:
    """The documents of a page by number: all that are found are put in order, so nothing wide is carried along."""
    titled = case((search.in_title(inquiry.terms), 1), else_=0)
    columns = [type_coerce(titled, Integer), SearchDocument.id] if inquiry.terms else [SearchDocument.id]
    return keyset(_found(actor, inquiry), *columns, cursor=cursor, size=SIZE, descending=True)


def count_facets(actor: Actor, inquiry: Inquiry) -> dict[Facet, list[Choice]]:
    """How many cases each value of each facet would leave: one statement, and one for the names of regions."""
    statement = (
        select(CaseFacet.facet, CaseFacet.value, func.count())
        .join(Case, Case.id == CaseFacet.case_id)
        .where(*_conditions(actor, inquiry))
        .group_by(CaseFacet.facet, CaseFacet.value)
    )
    counted: dict[Facet, list[tuple[str, int]]] = {facet: [] for facet in Facet}
    for facet, value, count in db.session().execute(statement):
        counted[facet].append((value, count))
    names = _names_of([value for value, _count in counted[Facet.REGION]])
    return {
        facet: [Choice(value, label_of(facet, value, names), count) for value, count in _in_order(facet, values)]
        for facet, values in counted.items()
    }


def count_cases(counted: Mapping[Facet, Sequence[Choice]]) -> int:
    """How many cases are found: each lies in one kind of community."""
    return sum(choice.count for choice in counted[Facet.COMMUNITY])


def label_of(facet: Facet, value: str, names: Mapping[str, str]) -> Any:
    """A facet's value in words."""
    kinds: dict[Facet, Any] = {
        Facet.ABILITY: Ability,
        Facet.THEME: Theme,
        Facet.LEVEL: Level,
        Facet.COMMUNITY: CommunityKind,
    }
    if facet in kinds:
        return kinds[facet](value).label
    return names.get(value, value) if facet is Facet.REGION else _("%(year)s 年", year=value)


def list_near(actor: Actor) -> list[Hit]:
    """The newest cases of the actor's city; none where the actor works nowhere."""
    unit = db.session().get(Unit, actor.unit_id) if actor.unit_id else None
    if unit is None:
        return []
    near = Inquiry(chosen={Facet.REGION: str(indexing.region_of(unit).id)})
    statement = _found(actor, near).where(Case.published_number.is_not(None))
    return _hits(db.session().scalars(statement.order_by(SearchDocument.id.desc()).limit(FEW)).all())


def list_related(actor: Actor, of: Case) -> list[Hit]:
    """Cases with most in common: abilities, themes and the kind of community."""
    mine, theirs = aliased(CaseFacet), aliased(CaseFacet)
    telling = [Facet.ABILITY, Facet.THEME, Facet.COMMUNITY]
    alike = (
        select(theirs.case_id, func.count().label("shared"))
        .join(mine, and_(mine.facet == theirs.facet, mine.value == theirs.value))
        .where(mine.case_id == of.id, theirs.case_id != of.id, mine.facet.in_(telling))
        .group_by(theirs.case_id)
        .subquery()
    )
    statement = _found(actor, Inquiry()).join(alike, alike.c.case_id == Case.id)
    statement = statement.where(Case.published_number.is_not(None), alike.c.shared > 1)
    order = (alike.c.shared.desc(), SearchDocument.id.desc())
    return _hits(db.session().scalars(statement.order_by(*order).limit(FEW)).all())


def list_using(actor: Actor, case_ids: Select[Any], *, most: int = 50) -> list[Hit]:
    """The cases among `case_ids`, newest first."""
    statement = _found(actor, Inquiry()).where(Case.id.in_(case_ids))
    return _hits(db.session().scalars(statement.order_by(SearchDocument.id.desc()).limit(most)).all())


def find_methods(terms: Sequence[str], *, most: int = 5) -> list[tuple[str, Sequence[Piece], str | None]]:
    """(address, name in pieces, idea) of methods whose words or initials are looked for; those of that name first.

    One that was withdrawn is found by its name only, after the others, and says no more than that: its idea is None.
    """
    if not terms:
        return []
    statement = (
        select(Method.slug, MethodVersion.name, MethodVersion.idea, MethodWithdrawal.id.label("withdrawal"))
        .join(MethodVersion, and_(MethodVersion.method_id == Method.id, MethodVersion.number == Method.latest_number))
        .join(SearchDocument, and_(SearchDocument.object_id == Method.id, SearchDocument.kind == indexing.METHOD))
        .outerjoin(MethodWithdrawal, standing_withdrawals())
        .where(search.matches(terms), or_(MethodWithdrawal.id.is_(None), search.in_title(terms)))
        .order_by(case((MethodWithdrawal.id.is_not(None), 2), (search.in_title(terms), 0), else_=1), MethodVersion.name)
        .limit(most)
    )
    rows = db.session().execute(statement)
    return [(row.slug, search.mark(row.name, terms), None if row.withdrawal else row.idea) for row in rows]


def _found(actor: Actor, inquiry: Inquiry) -> Select[*tuple[Any, ...]]:
    """The documents of the cases that are found. The permission stands in the same statement."""
    statement: Select[*tuple[Any, ...]] = (
        select(SearchDocument.id)
        .join(Case, Case.id == SearchDocument.object_id)
        .where(SearchDocument.kind == indexing.CASE, search.matches(inquiry.terms), *_scope(actor, inquiry))
    )
    return statement


def _hits(numbers: Sequence[int], terms: Sequence[str] = ()) -> list[Hit]:
    """What a list shows of the documents of these numbers, in their order."""
    if not numbers:
        return []
    shown = func.coalesce(Case.published_number, Case.latest_number)
    statement = (
        select(
            *(SearchDocument.id, Case.slug, Case.state, Case.published_number),
            *(CaseVersion.title, CaseVersion.summary, CaseVersion.place, CaseVersion.region),
            *(CaseVersion.began, CaseVersion.ended, CaseVersion.abilities, CaseVersion.illustration),
            *([SearchDocument.text] if terms else []),
        )
        .join(Case, Case.id == SearchDocument.object_id)
        .join(CaseVersion, and_(CaseVersion.case_id == Case.id, CaseVersion.number == shown))
        .where(SearchDocument.id.in_(numbers))
    )
    by_number = {row.id: _hit(row, terms) for row in db.rows(statement)}
    return [by_number[number] for number in numbers]


def _conditions(actor: Actor, inquiry: Inquiry) -> list[ColumnElement[bool]]:
    """The same as conditions on Case alone."""
    conditions = list(_scope(actor, inquiry))
    if inquiry.terms:
        found = select(SearchDocument.object_id).where(
            SearchDocument.kind == indexing.CASE, search.matches(inquiry.terms)
        )
        conditions.append(Case.id.in_(found))
    return conditions


def _scope(actor: Actor, inquiry: Inquiry) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [readable_by(actor), Case.state != State.SUPERSEDED]
    for facet, value in inquiry.chosen.items():
        one = aliased(CaseFacet)
        conditions.append(Case.id.in_(select(one.case_id).where(one.facet == facet, one.value == value)))
    return conditions


def _hit(row: Any, terms: Sequence[str]) -> Hit:
    return Hit(
        slug=row.slug,
        state=row.state,
        is_public=row.published_number is not None,
        title=search.mark(row.title, terms),
        passage=search.passage(row.text, terms) if terms else [],
        summary=row.summary,
        place=row.place,
        region=row.region,
        when=show_span(row.began, row.ended),
        ability=Ability(row.abilities[0]) if row.abilities else None,
        illustration=row.illustration,
    )


def _in_order(facet: Facet, values: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Abilities, themes, levels and kinds as they are always listed; years from the last; regions by what they have."""
    order: dict[Facet, list[str]] = {
        Facet.ABILITY: [one.value for one in Ability],
        Facet.THEME: [one.value for one in Theme],
        Facet.LEVEL: [one.value for one in Level],
        Facet.COMMUNITY: [one.value for one in CommunityKind],
    }
    if facet in order:
        return sorted(values, key=lambda pair: order[facet].index(pair[0]))
    if facet is Facet.YEAR:
        return sorted(values, reverse=True)[:MOST_VALUES]
    return sorted(values, key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]


def name_region(actor: Actor, value: str) -> dict[str, str]:
    """The name of a region by its number as text, where it holds a case for the actor: else it is none of theirs."""
    return _names_of([value] if value and list_numbers(actor, Inquiry(chosen={Facet.REGION: value})).items else [])


def _names_of(values: Sequence[str]) -> dict[str, str]:
    ids = [int(value) for value in values if value.isdigit()]
    if not ids:
        return {}
    rows = db.session().execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids)))
    return {str(row.id): row.name for row in rows}
