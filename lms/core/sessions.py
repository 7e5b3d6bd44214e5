"""The session cookie: signed, and good for its lifetime, whichever machine of ours signed it by whichever clock.

Flask's own refuses a cookie that was signed in the future. Where a clock is set back by some seconds, or one server's
runs ahead of its neighbor's, that would sign people out at random. A cookie's age decides nothing of weight here: the
row that it opens does (lms.accounts.sign_in).
"""

from datetime import UTC, datetime

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, patient with clocks."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        try:
            kept, signed_at = signer.loads(request.cookies.get(self.get_cookie_name(app), ""), return_timestamp=True)
        except BadSignature:
            return self.session_class()
        if datetime.now(UTC) - signed_at > app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(kept)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
