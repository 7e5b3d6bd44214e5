"""Logs: one line an event, as text on a terminal and as JSON elsewhere. A line break in a value stays in its value."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Patient:
    """A stream that may be full or gone for a while: a line is lost then, and not the request that wrote it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> int:
        with suppress(OSError):
            return self._stream.write(line)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def configure(env: str) -> None:
    """Set up structlog once for the process."""
    rendering = (
        structlog.dev.ConsoleRenderer(colors=False)
        if env == "development" and sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            rendering,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if env == "test" else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, Patient(sys.stderr))),
        cache_logger_on_first_use=False,
    )
