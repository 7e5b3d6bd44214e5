"""Everybody's standings anew: once a day, after a change of policy, whenever somebody asks for it.

The table of marks is the list of what is left to do: a round marks everybody and then works the marks off, batch by
batch, each in a unit of work of its own. Stopped at any point it goes on from there; two at once share the work.
Nothing is reset: whoever's facts did not change keeps the same rows.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from lms.core import clock, db
from lms.core.db import Database
from lms.core.i18n import LazyString
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.jobs import Job
from lms.core.proofs import Findings, Proof
from lms.core.web import Actor
from lms.people.models import Person
from lms.policies import keeping
from lms.policies.models import Policy, StalePerson, Standing, StandingRun

#: People in a unit of work: held in memory at once, and locked for about half a second.
BATCH = 1000

Tell = Callable[[int, int], None]


def run(database: Database, _actor: Actor) -> LazyString | None:
    """The periodic job: a new round if none began today, then whatever is marked."""
    with db.unit_of_work(database):
        if _is_due(clock.now()):
            begin(now=clock.now())
    done = work_off(database)
    return _l("培训要求：重新计算了 %(count)s 人。", count=done) if done else None


JOB = Job("policies", run)


def begin(*, now: datetime) -> StandingRun:
    """Mark everybody; a round that is not finished goes on instead."""
    latest = _latest()
    if latest is not None and latest.finished_at is None:
        return latest
    keeping.mark_everybody(now=now)
    people = db.session().scalar(select(func.count()).select_from(Person)) or 0
    begun = StandingRun(begun_at=now, people=people, reaches_to=keeping.horizon(clock.local_date(now)))
    db.session().add(begun)
    return begun


def work_off(database: Database, tell: Tell | None = None) -> int:
    """Compute everybody who is marked, in order; how many there were.

    :param tell: called after each batch with how many are done and how many there were.
    """
    with db.unit_of_work(database, write=False):
        total = count_marked()
    done, after = 0, 0
    while True:
        with db.unit_of_work(database):
            ids = _next(after)
            keeping.refresh(ids)
        if not ids:
            break
        done, after = done + len(ids), ids[-1]
        if tell is not None:
            tell(done, max(total, done))
    with db.unit_of_work(database):
        _finish(clock.now())
    return done


def count_marked() -> int:
    """How many people wait to be computed."""
    return db.session().scalar(select(func.count()).select_from(StalePerson)) or 0


def _next(after: int) -> list[int]:
    """The next marked people; those whom another unit of work is computing at this moment are left to it."""
    marked = select(StalePerson.person_id).where(StalePerson.person_id > after).order_by(StalePerson.person_id)
    return list(db.session().scalars(marked.limit(BATCH).with_for_update(skip_locked=True)))


def _latest() -> StandingRun | None:
    return db.session().scalars(select(StandingRun).order_by(StandingRun.id.desc()).limit(1)).first()


def _is_due(now: datetime) -> bool:
    """Whether there is anything to compute, and no round began today."""
    latest, today = _latest(), clock.local_date(now)
    if latest is not None and clock.local_date(latest.begun_at) >= today:
        return False
    return any(db.session().scalar(select(kind).limit(1)) is not None for kind in (Policy.id, Standing.person_id))


def _finish(now: datetime) -> None:
    latest = _latest()
    if latest is not None and latest.finished_at is None and not count_marked():
        latest.finished_at = now


def prove() -> Findings:
    """Everybody's kept standings are what their facts say; only where today's round is done, for a new day is new."""
    latest = _latest()
    if _is_due(clock.now()) or (latest is not None and latest.finished_at is None):
        return Findings(0, skipped=_l("今天还没有重新计算，请先运行 lms jobs run。"))
    found, after = Findings(0), 0
    unmarked = select(Person.id).where(Person.id.not_in(select(StalePerson.person_id))).order_by(Person.id)
    while ids := db.session().scalars(unmarked.where(Person.id > after).limit(BATCH)).all():
        for person_id in sorted(keeping.differing(ids)):
            found.add(_("%(person)s 号人员的履训情况与事实不符", person=person_id))
        found.looked_at, after = found.looked_at + len(ids), ids[-1]
    return found


PROOF = Proof(_l("履训情况与事实一致"), prove)
