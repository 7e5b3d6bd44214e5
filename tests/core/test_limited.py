"""A limited child: it answers, or it ends within its limits, and the parent lives on either way.

The functions run are the standard library's, so that the child finds them whatever way the tests were imported.
"""

from __future__ import annotations

import operator
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.core import limited


def run(function: Callable[..., object], *args: object, seconds: float = 5) -> object:
    return limited.run(function, *args, seconds=seconds, megabytes=256, answer_megabytes=1)


def test_it_returns_what_the_function_returns() -> None:
    assert run(operator.add, 2, 3) == 5


def test_what_the_function_prints_is_not_its_answer() -> None:
    assert run(print, "this must not spoil the answer") is None


def test_any_text_comes_back() -> None:
    assert run(operator.add, "中文 \x00", "\ud800") == "中文 \x00\ud800"


def test_large_arguments_arrive() -> None:
    assert run(len, b"x" * 5_000_000) == 5_000_000


def test_it_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SECRET_KEY", "canary")
    assert run(os.getenv, "LMS_SECRET_KEY") is None


@pytest.mark.parametrize(
    ("function", "args", "what"),
    [
        (sum, (range(10**12),), "time"),
        (time.sleep, (60,), "time"),
        (bytearray, (10**9,), "memory"),
        (operator.mul, ("x", 3_000_000), "answer"),
    ],
)
def test_it_ends_at_its_limit(function: Callable[..., object], args: tuple[object, ...], what: str) -> None:
    begun = time.monotonic()
    with pytest.raises(limited.LimitExceeded) as caught:
        run(function, *args, seconds=1)
    assert caught.value.what == what
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("function", "args", "kind"),
    [
        (operator.truediv, (1, 0), "ZeroDivisionError"),
        (signal.raise_signal, (signal.SIGSEGV,), "SIGSEGV"),
        (complex, (1, 2), "TypeError"),
    ],
)
def test_a_failure_is_named(function: Callable[..., object], args: tuple[object, ...], kind: str) -> None:
    with pytest.raises(limited.ChildFailed) as caught:
        run(function, *args)
    assert caught.value.kind == kind


def test_it_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(limited.ChildFailed):
        run(shutil.copyfile, __file__, str(tmp_path / "copy"))


def test_a_function_without_a_name_is_refused_before_anything_starts() -> None:
    with pytest.raises(ValueError, match="cannot be imported by name"):
        run(lambda: 1)


def test_it_says_so_when_all_places_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "WAIT_FOR_A_PLACE_SECONDS", 0.01)
    for _ in range(4):
        limited.PLACES.acquire()
    try:
        with pytest.raises(limited.LimitExceeded, match="busy"):
            run(operator.add, 1, 1)
    finally:
        for _ in range(4):
            limited.PLACES.release()


def test_it_starts_cheaply() -> None:
    run(operator.add, 1, 1)
    begun = os.times()
    run(operator.add, 1, 1)
    assert sum(os.times()[:4]) - sum(begun[:4]) < 0.3
