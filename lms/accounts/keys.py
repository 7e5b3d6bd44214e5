"""Keys derived from the installation's secret, one for each purpose, so that no value serves for another."""

import hashlib
import hmac

from flask import current_app


def key(purpose: str) -> bytes:
    secret: str = current_app.config["LMS"].secret_key
    return hmac.new(secret.encode(), f"lms accounts {purpose}".encode(), hashlib.sha256).digest()


def digest(purpose: str, text: str) -> str:
    """The keyed hash of a text for one purpose, in 64 hexadecimal digits."""
    return hmac.new(key(purpose), text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
