"""The one clock. Instants are UTC; dates are local to the one configured zone (Asia/Shanghai by default)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"

_zone: ZoneInfo = ZoneInfo(DEFAULT_ZONE)
_frozen: ContextVar[datetime | None] = ContextVar("lms_frozen_at", default=None)


def use_zone(name: str) -> None:
    """Set the zone of the installation, once, when the application is made."""
    global _zone
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    return _zone


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The local date of this instant."""
    return local_date(now())


def local_date(instant: datetime) -> date:
    """The date on which `instant` falls for the people of this installation: what a training hour is booked on."""
    return instant.astimezone(_zone).date()


def local(instant: datetime) -> datetime:
    """`instant` as a wall clock of the installation shows it."""
    return instant.astimezone(_zone)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stop the clock at `at` (aware) for the duration of the block: for tests and for made histories."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield at
    finally:
        _frozen.reset(token)
