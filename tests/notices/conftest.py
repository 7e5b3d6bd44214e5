"""Kinds, channels and servers of the tests of notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lms.config import Config
from lms.core import db
from lms.core.i18n import lazy_gettext as _l
from lms.notices import kinds
from lms.notices.kinds import NoticeKind
from tests.notices.servers import write_certificate

#: A Monday, eleven in the morning in Shanghai.
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)

CLASS = NoticeKind("tests.class", _l("培训"), _l("课程"), _l("《%(title)s》"), _l("%(title)s"), {"member": _l("课程")})
CASE = NoticeKind("tests.case", _l("案例"), _l("课程"), _l("案例 %(title)s"), _l("%(title)s"), {"member": _l("课程")})


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {kind.name: kind for kind in kinds.all_kinds()}
    monkeypatch.setattr(kinds, "_kinds", {**known, CLASS.name: CLASS, CASE.name: CASE})


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This machine trusts the servers of the tests, and reaches them directly."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "*")
    return certificate


def allow_hosts(app: Flask, *hosts: str, **changed: Any) -> None:
    config: Config = app.config["LMS"]
    values = {**config.__dict__, "channel_hosts": hosts, **changed}
    app.config["LMS"] = Config(**values)


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    """The application, with nothing open: jobs open their own units of work."""
    with app.app_context():
        yield app


def ask(app: Flask, question: Any) -> Any:
    """What `question()` finds, in a unit of work of its own."""
    with db.unit_of_work(app.extensions["database"]):
        return question()
