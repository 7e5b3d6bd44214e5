"""Kinds and certificates of the tests of notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.core import i18n
from lms.notices import kinds
from tests.notices.servers import write_certificate
from tests.notices.told import CASE, CLASS


@pytest.fixture(autouse=True)
def _kinds(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    i18n.forget()  # a request of the test before may have spoken English
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
