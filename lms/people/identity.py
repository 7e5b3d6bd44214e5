"""Identity numbers: encrypted at rest, found by keyed hash, masked on every page. Source: GB 11643-1999 for the form.

The key is derived from the installation's secret: a stolen database file alone reveals no number.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet
from flask import current_app

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def check_digit(first_seventeen: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2."""
    return CHECK_DIGITS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_seventeen, strict=True)) % 11]


def encrypt(number: str) -> str:
    return Fernet(base64.urlsafe_b64encode(_key("encrypt"))).encrypt(number.encode()).decode()


def decrypt(cipher: str) -> str:
    return Fernet(base64.urlsafe_b64encode(_key("encrypt"))).decrypt(cipher.encode()).decode()


def digest(number: str) -> str:
    """The keyed hash under which a number is looked up."""
    return hmac.new(_key("digest"), number.upper().encode(), hashlib.sha256).hexdigest()


def mask_number(number: str) -> str:
    """990101198501040236 -> 990***********0236."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def mask_phone(phone: str | None) -> str:
    """19949594287 -> 199****4287."""
    return "—" if not phone else phone[:3] + "****" + phone[-4:] if len(phone) >= 8 else "****"


def _key(purpose: str) -> bytes:
    secret: str = current_app.config["LMS"].secret_key
    return hashlib.sha256(f"lms identity {purpose}\n{secret}".encode()).digest()
