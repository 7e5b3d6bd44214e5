"""When a message may leave: at most one a week for a person, never at night, and after failures ever more rarely.

Pure: instants and a zone in, instants out.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo

#: From NIGHT to MORNING, by the clock of the installation, nobody is disturbed.
NIGHT, MORNING = time(21), time(8)
WEEK = timedelta(days=7)

#: How long to wait after the first failure, the second, and so on; after the last one there is no further try.
PAUSES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=2))

#: A process that claimed a message and said nothing for so long is gone: nobody knows whether the message left.
CLAIM = timedelta(hours=1)


def is_night(at: datetime, zone: tzinfo) -> bool:
    clock = at.astimezone(zone).time()
    return clock >= NIGHT or clock < MORNING


def out_of_night(at: datetime, zone: tzinfo) -> datetime:
    """`at`, or the next morning if it falls into a night."""
    if not is_night(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=1) if local.time() >= NIGHT else local.date()
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def next_digest(now: datetime, last: datetime | None, zone: tzinfo) -> datetime:
    """The first moment, from now on, at which somebody may get a message who got the last one at `last`."""
    return out_of_night(now if last is None else max(now, last + WEEK), zone)


def next_try(now: datetime, tries: int, zone: tzinfo) -> datetime | None:
    """When to try again what failed `tries` times; None: not at all."""
    return out_of_night(now + PAUSES[tries - 1], zone) if tries <= len(PAUSES) else None
