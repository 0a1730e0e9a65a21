"""The door of the handshake: our own origin only, nobody who is signed out, no patient, and nobody too often."""

import time
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from flask_login import current_user

from access.grants import Actor
from access.limits import POLLS, Limiter, TooMany, handshakes_of_address, handshakes_of_person, neighbourhood
from models.outage import AWAY

PATH = "/socket.io"
ACTOR, PLAN, ARRIVED = "consilium.actor", "consilium.plan", "consilium.arrived"
"""What the door leaves in the WSGI environment of a handshake."""

TOO_MANY_OPEN = "connections of a person"
LONGEST_SID = 64
OPEN_AGAIN_IN = 60
"""Seconds after which somebody with too many sockets is asked to try again."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Door:
    """WSGI in front of the sockets. Other paths pass through."""

    def __init__(
        self,
        app: Flask,
        inner: Wsgi,
        origins: Collection[str],
        limiter: Limiter,
        most: int,
        held_by: Callable[[int], int],
    ) -> None:
        """`most` sockets may one person have open; `held_by` says how many somebody has."""
        self._app = app
        self._inner = inner
        self._origins = frozenset(origins)
        self._limiter = limiter
        self._of_address, self._of_person = handshakes_of_address(most), handshakes_of_person(most)
        self._most = most
        self._held_by = held_by

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._inner(environ, start_response)
        if not self._is_ours(environ):
            return _refuse(start_response, "403 Forbidden", b"another origin")
        query = parse_qs(environ.get("QUERY_STRING", ""))
        try:
            if "sid" in query:
                self._limiter.take(POLLS, query["sid"][0][:LONGEST_SID])
            else:
                environ[ACTOR] = self._who(environ)
                environ[ARRIVED] = time.monotonic()
                environ[PLAN] = query.get("plan", [None])[0]
        except TooMany as refusal:
            return _refuse(start_response, "429 Too Many Requests", b"too many connections", refusal.seconds)
        except AWAY:
            return _refuse(start_response, "503 Service Unavailable", b"the database is away")
        if "sid" not in query and environ[ACTOR] is None:
            return _refuse(start_response, "401 Unauthorized", b"signed out")
        if "sid" not in query and environ[ACTOR].is_patient:
            return _refuse(start_response, "403 Forbidden", b"nothing is told here to patients")
        return self._inner(environ, start_response)

    def _who(self, environ: dict[str, Any]) -> Actor | None:
        """Who knocks, or None for somebody signed out. Raises TooMany."""
        self._limiter.take(self._of_address, neighbourhood(environ.get("REMOTE_ADDR", "")))
        actor = self.actor(environ)
        if actor is not None:
            self._limiter.take(self._of_person, str(actor.user_id))
            if self._held_by(actor.user_id) >= self._most:
                self._limiter.refuse(TOO_MANY_OPEN, OPEN_AGAIN_IN)
        return actor

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        """Browsers send no Origin with a same-origin GET, but say then that it is one."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None:
            return origin in self._origins
        is_poll = environ["REQUEST_METHOD"] == "GET" and not environ.get("HTTP_UPGRADE")
        return is_poll and environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"

    def actor(self, environ: dict[str, Any]) -> Actor | None:
        """Who is signed in now, by the cookie of a handshake."""
        with self._app.request_context(environ):
            actor: Actor | None = current_user.actor if current_user.is_authenticated else None
            return actor


def _refuse(
    start_response: Callable[..., Any], status: str, why: bytes, retry_after: int | None = None
) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]
    start_response(status, headers + ([("Retry-After", str(retry_after))] if retry_after else []))
    return [why]
