"""The cookie of a session. When a session ends is known by its row alone, not by the time the cookie was signed at."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class SessionCookie(SecureCookieSessionInterface):
    """Flask's own refuses what was signed later than now: a clock that is set back would sign everyone out."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            kept = serializer.loads(request.cookies.get(self.get_cookie_name(app), ""))
        except BadSignature:
            kept = None
        return self.session_class(kept)


def install(app: Flask) -> None:
    app.session_interface = SessionCookie()
