"""Who may read a case, and who may do what with it.

A published case is read by everyone who is signed in. What is not (yet, or no longer) public is for its authors, for
the administrators and trainers of its unit and of those above, and for whom a door admits: `calls` opens one for the
reviewers that it assigned. A case of the site belongs to whoever trains or administers a unit at the top.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from lms.cases.author_models import CaseAuthor
from lms.cases.kinds import State
from lms.cases.models import Case, CaseFile, CaseStep, CaseVersion, Method, MethodVersion
from lms.core import db
from lms.core.errors import Denied, Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.sql import within
from lms.core.web import Actor, one_or_404, require
from lms.units.models import Unit

RUNNING = ("admin", "trainer")

#: From an actor to a condition on Case: further cases that they may read.
Door = Callable[[Actor], ColumnElement[bool]]

_doors: dict[str, Door] = {}


def open_door(name: str, door: Door) -> None:
    """Let a module above say who else may read what is not public. Called in the `setup.py` of that module."""
    _doors[name] = door


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor may read, in whatever version: a condition on Case."""
    return or_(Case.published_number.is_not(None), drafts_readable_by(actor))


def drafts_readable_by(actor: Actor) -> ColumnElement[bool]:
    """Cases of which the actor may read what is not public: drafts, what is under review, the course of it."""
    if actor.has("system"):
        return true()
    return or_(written_by(actor), run_by(actor), *(door(actor) for door in _doors.values()))


def written_by(actor: Actor) -> ColumnElement[bool]:
    """Cases of which the actor is an author."""
    if actor.person_id is None:
        return false()
    mine = (CaseAuthor.person_id == actor.person_id, CaseAuthor.ended_at.is_(None))
    return Case.id.in_(select(CaseAuthor.case_id).where(*mine))


def run_by(actor: Actor, *roles: str) -> ColumnElement[bool]:
    """Cases of the units that the actor administers or trains, and the site's for those at the top."""
    return _of_units(Case.unit_id, actor, *(roles or RUNNING))


def methods_run_by(actor: Actor) -> ColumnElement[bool]:
    """Methods that the actor may change: of the units they administer or train, the site's for those at the top."""
    return _of_units(Method.unit_id, actor, *RUNNING)


def _of_units(unit_id: InstrumentedAttribute[int | None], actor: Actor, *roles: str) -> ColumnElement[bool]:
    if actor.has("system"):
        return true()
    paths = actor.paths(*roles)
    if not paths:
        return false()
    of_units = unit_id.in_(select(Unit.id).where(within(Unit.path, paths)))
    return or_(of_units, unit_id.is_(None)) if _is_at_top(paths) else of_units


def _is_at_top(paths: tuple[str, ...]) -> bool:
    return any(path.count(".") == 1 for path in paths)


def get_case(actor: Actor, slug: str) -> Case:
    """:raise Denied: there is no such case for this actor."""
    return one_or_404(select(Case).where(Case.slug == slug[:80], readable_by(actor)))


def get_case_by_id(actor: Actor, case_id: int) -> Case:
    """:raise Denied: there is no such case for this actor."""
    return one_or_404(select(Case).where(Case.id == case_id, readable_by(actor)))


def get_version(actor: Actor, case: Case, number: int | None = None) -> CaseVersion:
    """A version of a case that was loaded by `get_case`: the published one, else the newest.

    :raise Denied: another one, by somebody who may only read what is public.
    """
    shown = case.published_number or case.latest_number
    wanted = number or shown
    version = select(CaseVersion).where(CaseVersion.case_id == case.id, CaseVersion.number == wanted)
    if wanted == case.published_number:
        return one_or_404(version)
    return one_or_404(version.join(Case, Case.id == CaseVersion.case_id).where(drafts_readable_by(actor)))


def get_version_with_files(actor: Actor, case: Case, number: int | None) -> CaseVersion:
    """A version whose files the actor may have: also of one that was public before, for lessons stay pinned to it.

    :raise Denied: it was never public, and the actor may only read what is.
    """
    wanted = number or case.published_number or case.latest_number
    was_public = select(CaseStep.id).where(CaseStep.version_id == CaseVersion.id, CaseStep.state == State.PUBLISHED)
    version = (
        select(CaseVersion)
        .join(Case, Case.id == CaseVersion.case_id)
        .where(CaseVersion.case_id == case.id, CaseVersion.number == wanted)
    )
    open_to_all = and_(Case.published_number.is_not(None), was_public.exists())
    return one_or_404(version.where(or_(open_to_all, drafts_readable_by(actor))))


