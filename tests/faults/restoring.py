"""Everything is gone: a backup made under load is restored in another place, proved, and served."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.faults.clients import Client, Ledger, Write
from tests.faults.places import Places
from tests.faults.reckoning import Result, proofs, reckon, run_lms
from tests.faults.site import Crowd, serving
from tests.faults.stage import Stage


def drill(places: Places) -> Iterator[Result]:
    yield _drill(places, "sqlite", places.sqlite(), places.folder / "restored-sqlite")
    yield _drill(places, "postgresql", places.postgresql(), places.folder / "restored-postgresql")


def _drill(places: Places, name: str, stage: Stage, fresh: Path) -> Result:
    kept = places.folder / f"backup-{name}"
    with serving(stage) as site, Crowd(site) as crowd:
        crowd.wait_for(80)
        before = {id(write) for client in crowd.clients for write in list(client.ledger.writes) if write.acknowledged}
        begun = time.monotonic()
        done = run_lms(stage, "backup", str(kept))
        taken = time.monotonic() - begun
        crowd.wait_for(40)
        crowd.finish()
        assert site.keeper is not None
        os.killpg(site.keeper.pid, signal.SIGKILL)
    if done.returncode:
        return Result(f"restore drill, {name}", faults=[done.stderr[-500:]])
    if name == "postgresql":
        cluster = places.server().cluster
        cluster.drop(str(stage.database_url).rpartition("/")[2].partition("?")[0])
        cluster.create("restored")
        restored = Stage(cluster.url("restored"), fresh, stage.course_id, stage.learners, stage.administrator)
    else:
        restored = Stage(
            f"sqlite:///{fresh / 'lms.sqlite3'}", fresh, stage.course_id, stage.learners, stage.administrator
        )
    shutil.rmtree(stage.data_dir)
    begun = time.monotonic()
    done = run_lms(restored, "restore", str(kept))
    with serving(restored):
        back = time.monotonic() - begun
    writes = [write for client in crowd.clients for write in client.ledger.writes]
    told = [replace(write, acknowledged=id(write) in before) for write in writes]
    result = reckon(f"restore drill, {name}", restored, [_Told(told)], back)
    result.notes = [
        f"backup under load in {taken:.1f} s; everything deleted; restored, proved and served in {back:.1f} s"
    ]
    if done.returncode:
        result.faults.append(done.stdout[-300:] + done.stderr[-500:])
    result.faults += proofs(restored)
    return result


class _Told(Client):
    """Of everything that was asked for, only what was acknowledged before the backup began must be there again."""

    def __init__(self, writes: list[Write]) -> None:
        self.ledger, self.failure = Ledger(writes=writes), None
