"""The door of the handshake: our own origin only, and nobody who is signed out."""

from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from flask_login import current_user

from access.grants import Actor
from models.outage import AWAY

PATH = "/socket.io"
ACTOR, PLAN = "consilium.actor", "consilium.plan"
"""What the door leaves in the WSGI environment of a handshake."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Door:
    """WSGI in front of the sockets. Other paths pass through."""

    def __init__(self, app: Flask, inner: Wsgi, origins: Collection[str]) -> None:
        self._app = app
        self._inner = inner
        self._origins = frozenset(origins)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._inner(environ, start_response)
        if not self._is_ours(environ):
            return _refuse(start_response, "403 Forbidden", b"another origin")
        query = parse_qs(environ.get("QUERY_STRING", ""))
        if "sid" not in query:
            try:
                actor = self._actor(environ)
            except AWAY:
                return _refuse(start_response, "503 Service Unavailable", b"the database is away")
            if actor is None:
                return _refuse(start_response, "401 Unauthorized", b"signed out")
            environ[ACTOR] = actor
            environ[PLAN] = query.get("plan", [None])[0]
        return self._inner(environ, start_response)

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        """Browsers send no Origin with a same-origin GET, but say then that it is one."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None:
            return origin in self._origins
        is_poll = environ["REQUEST_METHOD"] == "GET" and not environ.get("HTTP_UPGRADE")
        return is_poll and environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"

    def _actor(self, environ: dict[str, Any]) -> Actor | None:
        with self._app.request_context(environ):
            actor: Actor | None = current_user.actor if current_user.is_authenticated else None
            return actor


def _refuse(start_response: Callable[..., Any], status: str, why: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
    return [why]
