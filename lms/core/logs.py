"""Logs: one line an event, as text on a terminal and as JSON elsewhere. A line break in a value stays in its value."""

import logging
import sys

import structlog


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
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
