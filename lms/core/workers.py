"""Several processes that answer requests on one port, and how they are replaced without dropping one.

A *keeper* holds the port and has no other work. It starts a *crew*: a process that has the site loaded and forks
workers, which share its memory and the port. The first crew is a fork of the keeper itself. A worker that dies is
forked anew in some milliseconds; connections that wait at the port go to its neighbors meanwhile. On SIGHUP the keeper
starts another crew, of whatever code and settings are installed by then, and sends the old one home once the new one is
ready. A crew whose keeper is gone, and a worker whose crew is gone, leave too.
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

    def run(self) -> None:
        """Keep `count` workers alive until told to leave."""
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
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

    def __init__(self, app: Flask, listener: socket.socket, *, count: int, threads: int) -> None:
        self._app, self._listener = app, listener
        self._count, self._threads = count, threads
        #: Process numbers of the crew at work, and of those that were sent home.
        self._crew: int | None = None
        self._leaving: set[int] = set()

    def run(self) -> None:
        """Until SIGTERM or SIGINT; SIGHUP replaces the crew."""
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
        self._crew = self._fork()
        came = None
        while came not in {signal.SIGTERM, signal.SIGINT}:
            answer = signal.sigtimedwait(AWAITED, answering.TICK)
            came = signal.Signals(answer.si_signo) if answer else None
            if came is signal.SIGHUP:
                self._replace()
            self._all_gone()
            if self._crew is None or _has_ended(self._crew):
                log.error("the crew died")
                time.sleep(PAUSE)
                self._crew = self._start()
        self._listener.close()
        self._send_home(self._crew)
        answering.at_most(answering.GRACE + 15, self._all_gone, {signal.SIGCHLD})

    def _fork(self) -> int:
        crew = os.fork()
        if not crew:
            try:
                Crew(self._app, self._listener, count=self._count, threads=self._threads).run()
            finally:
                os._exit(0)
        return crew

    def _start(self) -> int | None:
        """A crew that is ready, or None where it never became so."""
        listener = self._listener.fileno()
        heard, told = os.pipe()
        words = ["--processes", str(self._count), "--threads", str(self._threads)]
        words += ["--inherited", f"{listener},{told}"]
        crew = subprocess.Popen(
            [sys.executable, "-m", "lms", "serve", *words], pass_fds=(listener, told), preexec_fn=_unblock
        )
        os.close(told)
        with os.fdopen(heard, "rb") as said:
            if select.select([said], [], [], READY_WITHIN)[0] and said.read():
                return crew.pid
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
        log.info("crew replaced", crew=fresh)

    def _send_home(self, crew: int | None) -> None:
        if crew is not None:
            with suppress(ProcessLookupError):
                os.kill(crew, signal.SIGTERM)
            self._leaving.add(crew)

    def _all_gone(self) -> bool:
        self._leaving = {crew for crew in self._leaving if not _has_ended(crew)}
        return not self._leaving


def _has_ended(child: int) -> bool:
    try:
        return bool(os.waitpid(child, os.WNOHANG)[0])
    except ChildProcessError:  # somebody has asked before
        return True


def _unblock() -> None:
    """What is blocked here would stay blocked in the new program."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)


def join(app: Flask, inherited: str, *, count: int, threads: int) -> None:
    """Be the crew of a keeper, which gave the numbers of the socket and of the pipe where it hears that it is ready."""
    listener, ready = (int(part) for part in inherited.split(","))
    crew = Crew(app, socket.socket(fileno=listener), count=count, threads=threads)
    with os.fdopen(ready, "wb") as told:  # before there are workers, who would keep it open
        told.write(b"ready")
    crew.run()
