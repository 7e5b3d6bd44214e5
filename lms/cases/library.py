"""Reads the case library from a folder and lists everything that is wrong with it.

The format is documented for those who write cases in `case_library/README.md`. Nothing here touches the database, and
nothing here is lenient: what cannot be loaded whole is not loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lms.cases import limits
from lms.cases.library_text import CaseSource, MethodSource, is_slug, read_case, read_method
from lms.courses.faults import Fault, FaultLog, Severity
from lms.courses.folder import entries, take
from lms.courses.media import MediaSource, read_media
from lms.hours.kinds import Ability

METHODS = "methods"
FILES = "files"
README = "README.md"

_ABILITIES = tuple(ability.value for ability in Ability)


@dataclass(slots=True)
class Reading:
    """What came of reading: methods and cases found sound, and every fault."""

    methods: list[MethodSource] = field(default_factory=list)
    cases: list[CaseSource] = field(default_factory=list)
    faults: tuple[Fault, ...] = ()

    @property
    def errors(self) -> int:
        return sum(fault.severity is Severity.ERROR for fault in self.faults)


def read_library(path: Path, *, shown_as: str = "") -> Reading:
    """Read a whole library, one of its folders, or one file. Faults name files as `shown_as/…`."""
    root = path.resolve()
    log = FaultLog(shown_as)
    reading = Reading()
    if root.is_file() and root.suffix == ".md":
        parent = FaultLog(str(Path(shown_as).parent) if shown_as else "")
        parent.faults = log.faults
        _read_folder(root.parent, reading, parent, only=root.name)
    elif root.is_dir() and (root.name == METHODS or root.name in _ABILITIES):
        _read_folder(root, reading, log)
    elif root.is_dir():
        _read_root(root, reading, log)
    else:
        log.add("no_library")
    _refuse_twins(reading, log)
    reading.faults = log.sorted()
    return reading


def _read_root(root: Path, reading: Reading, log: FaultLog) -> None:
    for path in entries(root, log):
        if path.is_dir() and not path.is_symlink() and path.name in (METHODS, *_ABILITIES):
            _read_folder(path, reading, log.at(path.name))
        elif path.is_dir():
            choices = ", ".join((METHODS, *_ABILITIES))
            log.at(path.name).add("unknown_case_folder", name=path.name, choices=choices)
        elif path.name != README:
            log.at(path.name).add("stray_in_library", name=path.name)
    known = {method.slug for method in reading.methods}
    for case in reading.cases:
        for slug in case.text.methods:
            if slug not in known:
                _log_of(case, log).add("unknown_method", None, slug=slug)
    if not reading.methods and not reading.cases and not log.faults:
        log.add("no_library")


def _read_folder(folder: Path, reading: Reading, log: FaultLog, *, only: str | None = None) -> None:
    """Read the methods or the cases of one folder."""
    files: dict[str, MediaSource | None] = {}
    texts: dict[str, bytes] = {}
    for path in entries(folder, log):
        if path.name == FILES and path.is_dir() and not path.is_symlink():
            files = _read_files(path, log.at(FILES))
        elif path.suffix == ".md" and not path.is_dir():
            if path.name != README and only in (None, path.name):
                take(path, texts, limits.SOURCE_BYTES, log, limits.SOURCE_BYTES)
        else:
            log.at(path.name).add("stray_in_library", name=path.name)
    used: set[str] = set()
    for name, data in texts.items():
        slug, inner = name.removesuffix(".md"), log.at(name)
        if not is_slug(slug):
            inner.add("bad_case_slug", name=name)
        elif folder.name == METHODS:
            method = read_method(slug, data, inner)
            reading.methods += [method] if method else []
        else:
            case = read_case(slug, data, files, inner, folder=folder.name if folder.name in _ABILITIES else None)
            reading.cases += [case] if case else []
            used.update(case.media if case else files)
    for name in files if only is None else ():
        if name not in used:
            log.at(FILES).at(name).warn("unused_case_file", name=name)


def _read_files(folder: Path, log: FaultLog) -> dict[str, MediaSource | None]:
    found: dict[str, bytes] = {}
    for path in entries(folder, log):
        take(path, found, limits.FILE_BYTES, log, limits.FILE_BYTES)
    return {name: read_media(name, data, log.at(name)) for name, data in found.items()}


def _refuse_twins(reading: Reading, log: FaultLog) -> None:
    """A name is how a case, or a method, is known, whatever its folder."""
    for sources in (reading.methods, reading.cases):
        seen: dict[str, str] = {}
        for source in sources:
            first = seen.setdefault(source.slug, source.path)
            if first != source.path:
                _log_of(source, log).add("case_twice", None, name=source.slug, other=first)


def _log_of(source: CaseSource | MethodSource, log: FaultLog) -> FaultLog:
    inner = FaultLog(source.path)
    inner.faults = log.faults
    return inner
