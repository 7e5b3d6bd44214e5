"""企业微信 group robot: a text posted as JSON to the robot's address, whose key is its only secret.

The service takes at most 2,048 bytes of text and says in `errcode` what came of it.
"""

import http.client
import json
import re
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lms.notices.channels.letter import PATIENCE, Letter, NotSent, Unsure

PATH = "/cgi-bin/webhook/send"
KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
LONGEST_TEXT = 2048
LONGEST_ANSWER = 4096
MOST_MENTIONS = 100

#: Answers that no further try changes: no such robot, address not allowed, text refused.
FINAL = frozenset({93000, 93004, 93008, 40008, 40058, 44004, 45002, 60020})


class _NoRedirects(HTTPRedirectHandler):
    """The robot answers where it is asked; somewhere else is somebody else."""

    def redirect_request(self, *_given: Any) -> None:
        return None


@dataclass(frozen=True)
class WecomChannel:
    """A group robot: the host that serves it and its key."""

    host: str
    key: str = field(repr=False)
    patience: float = PATIENCE

    def send(self, letter: Letter) -> None:
        request = Request(f"https://{self.host}{PATH}?key={self.key}", body_of(letter), method="POST")
        request.add_header("Content-Type", "application/json; charset=utf-8")
        try:
            with build_opener(_NoRedirects()).open(request, timeout=self.patience) as response:
                answer = response.read(LONGEST_ANSWER)
        except HTTPError as error:
            error.close()
            raise _by_status(error.code) from error
        except URLError as error:  # raised while connecting or sending: nothing was accepted
            raise _not_sent(error.reason) from error
        except (TimeoutError, http.client.HTTPException, OSError) as error:
            raise Unsure("unsure") from error
        judge(answer)


def body_of(letter: Letter) -> bytes:
    """The JSON of a text message, within the size that the service takes."""
    content: dict[str, Any] = {"content": cut(letter.text)}
    if letter.mobiles:
        content["mentioned_mobile_list"] = list(letter.mobiles[:MOST_MENTIONS])
    return json.dumps({"msgtype": "text", "text": content}, ensure_ascii=False).encode()


def cut(text: str, longest: int = LONGEST_TEXT) -> str:
    """`text` in at most `longest` bytes of UTF-8, never through the middle of a character."""
    data = text.encode()
    if len(data) <= longest:
        return text
    return data[: longest - len("…".encode())].decode(errors="ignore") + "…"


def judge(answer: bytes) -> None:
    """:raise NotSent: the service says that it did not take the message.
    :raise Unsure: it says nothing that we understand.
    """
    try:
        code = json.loads(answer)["errcode"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unsure("bad_answer") from error
    if code != 0:
        raise NotSent("refused" if code in FINAL else "busy", final=code in FINAL)


def _by_status(status: int) -> NotSent | Unsure:
    """A gateway that lost the answer does not know either whether the message was taken."""
    if status in {502, 504}:
        return Unsure("unsure")
    return NotSent("busy" if status >= 500 or status == 429 else "refused")


def _not_sent(reason: Any) -> NotSent:
    if isinstance(reason, ssl.SSLError):
        return NotSent("tls")
    return NotSent("slow" if isinstance(reason, TimeoutError) else "unreachable")
