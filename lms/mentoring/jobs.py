"""The periodic work: remind pairs that are silent, say that an evaluation is due, complete terms that are over.

A pair is told first; its unit reads of it two weeks later, on its own page. Nobody is told twice of the same silence or
stage: each notice has its source.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from lms.core import clock, db
from lms.core.db import Database
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.jobs import Job
from lms.core.web import Actor
from lms.mentoring import actions, evaluations, meetings, telling, terms, unit_queries
from lms.mentoring.kinds import Stage, State
from lms.mentoring.models import Pairing
from lms.mentors.queries import rules_at
from lms.notices.models import Notice
from lms.units.models import Unit

BATCH = 200
SILENCE, STAGE = "pairing_silence", "pairing_stage"


def run(database: Database, actor: Actor) -> LazyString | None:
    """Do all of it, batch by batch, so that a page that wants to write waits for a moment only."""
    with db.unit_of_work(database, write=False):
        spans = _silent_days()
    silent = sum(
        _in_batches(database, _silent(days, unit_ids), _remind_silent, actor) for days, unit_ids in spans.items()
    )
    due = sum(_in_batches(database, _due(stage), _remind_due, actor) for stage in Stage)
    over = _in_batches(database, _over(), _complete, actor)
    if not silent and not due and not over:
        return None
    return _l(
        "导师帮带：提醒很久没见面的 %(silent)s 对，提醒评价 %(due)s 对，到期结业 %(over)s 对。",
        silent=silent,
        due=due,
        over=over,
    )


JOB = Job("mentoring", run)


def _in_batches(
    database: Database, which: ColumnElement[bool], act: Callable[[Pairing, Actor], None], actor: Actor
) -> int:
    count, after = 0, 0
    while True:
        with db.unit_of_work(database) as work:
            statement = select(Pairing).where(Pairing.id > after, which).order_by(Pairing.id).limit(BATCH)
            pairs = work.scalars(statement).all()
            for pairing in pairs:
                act(pairing, actor)
        count += len(pairs)
        if len(pairs) < BATCH:
            return count
        after = pairs[-1].id


def _silent_days() -> dict[int, list[int]]:
    """After how many days a pair is silent, by the rules of the units that look after active ones."""
    looked_after = select(Pairing.unit_id).where(Pairing.state == State.ACTIVE)
    units = db.session().execute(select(Unit.id, Unit.path).where(Unit.id.in_(looked_after))).all()
    spans: dict[int, list[int]] = defaultdict(list)
    rules = rules_at((path for _unit_id, path in units), clock.today())
    for unit_id, path in units:
        spans[rules[path].silent_days].append(unit_id)
    return spans


def _silent(days: int, unit_ids: list[int]) -> ColumnElement[bool]:
    """Silent pairs that were not reminded within the same span."""
    now = clock.now()
    told = select(Notice.id).where(
        Notice.person_id == Pairing.mentee_id,
        Notice.source_kind == SILENCE,
        Notice.source_ref.startswith(db.text_of(Pairing.id) + "/"),
        Notice.created_at > now - timedelta(days=days),
    )
    here = Pairing.unit_id.in_(unit_ids)
    return and_(here, unit_queries.is_silent(days, now=now), ~told.correlate(Pairing).exists())


def _remind_silent(pairing: Pairing, actor: Actor) -> None:
    """Once for a silence: it is named after the last sign of life."""
    _count, last = meetings.count_confirmed([pairing.id]).get(pairing.id, (0, None))
    since = max(filter(None, (last, clock.local_date(pairing.state_at))))
    source = (SILENCE, f"{pairing.id}/{since.isoformat()}")
    telling.tell_two(pairing, telling.SILENT, "both", source=source, actor=actor, now=clock.now())


def _due(stage: Stage) -> ColumnElement[bool]:
    """Active pairs in whose term this stage has come, and nobody was told so."""
    last_month = clock.today() + terms.CLOSING
    begun = {
        Stage.HALF_WAY: and_(Pairing.half_way_on <= clock.today(), Pairing.ends_on > last_month),
        Stage.FINAL: Pairing.ends_on <= last_month,
    }[stage]
    told = select(Notice.id).where(
        or_(Notice.person_id == Pairing.mentee_id, Notice.person_id.in_(telling.mentor_of(Pairing.mentor_id))),
        Notice.source_kind == STAGE,
        Notice.source_ref == db.text_of(Pairing.id) + f"/{stage.value}",
    )
    return and_(Pairing.state == State.ACTIVE, begun, ~told.correlate(Pairing).exists(), ~evaluations.both_wrote(stage))


def _remind_due(pairing: Pairing, actor: Actor) -> None:
    stage = evaluations.due_stage(pairing, now=clock.now())
    if stage is not None:
        source = (STAGE, f"{pairing.id}/{stage.value}")
        telling.tell_two(pairing, telling.TO_DO, "evaluate", source=source, actor=actor, now=clock.now())


def _over() -> ColumnElement[bool]:
    """Terms past their last day that both have evaluated."""
    return and_(Pairing.state == State.ACTIVE, Pairing.ends_on < clock.today(), evaluations.both_wrote(Stage.FINAL))


def _complete(pairing: Pairing, actor: Actor) -> None:
    with suppress(Refused):  # another process was faster
        actions.complete(pairing, actor=actor, now=clock.now())