def get_file(version: CaseVersion, name: str, *, originals: bool) -> CaseFile:
    """A file of a version.

    :param originals: whether the reader may have the Word file that the text came from: `sees_drafts`.
    :raise Denied: the version has no such file for this reader.
    """
    if len(name) > 160 or not name.isprintable():
        raise Denied()
    wanted = select(CaseFile).where(CaseFile.version_id == version.id, CaseFile.name == name)
    return one_or_404(wanted if originals else wanted.where(CaseFile.original.is_(False)))


def sees_drafts(actor: Actor, case: Case) -> bool:
    """Whether the actor may read what is not public of a case: the same rule, asked of one."""
    return _holds(case, drafts_readable_by(actor))


def is_author(actor: Actor, case: Case) -> bool:
    return _holds(case, written_by(actor))


def _holds(case: Case, condition: ColumnElement[bool]) -> bool:
    return db.session().scalar(select(Case.id).where(Case.id == case.id, condition)) is not None


def may_run(actor: Actor, case: Case) -> bool:
    """Whether the actor answers for the case: its unit's administrators and trainers, and those above."""
    if actor.has("system"):
        return True
    if case.unit is None:
        return _is_at_top(actor.paths(*RUNNING))
    return actor.covers(case.unit.path, *RUNNING)


def may_write(actor: Actor, case: Case) -> bool:
    """Whether the actor may add a version: authors, and those who answer for the case."""
    return may_run(actor, case) or is_author(actor, case)


def get_run(actor: Actor, slug: str) -> Case:
    """The case, for those who answer for it.

    :raise Denied: there is no such case for this actor.
    :raise Forbidden: the actor may read it, and does not answer for it.
    """
    case = get_case(actor, slug)
    require(may_run(actor, case))
    return case


def get_public(actor: Actor, slug: str) -> Case:
    """A case that everyone reads, to teach with.

    :raise Denied: there is no such case, or it is not public: nothing is pinned to a draft.
    """
    return one_or_404(
        select(Case).where(Case.slug == slug[:80], Case.published_number.is_not(None), readable_by(actor))
    )


def get_successor(actor: Actor, slug: str) -> Case:
    """The case that is to take another's place.

    :raise Refused: there is none for this actor.
    """
    found = db.session().scalars(select(Case).where(Case.slug == slug[:80], readable_by(actor))).first()
    if found is None:
        raise Refused(_l("没有这篇案例，请核对地址的最后一段。"), "successor")
    return found


def may_see_gone(actor: Actor, slug: str) -> bool:
    """Whether a withdrawn case is still the actor's own business."""
    return db.session().scalar(select(Case.id).where(Case.slug == slug[:80], drafts_readable_by(actor))) is not None


def get_method(slug: str) -> Method:
    """Methods are read by everyone who is signed in.

    :raise Denied: there is none of this name.
    """
    return one_or_404(select(Method).where(Method.slug == slug[:80]))


def get_method_version(method: Method, number: int | None = None) -> MethodVersion:
    """A version of a method, the newest unless it is said otherwise: all of them are read by everyone.

    :raise Denied: it has no such version.
    """
    wanted = number or method.latest_number
    return one_or_404(select(MethodVersion).where(MethodVersion.method_id == method.id, MethodVersion.number == wanted))


def get_run_method(actor: Actor, slug: str, *, lock: bool = False) -> Method:
    """A method that the actor may change.

    :raise Denied: there is none of this name in the units that they run.
    """
    statement = select(Method).where(Method.slug == slug[:80], Method.latest_number > 0, methods_run_by(actor))
    return one_or_404(statement.with_for_update(of=Method) if lock else statement)


def may_run_method(actor: Actor, method: Method) -> bool:
    here = select(Method.id).where(Method.id == method.id, methods_run_by(actor))
    return actor.has(*RUNNING) and db.session().scalar(here) is not None
