"""Faults that one machine can show, and what the site makes of them: `make faults`, or `python -m tests.faults NAME…`.

Sixteen clients work on a site in production; something breaks; then what the clients were told is compared with what is
there. Exit code 1 where anything acknowledged is lost, anything is there twice, or an answer was no words of ours.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

from tests.faults import clocks, databases, disks, jobs, memory, networks, processes, restoring, uploads
from tests.faults.places import Places, open_places
from tests.faults.reckoning import HEAD, Result

FAULTS: dict[str, Callable[[Places], Iterator[Result]]] = {
    "workers": processes.kill_workers,
    "site": processes.kill_everything,
    "reload": processes.reload,
    "postgresql": databases.kill_server,
    "frozen": databases.freeze_server,
    "locked": databases.lock_file,
    "full-sqlite": disks.full_below_sqlite,
    "full-postgresql": disks.full_below_postgresql,
    "full-uploads": disks.full_below_uploads,
    "half": uploads.half,
    "network": networks.rough,
    "clock": clocks.jump,
    "roster": jobs.roster,
    "migration": jobs.migration,
    "memory": memory.hostile_sheets,
    "restore": restoring.drill,
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(FAULTS)
    if unknown:
        print(f"No such fault: {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}", file=sys.stderr)
        return 2
    broken = False
    print(HEAD, flush=True)
    with open_places() as places:
        for name in names or FAULTS:
            begun = time.monotonic()
            for result in FAULTS[name](places):
                print(result.line, flush=True)
                for fault in result.faults:
                    broken = True
                    print(f"    ! {fault}", flush=True)
            print(f"  ({name}: {time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
