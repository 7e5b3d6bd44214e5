"""Why somebody's standing of a closed cycle changed: what was recorded, reversed or decided between two moments."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from lms.core import db
from lms.core.i18n import LazyString, show_date
from lms.core.i18n import lazy_gettext as _l
from lms.coverage.duties import Span
from lms.hours.models import HourEntry, HourReversal
from lms.policies.models import Exemption


def read(
    person_ids: Sequence[int], span: Span, *, since: datetime, until: datetime
) -> Mapping[int, Sequence[LazyString]]:
    """Sentences by person, in three statements."""
    found: dict[int, list[LazyString]] = {}
    for part in (_recorded, _reversed, _decided):
        for person_id, sentence in part(person_ids, span, since, until):
            found.setdefault(person_id, []).append(sentence)
    return found


Told = Iterator[tuple[int, LazyString]]


def _recorded(person_ids: Sequence[int], span: Span, since: datetime, until: datetime) -> Told:
    """Trainings of the cycle whose record came late."""
    columns = HourEntry.person_id, HourEntry.title, HourEntry.occurred_on
    statement = select(*columns).where(
        HourEntry.person_id.in_(person_ids),
        HourEntry.occurred_on.between(span.cycle_start, span.last_day),
        HourEntry.recorded_at > since,
        HourEntry.recorded_at <= until,
    )
    for person_id, title, day in db.session().execute(statement.order_by(HourEntry.id)):
        yield person_id, _l("补记了 %(day)s 的培训“%(title)s”", day=show_date(day), title=title)


def _reversed(person_ids: Sequence[int], span: Span, since: datetime, until: datetime) -> Told:
    statement = (
        select(HourEntry.person_id, HourEntry.title, HourEntry.occurred_on, HourReversal.reason)
        .join(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(
            HourEntry.person_id.in_(person_ids),
            HourEntry.occurred_on.between(span.cycle_start, span.last_day),
            HourReversal.reversed_at > since,
            HourReversal.reversed_at <= until,
        )
    )
    for person_id, title, day, reason in db.session().execute(statement.order_by(HourReversal.id)):
        words = {"day": show_date(day), "title": title, "reason": reason}
        yield person_id, _l("冲销了 %(day)s 的培训“%(title)s”：%(reason)s", **words)


def _decided(person_ids: Sequence[int], span: Span, since: datetime, until: datetime) -> Told:
    """Exemptions that touch the cycle, granted or ended meanwhile."""
    statement = select(Exemption).where(
        Exemption.person_id.in_(person_ids), Exemption.from_on <= span.last_day, Exemption.until_on >= span.cycle_start
    )
    for one in db.session().scalars(statement.order_by(Exemption.id)):
        if since < one.granted_at <= until:
            yield one.person_id, _l("批准了免训（%(kind)s）", kind=one.kind.label)
        if one.ended_at is not None and since < one.ended_at <= until:
            yield one.person_id, _l("免训（%(kind)s）提前结束", kind=one.kind.label)
