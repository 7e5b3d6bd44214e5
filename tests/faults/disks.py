"""A disk that is full: below the database, and below the folder of uploads. Small file systems in memory, as root."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import stage as staging
from tests.faults.places import DURABLE, Places, Server
from tests.faults.reckoning import Result, reckon
from tests.faults.site import Crowd, Site, serving
from tests.faults.uploads import Uploads
from tests.postgres import running_cluster

FULL = 6.0
PIECE = 64 * 1024


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        size = PIECE
        while size:
            try:
                size = file.write(b"\0" * size) and size
            except OSError:
                size //= 2
    return ballast


def _keep_full(disk: Path, seconds: float) -> None:
    """Whatever is freed meanwhile is taken, too."""
    fill(disk)
    threading.Event().wait(seconds)
    (disk / "ballast").unlink()


def full_below_sqlite(places: Places) -> Iterator[Result]:
    with small_disk(places.folder / "small", 40) as disk:
        stage = places.sqlite(disk / "data")
        with serving(stage) as site, Crowd(site) as crowd:
            for _time in range(2):
                crowd.wait_for(60)
                _keep_full(disk, FULL)
                site.wait_until_well()
            crowd.wait_for(40)
            result = reckon("disk full, sqlite", stage, crowd.clients, crowd.finish())
        result.notes.insert(0, f"tmpfs, twice {FULL:.0f} s without room, the log on it too")
    yield result


def full_below_postgresql(places: Places) -> Iterator[Result]:
    settings = {**DURABLE, "min_wal_size": "32MB", "max_wal_size": "48MB"}
    disk = places.folder / "small-postgresql"
    with small_disk(disk, 200) as parent, running_cluster(parent=str(parent), **settings) as cluster:
        server = Server(cluster)
        cluster.create("faults")
        stage = staging.prepare(cluster.url("faults"), places.folder / "full-postgresql")
        with serving(stage) as site, Crowd(site) as crowd:
            crowd.wait_for(60)
            _keep_full(disk, FULL)
            restarted = _see_to(server)
            site.wait_until_well()
            crowd.wait_for(40)
            result = reckon("disk full, postgresql", stage, crowd.clients, crowd.finish())
        server.stop()
    result.notes.insert(0, f"tmpfs, {FULL:.0f} s without room; {restarted}")
    yield result


def _see_to(server: Server) -> str:
    """What an engineer does once there is room: start the server if it gave up."""
    try:
        server.cluster.connect().close()
    except Exception:
        log = server.cluster.log.read_text(errors="replace")
        server.start()
        return "the server had given up (PANIC) and was started" if "PANIC" in log else "the server was started"
    return "the server stayed"


def full_below_uploads(places: Places) -> Iterator[Result]:
    stage = places.sqlite()
    files = stage.data_dir / "files"
    aside = stage.data_dir / "files-aside"
    files.rename(aside)
    with small_disk(files, 6) as disk:
        subprocess.run(["cp", "-a", f"{aside}/.", str(disk)], check=True)
        with serving(stage) as site:
            result = _upload_into(site, disk)
    yield result


def _upload_into(site: Site, disk: Path) -> Result:
    uploads = Uploads(site)
    result = Result("disk full, uploads")
    uploads.send_whole(5)
    ballast = fill(disk)
    refused = [uploads.send_whole(1)[0] for _ in range(20)]
    left = list(disk.rglob("*.part"))
    ballast.unlink()
    uploads.send_whole(5)
    result.sent, result.acknowledged, result.unknown = 30, uploads.acknowledged, refused.count(503)
    result.lost, result.duplicated = uploads.compare()
    result.notes.append(
        "tmpfs; 20 uploads without room: " + ", ".join(f"{refused.count(c)} × {c}" for c in set(refused))
    )
    if set(refused) != {503} or left or uploads.rude:
        result.faults.append(f"answers {set(refused)}, left {left}, {uploads.rude[:2]}")
    if result.lost or result.duplicated:
        result.faults.append(f"{result.lost} lost, {result.duplicated} twice")
    return result
