"""Several processes that answer requests on one port, and how they are replaced without dropping one.

A *keeper* holds the port and has no other work. It starts a *crew*: a process that loads the site once and forks
workers, which share its memory and the port. A worker that dies is forked anew in some milliseconds; connections
that wait at the port go to its neighbors meanwhile. On SIGHUP the keeper starts a second crew, of whatever code and
settings are installed by then, and sends the first one home once the second is ready. A crew whose keeper is gone, and
a worker whose crew is gone, leave too.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from flask import Flask
from structlog import get_logger

from lms.core import answering

log = get_logger("lms.workers")

#: Between two starts of the same thing, in seconds: what dies at once must not eat a processor.
PAUSE = 0.1
READY_WITHIN = 60.0
AWAITED = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}


class Crew:
    """The workers of one version of the site."""

    def __init__(self, app: Flask, listener: socket.socket, *, count: int, threads: int) -> None:
        self._app, self._listener = app, listener
        self._count, self._threads = count, threads
        self._workers: set[int] = set()
        self._parent = os.getppid()

    def run(self, ready: int) -> None:
        """Keep `count` workers alive until told to leave; `ready` is where the keeper hears of it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
        with os.fdopen(ready, "wb") as told:  # before there are workers, who would keep it open
            told.write(b"ready")
        self._fill()
        came = None
        while came not in {signal.SIGTERM, signal.SIGINT} and os.getppid() == self._parent:
            answer = signal.sigtimedwait(AWAITED, answering.TICK)
            came = signal.Signals(answer.si_signo) if answer else None
            ended = self._bury()
            if ended:
                log.warning("workers ended", workers=sorted(ended))
                time.sleep(PAUSE)
            self._fill()
        self._leave()

    def _fill(self) -> None:
        while len(self._workers) < self._count:
            self._fork()

    def _fork(self) -> None:
        crew = os.getpid()
        worker = os.fork()
        if worker:
            self._workers.add(worker)
            return
        code = 1
        try:
            for number in AWAITED - {signal.SIGTERM}:
                signal.signal(number, signal.SIG_IGN)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # limited children are waited for
            signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
            self._app.extensions["database"].engine.dispose(close=False)
            answering.answer(self._app, self._listener, self._threads, parent=crew)
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _bury(self) -> set[int]:
        """Those that have ended since somebody looked."""
        ended = {worker for worker in self._workers if os.waitpid(worker, os.WNOHANG)[0]}
        self._workers -= ended
        return ended

    def _leave(self) -> None:
        self._listener.close()
        for worker in self._workers:
            os.kill(worker, signal.SIGTERM)

        def all_gone() -> bool:
            self._bury()
            return not self._workers

        if not answering.at_most(answering.GRACE + 10, all_gone, {signal.SIGCHLD}):
            for worker in self._workers:
                os.kill(worker, signal.SIGKILL)


class Keeper:
    """Holds the port; starts crews, and replaces them."""

    def __init__(self, listener: socket.socket, *, count: int, threads: int) -> None:
        self._listener = listener
        self._words = ["--processes", str(count), "--threads", str(threads)]
        self._crew: subprocess.Popen[bytes] | None = None
        self._leaving: list[subprocess.Popen[bytes]] = []

    def run(self) -> None:
        """Until SIGTERM or SIGINT; SIGHUP replaces the crew."""
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
        self._crew = self._start()
        came = None
        while came not in {signal.SIGTERM, signal.SIGINT}:
            answer = signal.sigtimedwait(AWAITED, answering.TICK)
            came = signal.Signals(answer.si_signo) if answer else None
            if came is signal.SIGHUP:
                self._replace()
            self._leaving = [crew for crew in self._leaving if crew.poll() is None]
            if self._crew is None or self._crew.poll() is not None:
                log.error("the crew died")
                time.sleep(PAUSE)
                self._crew = self._start()
        self._listener.close()
        self._send_home(self._crew)
        answering.at_most(answering.GRACE + 15, self._all_gone, {signal.SIGCHLD})

    def _start(self) -> subprocess.Popen[bytes] | None:
        """A crew that is ready, or None where it never became so."""
        listener = self._listener.fileno()
        heard, told = os.pipe()
        words = [*self._words, "--inherited", f"{listener},{told}"]
        crew = subprocess.Popen(
            [sys.executable, "-m", "lms", "serve", *words], pass_fds=(listener, told), preexec_fn=_unblock
        )
        os.close(told)
        with os.fdopen(heard, "rb") as said:
            if select.select([said], [], [], READY_WITHIN)[0] and said.read():
                return crew
        log.error("a crew did not become ready")
        crew.kill()
        crew.wait()
        return None

    def _replace(self) -> None:
        """A new crew for the old one; where the new one cannot start, the old one stays."""
        fresh = self._start()
        if fresh is None:
            log.error("the old crew stays")
            return
        self._send_home(self._crew)
        self._crew = fresh
        log.info("crew replaced", crew=fresh.pid)

    def _send_home(self, crew: subprocess.Popen[bytes] | None) -> None:
        if crew is not None:
            with suppress(ProcessLookupError):
                crew.send_signal(signal.SIGTERM)
            self._leaving.append(crew)

    def _all_gone(self) -> bool:
        return all(crew.poll() is not None for crew in self._leaving)


def _unblock() -> None:
    """What is blocked here would stay blocked in the new program."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)


def inherit(text: str) -> tuple[socket.socket, int]:
    """The socket and the pipe that a keeper hands to its crew, as their numbers."""
    listener, ready = (int(part) for part in text.split(","))
    return socket.socket(fileno=listener), ready
