"""Run one function on untrusted input in a child process that may use only so much time and memory.

What a file or a text can do to its parser is then bounded: the child dies, the server does not. The child is a fresh
interpreter (`limited_child.py`) without the parent's environment, sockets or open files; it starts in about 50 ms, so
the function's module must import little. The answer must be something that JSON can carry.

    rows = limited.run(reading.rows_of, data, seconds=20, megabytes=768)

Sources: the Python manual on `resource.setrlimit` and `subprocess`; getrlimit(2).
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CHILD = Path(__file__).with_name("limited_child.py")
MEGABYTE = 1024 * 1024
# Children at once in one server process: each may take its whole allowance of memory.
PLACES = threading.BoundedSemaphore(4)
WAIT_FOR_A_PLACE_SECONDS = 20.0
# All that the child keeps of our environment: where a locally built interpreter finds its libraries.
KEPT_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH")


class LimitExceeded(Exception):
    """The work took more than it may.

    `what` is "time", "memory" or "answer" (larger than may be handed back), or "busy" when no place became free.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"limit exceeded: {what}")
        self.what = what


class ChildFailed(Exception):
    """The function raised, or the child died: `kind` is the class of the exception or the signal's name.

    For the log and for the caller's choice of a sentence; never shown to people.
    """

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind


def run(
    function: Callable[..., Any] | str,
    *args: object,
    seconds: float,
    megabytes: int,
    cpu_seconds: float | None = None,
    answer_megabytes: int = 64,
) -> Any:
    """Call `function(*args)` in a limited child and return its answer, a value that JSON can carry.

    :param function: importable at the top level of a module that imports little; the arguments are pickled to it. Or
        its name as "package.module:function", where importing that module is dear and only the child needs it.
    :param seconds: the most wall clock time, from start to answer.
    :param cpu_seconds: the most processor time, `seconds` unless told: what is refused then does not depend on how
        busy the machine is.
    :param megabytes: the most address space (at least 128: an empty interpreter maps some tens).
    :param answer_megabytes: the most the answer may take as JSON.
    :raise LimitExceeded: it took too long, too much memory, or answered too much.
    :raise ChildFailed: it raised, or died of something else.
    """
    request = _request(function, args)
    most = answer_megabytes * MEGABYTE
    words = [str(megabytes), str(cpu_seconds or seconds), str(most)]
    with _place():
        text, code, late = _converse([sys.executable, "-I", "-B", str(CHILD), *words], request, seconds, most)
    if late:
        raise LimitExceeded("time")
    return _answer(text, code, most)


def _request(function: Callable[..., Any] | str, args: tuple[object, ...]) -> bytes:
    """The call as a pickle: names, not code, and the parent's import path.

    :raise ValueError: the function is not importable by name.
    """
    path = [str(Path(entry or ".").resolve()) for entry in sys.path]
    if isinstance(function, str):
        module, _colon, name = function.partition(":")
        return pickle.dumps({"path": path, "module": module, "function": name, "args": args}, pickle.HIGHEST_PROTOCOL)
    module, name = function.__module__, function.__qualname__
    if module == "__main__" or getattr(sys.modules.get(module), name, None) is not function:
        raise ValueError(f"{module}.{name} cannot be imported by name: a limited child could not find it")
    return pickle.dumps({"path": path, "module": module, "function": name, "args": args}, pickle.HIGHEST_PROTOCOL)


@contextlib.contextmanager
def _place() -> Iterator[None]:
    """Hold one of the few places for children, waiting a while for it.

    :raise LimitExceeded: with "busy", when none became free.
    """
    if not PLACES.acquire(timeout=WAIT_FOR_A_PLACE_SECONDS):
        raise LimitExceeded("busy")
    try:
        yield
    finally:
        PLACES.release()


def _converse(command: list[str], request: bytes, seconds: float, most: int) -> tuple[bytes, int, bool]:
    """Start the child, hand it the request, read what it says: (answer, exit code, whether its time ran out).

    One timer ends the child at its time; that frees this thread too, whether it was writing or reading.
    """
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    process = subprocess.Popen(  # our own interpreter and our own script
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(request)
                process.stdin.close()
            text = process.stdout.read(most + 1)
            if len(text) > most:
                process.kill()
    finally:
        timer.cancel()
    return text, process.returncode, late.is_set()


def _answer(text: bytes, code: int, most: int) -> Any:
    """The value inside the child's answer, or the error that it stands for."""
    if len(text) > most:
        raise LimitExceeded("answer")
    if not text:
        raise _death(code)
    said: dict[str, Any] = json.loads(text.decode("utf-8", "surrogatepass"))
    if "exceeded" in said:
        raise LimitExceeded(str(said["exceeded"]))
    if "failed" in said:
        raise ChildFailed(str(said["failed"]), str(said.get("message", "")))
    return said["answer"]


def _death(code: int) -> LimitExceeded | ChildFailed:
    """What it means that the child ended with this code and said nothing.

    An allocation that Rust or C cannot make ends in SIGABRT, hence "memory"; SIGPROF and SIGXCPU are the limits of
    processor time (the kernel sends SIGKILL at the hard limit).
    """
    if code in (-signal.SIGPROF, -signal.SIGXCPU, -signal.SIGKILL):
        return LimitExceeded("time")
    if code == -signal.SIGABRT:
        return LimitExceeded("memory")
    return ChildFailed(signal.Signals(-code).name if code < 0 else f"exit {code}")
