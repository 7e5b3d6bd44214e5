"""Clients as browsers are: real pages over real connections, and a ledger of what each one was told.

Each write is sent until it is acknowledged, as a person presses the button again; what was sent without an answer, or
answered with 503, is counted as unknown at that time. Afterwards the ledgers are compared with the database.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.faults.stage import LESSONS, QUESTIONS, Cookie

PATIENCE = 20
PAUSE = 0.1
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
SUBMIT_TOKEN = re.compile(r'name="token" value="([^"]+)"')
OPTION = re.compile(r'name="(q\d+)" value="([^"]+)"')
ATTEMPT = re.compile(r"/quizzes/attempts/(\d+)")


@dataclass(frozen=True)
class Reply:
    """What came back; status 0: nothing, or not all of it."""

    status: int
    location: str = ""
    body: str = ""
    retry_after: str = ""


@dataclass
class Write:
    """One thing that a person asked for, and how it went."""

    kind: str
    person_id: int
    #: what the database must hold, once the site has said yes
    what: tuple[object, ...] = ()
    acknowledged: bool = False
    tries: int = 0
    unknown: bool = False


@dataclass
class Ledger:
    """What one client asked for and was told, and what was wrong with the words."""

    writes: list[Write] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    rude: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """Takes its people, one after another, through the course and its quiz until told to stop."""

    def __init__(
        self,
        port: int,
        people: Sequence[Cookie],
        course_id: int,
        stop: threading.Event,
        *,
        may_be_late: bool = False,
    ) -> None:
        super().__init__(daemon=True)
        self.ledger = Ledger()
        #: What went wrong here, and not on the site.
        self.failure: BaseException | None = None
        self._port, self._people, self._course = port, people, f"/courses/{course_id}"
        self._over = stop
        #: Whether a quiz may be over before it was handed in, because the site's clock was moved.
        self._may_be_late = may_be_late
        self._connection: http.client.HTTPConnection | None = None
        self._count = 0

    def run(self) -> None:
        try:
            tokens = {one.person_id: self._token(one) for one in self._people}
            for one in self._people:
                self._study(one, tokens[one.person_id])
            while not self._over.is_set():
                for one in self._people:
                    if not self._over.is_set():
                        self._take_quiz(one, tokens[one.person_id])
        except BaseException as error:
            self.failure = error

    # What a person does

    def _token(self, one: Cookie) -> str:
        page = self._look(one, self._course)
        found = TOKEN.search(page)
        assert found, f"no token on {self._course}"
        return found[1]

    def _study(self, one: Cookie, token: str) -> None:
        self._write(Write("enroll", one.person_id), one, f"{self._course}/enroll", {"csrf_token": token})
        for number in range(1, LESSONS + 1):
            path = f"{self._course}/lessons/{number}/finish"
            self._write(Write("finish", one.person_id, (number,)), one, path, {"csrf_token": token})

    def _take_quiz(self, one: Cookie, token: str) -> None:
        begin = Write("start", one.person_id)
        reply = self._write(begin, one, f"{self._course}/quiz", {"csrf_token": token})
        found = ATTEMPT.search(reply.location)
        assert found, f"no attempt in {reply}"
        attempt = int(found[1])
        begin.what = (attempt,)
        path = f"/quizzes/attempts/{attempt}"
        self._count += 1
        device = f"faults-{self.name}-{self._count}".replace(" ", "")
        right: dict[str, str] = {}
        for name, option in OPTION.findall(self._look(one, path)):
            right.setdefault(name, option)  # the first of two says that the statement is true, and all are
        for number in range(1, QUESTIONS + 1 if right else 1):
            form = {
                f"q{number}": right[f"q{number}"],
                "sequence": "1",
                "based_on": "0",
                "device": device,
                "csrf_token": token,
            }
            kept = Write("answer", one.person_id, (attempt, number, device))
            self._write(kept, one, f"{path}/answers/{number}", form, scripted=True)
        page = self._look(one, f"{path}/submit")
        named = SUBMIT_TOKEN.search(page)
        if named is None and self._may_be_late:
            return
        assert named, "no token to submit with"
        submit = Write("submit", one.person_id, (attempt, named[1]))
        self._write(submit, one, f"{path}/submit", {"token": named[1], "csrf_token": token})
        self._look(one, f"{path}/result")

    # How it is asked

    def _look(self, one: Cookie, path: str) -> str:
        codes = {200, 303} if self._may_be_late else {200}
        return self._until(lambda reply: reply.status in codes, one, path).body

    def _write(self, write: Write, one: Cookie, path: str, form: Mapping[str, str], *, scripted: bool = False) -> Reply:
        self.ledger.writes.append(write)
        wanted = {200} if scripted else {303}
        late = {409} if scripted and self._may_be_late else set()

        def good(reply: Reply) -> bool:
            return reply.status in wanted | late

        reply = self._until(good, one, path, form, scripted=scripted, write=write)
        write.acknowledged = reply.status in wanted
        return reply

    def _until(
        self,
        good: Callable[[Reply], bool],
        one: Cookie,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        scripted: bool = False,
        write: Write | None = None,
    ) -> Reply:
        """Ask again until the answer is good; any answer but that, silence and 503 is a failure of the site."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            reply = self._ask(one, path, form, scripted=scripted)
            self.ledger.statuses[reply.status] += 1
            if write is not None:
                write.tries += 1
                write.unknown |= not good(reply)
            if good(reply):
                self._over.wait(PAUSE)
                return reply
            self._judge(reply, path)
            threading.Event().wait(PAUSE)
        raise TimeoutError(f"{path}: no good answer within a minute")

    def _judge(self, reply: Reply, path: str) -> None:
        if reply.status == 0:
            return
        polite = reply.status == 503 and reply.retry_after and ("稍" in reply.body or '"error"' in reply.body)
        if not polite:
            self.ledger.rude.append(f"{path}: {reply.status} {reply.location} {reply.body[:120]!r}")

    def _ask(self, one: Cookie, path: str, form: Mapping[str, str] | None, *, scripted: bool) -> Reply:
        headers = {"Cookie": one.header, "Accept-Language": "zh-CN"}
        headers["Accept"] = "application/json" if scripted else "text/html"
        body = None if form is None else urlencode(form)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
            self._connection.request("GET" if body is None else "POST", path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self._close()
            return Reply(0)
        if answer.will_close:
            self._close()
        location = answer.getheader("Location", "")
        return Reply(answer.status, location, text, answer.getheader("Retry-After", ""))

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class Watch(threading.Thread):
    """Asks whether the site is well, twenty times a second, and remembers the longest time that it was not."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self._port, self._over = port, threading.Event()

    def run(self) -> None:
        good = time.monotonic()
        while not self._over.wait(0.05):
            well = is_well(self._port)
            self.longest = max(self.longest, time.monotonic() - good)
            if well:
                good = time.monotonic()

    def end(self) -> float:
        self._over.set()
        self.join()
        return self.longest


def is_well(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
