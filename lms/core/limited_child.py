"""The child's side of `lms.core.limited`: limits first, then one function, then one answer.

Run as a script by path in isolated mode (`python -I limited_child.py MEGABYTES SECONDS ANSWER_BYTES`). It imports only
the standard library's smallest parts, because its start is paid on every call, and nothing of `lms` until the limits
stand. The request comes on standard input as a pickle (it is the parent's own, so it is trusted); the answer leaves as
JSON, because what the child has read may have been hostile and a pickle from it would not be safe to open.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import os
import pickle
import resource
import signal
import sys
from typing import Any

MEGABYTE = 1024 * 1024


def set_limits(megabytes: int, seconds: float) -> None:
    """Bound this process: address space in megabytes, processor time in seconds, no file written, no process begun.

    A timer ends it at the fraction of a second; the kernel's limit, in whole seconds, stands behind it.

    A platform that does not know one of the limits (macOS has no working RLIMIT_AS) keeps the others: the parent's
    wall clock holds in any case.
    """
    wanted = (
        (resource.RLIMIT_AS, megabytes * MEGABYTE),
        (resource.RLIMIT_CPU, math.ceil(seconds)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
    )
    for kind, limit in wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    signal.setitimer(signal.ITIMER_PROF, seconds)


def answer_of(request: dict[str, Any]) -> dict[str, Any]:
    """Call the function that the request names; every failure becomes an answer that says which kind it was."""
    try:
        sys.path[:] = request["path"]
        module = importlib.import_module(request["module"])
        return {"answer": getattr(module, request["function"])(*request["args"])}
    except MemoryError:
        return {"exceeded": "memory"}
    except BaseException as error:  # a Rust panic arrives as BaseException: whatever it is, the parent must hear of it
        return {"failed": type(error).__name__, "message": str(error)[:500]}


def encoded(answer: dict[str, Any], most: int) -> bytes:
    """The answer as JSON of at most `most` bytes, else the word that it was too large or could not be written."""
    try:
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    except MemoryError:
        return b'{"exceeded":"memory"}'
    except (TypeError, ValueError, RecursionError) as error:
        return json.dumps({"failed": type(error).__name__, "message": str(error)[:500]}).encode()
    return text if len(text) <= most else b'{"exceeded":"answer"}'


def main(arguments: list[str]) -> None:
    """Limit, read, call, answer. Anything the function prints goes nowhere: descriptor 1 is kept for the answer."""
    most = int(arguments[2])
    set_limits(int(arguments[0]), float(arguments[1]))
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    request = pickle.load(sys.stdin.buffer)  # noqa: S301  our own parent wrote it
    pipe.write(encoded(answer_of(request), most))
    pipe.flush()
    os._exit(0)  # nothing to clean up, and tearing down a large heap costs time


if __name__ == "__main__":
    main(sys.argv[1:])
