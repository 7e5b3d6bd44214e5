"""The periodic work of this module. Running it twice, late or never changes no standing, and no number that follows."""

from structlog import get_logger

from lms.core import clock, db
from lms.core.db import Database
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.jobs import Job
from lms.core.web import Actor
from lms.coverage import closing, closings, duties, exporting, rebuilding
from lms.coverage.duties import Span
from lms.policies.models import StalePerson
from lms.units.models import Unit

log = get_logger("lms.coverage")


def close_years(database: Database, actor: Actor) -> LazyString | None:
    """Close cycles that ended more than a month ago and that nobody closed; each in a unit of work of its own."""
    with db.unit_of_work(database, write=False):
        due = _due()
    closed = 0
    for span in due:
        with db.unit_of_work(database) as opened:
            try:
                closing.close(span, opened.get_one(Unit, span.duty.unit_id), actor=actor, now=clock.now())
                closed += 1
            except Refused as refusal:  # somebody was quicker
                log.info("not closed", duty=span.duty.code, cycle=str(span.cycle_start), reason=str(refusal))
    return _l("结账 %(count)s 个周期。", count=closed) if closed else None


def _due() -> list[Span]:
    """Cycles that should be closed by now; none while standings are being computed, whose figures would be half."""
    today = clock.today()
    if db.session().query(StalePerson).first() is not None:
        return []
    found = []
    for duty in duties.list_all(today):
        for period in [] if duty.personal else duty.periods(today):
            span = Span(duty, period)
            if today > closings.closes_by_itself(span) and not _is_closed(span):
                found.append(span)
    return found


def _is_closed(span: Span) -> bool:
    unit = db.session().get_one(Unit, span.duty.unit_id)
    return bool(closings.closed_on_the_way(span, unit))


def add_up(database: Database, actor: Actor) -> LazyString | None:
    """Add up the differences of the roll-up, if many have been appended since the last time."""
    with db.unit_of_work(database):
        if not rebuilding.is_worth_adding_up():
            return None
        rebuilding.compact()
    return _l("汇总表已合并。")


def write_lists(database: Database, actor: Actor) -> LazyString | None:
    """Write the lists that were asked for, throw away those that are old."""
    exporting.throw_away_old(database)
    written = exporting.write_waiting(database)
    return _l("生成名单 %(count)s 份。", count=written) if written else None


ALL = (
    Job("coverage.close_years", close_years),
    Job("coverage.add_up", add_up),
    Job("coverage.write_lists", write_lists),
)
