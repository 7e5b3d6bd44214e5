"""A line of the log is an event: nothing that somebody sent can end it or begin another."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from lms.core import logs

FORGED = 'x\r\n{"event": "forged"}\n\u2028\x1b[31m\x00\x85'


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("env", ["production", "development"])
def test_a_line_break_in_a_value_stays_in_its_value(
    env: str, configured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(env)
    structlog.get_logger("lms.forms").warning("fields ignored", fields=[FORGED], path=FORGED)
    [line] = capsys.readouterr().err.split("\n")[:-1]
    assert json.loads(line)["path"] == FORGED
    assert not any(char in line for char in "\r\x1b\x00")
