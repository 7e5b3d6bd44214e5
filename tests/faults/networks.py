"""A connection that loses requests and answers, repeats them, cuts them and delivers them late."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.browser.rough import Fate, Request, rough_connection
from tests.faults.places import Places
from tests.faults.reckoning import Result, reckon
from tests.faults.site import Crowd, serving

WRITES = 500
FATES = (Fate.DELAY, Fate.DROP, Fate.LOSE, Fate.CUT, Fate.REPEAT, Fate.LATE)
MOST = 3


def wrong(request: Request) -> Fate:
    """Every second request meets some fate, the first three times that an address is asked for."""
    chance = random.Random(f"{request.method} {request.path} {request.count}")
    return chance.choice(FATES) if request.count <= MOST and chance.random() < 0.5 else Fate.PASS


def rough(places: Places) -> Iterator[Result]:
    for stage in (places.sqlite(), places.postgresql()):
        name = "postgresql" if stage.database_url.startswith("postgresql") else "sqlite"
        with serving(stage) as site, rough_connection(f"http://127.0.0.1:{site.port}") as (proxy, address):
            proxy.plan = wrong
            with Crowd(site, port=int(address.rsplit(":", 1)[1])) as crowd:
                crowd.wait_for(WRITES)
                outage = crowd.finish()
            result = reckon(f"bad network, {name}", stage, crowd.clients, outage)
        met = ", ".join(f"{count} {fate.value}" for fate, count in sorted(proxy.met.items()) if fate is not Fate.PASS)
        result.notes.insert(0, met)
        yield result
