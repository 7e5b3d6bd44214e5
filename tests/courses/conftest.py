"""Fixtures of the course tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.courses.folders import write_course


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound course in its tier's folder."""
    return write_course(tmp_path / "courses")
