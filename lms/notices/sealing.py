"""Secrets of channels at rest: a stolen database file alone opens no mail server and no group."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet
from flask import current_app


def seal(secrets: dict[str, str]) -> str:
    return _box().encrypt(json.dumps(secrets).encode()).decode()


def unseal(cipher: str) -> dict[str, str]:
    """:raise InvalidToken: it was sealed under another secret of the installation."""
    opened: dict[str, str] = json.loads(_box().decrypt(cipher.encode()))
    return opened


def _box() -> Fernet:
    secret: str = current_app.config["LMS"].secret_key
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"lms channels\n{secret}".encode()).digest()))
