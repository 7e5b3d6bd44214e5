"""LibreOffice, to write Word files as it really writes them. It is a program of the machine, not a package of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

MISSING = (
    "LibreOffice Writer is missing: these tests read Word files that it writes. Install it with: "
    "sudo apt-get install libreoffice-writer-nogui (`make unit` sees to it where it may)"
)
SECONDS = 120.0  # for a machine that is busy with all the other tests


@dataclass(frozen=True)
class Order:
    """One run of LibreOffice: these files, to files of this kind, into a folder of their own."""

    into: str
    sources: Sequence[Path]
    kind: str = "docx"
    read_as: str = ""


def program() -> str:
    """Where LibreOffice is. A test that cannot run has failed, and says what is missing."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


def convert(orders: Sequence[Order], folder: Path) -> None:
    """Carry out several orders at once, each with a profile of its own: two may not share one."""
    running = [(order, _start(order, folder)) for order in orders]
    for order, process in running:
        said, _nothing = process.communicate(timeout=SECONDS)
        made = {path.stem for path in (folder / order.into).glob(f"*.{order.kind}")}
        lacks = [source.name for source in order.sources if source.stem not in made]
        assert not lacks, f"LibreOffice wrote no {order.kind} of {lacks}: {said.decode(errors='replace')}\n{MISSING}"


def _start(order: Order, folder: Path) -> subprocess.Popen[bytes]:
    home = folder / f"home-{order.into}"
    home.mkdir()
    command = [program(), f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless"]
    command += [f"--infilter={order.read_as}"] if order.read_as else []
    command += ["--convert-to", order.kind, "--outdir", str(folder / order.into), *map(str, order.sources)]
    surroundings = os.environ | {"HOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=surroundings)
