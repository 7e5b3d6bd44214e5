"""Signed tokens of pages that play a video or show its transcript: who, which lesson, since when. Nothing is stored."""

import secrets
from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from lms.courses.models import Lesson
from lms.courses.watching import Ticket

WATCH = "courses.watch"
READ = "courses.read"


def milliseconds(moment: datetime) -> int:
    """Since 1970, as the pure part counts."""
    return int(moment.timestamp() * 1000)


def issue(purpose: str, lesson: Lesson, person_id: int, now: datetime) -> str:
    """A token for one page, shown to one person now."""
    return str(_serializer(purpose).dumps([person_id, lesson.id, milliseconds(now), secrets.token_urlsafe(6)]))


def read(purpose: str, token: str) -> Ticket | None:
    """What a token says; None where it is not one of ours for this purpose."""
    try:
        person_id, lesson_id, issued_at, nonce = _serializer(purpose).loads(token[:300])
    except (BadSignature, ValueError, TypeError):
        return None
    return Ticket(person_id, lesson_id, issued_at, nonce)


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=purpose)
