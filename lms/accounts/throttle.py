"""How long a sign-in has to wait 登录限速: the policy alone, without the table.

Four counters of wrong tries, each with free tries and a delay that doubles up to a cap:

* pair: this name from this address;
* name: this name from anywhere, which slows a spread attack on one account;
* address: any name from this address, which slows one password tried on many accounts;
* device: a browser that once signed in to the account (a signed cookie says so). It is judged by
  its own failures alone, so no stranger can keep the owner out of it.

Every delay is capped: whoever waits gets a turn, and nobody is locked out for good. Tries refused
for being early are not counted, so that hammering does not prolong anybody's wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WINDOW = timedelta(hours=24)
ADDRESS_WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Rule:
    """Free tries, then a delay in seconds from the last failure that doubles up to a cap."""

    free: int
    first: int
    cap: int

    def wait(self, failures: Failures, *, now: datetime, bonus: int = 0) -> timedelta:
        """What is left of the delay that these failures earned; zero when one may try."""
        over = failures.count - self.free - bonus
        if over < 0 or failures.latest is None:
            return timedelta()
        # the exponent is limited before use: 2**100000 is a number too, and takes its time
        delay = min(self.cap, self.first * 2 ** min(over, 20))
        left = failures.latest + timedelta(seconds=delay) - now
        # a clock that was set back must not prolong a wait beyond the cap
        return min(max(left, timedelta()), timedelta(seconds=self.cap))


@dataclass(frozen=True)
class Failures:
    """How many wrong tries lie within the window, and when the last was."""

    count: int = 0
    latest: datetime | None = None


@dataclass(frozen=True)
class Recent:
    """What the table says about one try that is about to be made."""

    pair: Failures = Failures()
    name: Failures = Failures()
    address: Failures = Failures()
    accounts_at_address: int = 0  # different accounts that signed in from there lately
    device: Failures | None = None  # None: not a browser that this account knows


PAIR = Rule(free=5, first=5, cap=900)
NAME = Rule(free=10, first=5, cap=300)
ADDRESS = Rule(free=30, first=2, cap=300)
DEVICE = Rule(free=8, first=5, cap=900)
LONGEST_WAIT = timedelta(seconds=max(rule.cap for rule in (PAIR, NAME, ADDRESS, DEVICE)))


def wait(recent: Recent, *, now: datetime) -> timedelta:
    """How long this try has to wait: zero, or at most LONGEST_WAIT."""
    if recent.device is not None:
        return DEVICE.wait(recent.device, now=now)
    # an office of two hundred behind one address mistypes more in an hour than one person does
    bonus = 2 * recent.accounts_at_address
    return max(
        PAIR.wait(recent.pair, now=now),
        NAME.wait(recent.name, now=now),
        ADDRESS.wait(recent.address, now=now, bonus=bonus),
    )


def count(times: Sequence[datetime], *, now: datetime, window: timedelta = WINDOW) -> Failures:
    """The failures among these moments that still count."""
    recent = [at for at in times if at > now - window]
    return Failures(len(recent), max(recent, default=None))


def address_key(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber holds."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)
