"""gunicorn's worker of greenlets, which leaves as soon as nobody waits for an answer.

gunicorn waits for open connections until `graceful_timeout`, and browsers and proxies keep theirs open for more than a
minute in case they ask again: every restart would be ten seconds without the clinic's plans.
"""

import socket
from contextlib import suppress
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker


class LeavingWorker(GeventWorker):  # type: ignore[misc]
    """Connections between two requests are ended when the worker is told to stop; those in one when it is answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle: set[socket.socket] = set()

    def handle(self, listener: Any, client: socket.socket, addr: Any) -> None:
        self._rests(client)
        try:
            super().handle(listener, client, addr)
        finally:
            self._idle.discard(client)

    def handle_request(self, listener_name: Any, req: Any, sock: socket.socket, addr: Any) -> None:
        self._idle.discard(sock)
        try:
            super().handle_request(listener_name, req, sock, addr)
        finally:
            self._rests(sock)

    def _rests(self, sock: socket.socket) -> None:
        self._idle.add(sock)
        if not self.alive:
            _end(sock)

    def handle_exit(self, sig: Any, frame: Any) -> None:
        super().handle_exit(sig, frame)
        gevent.spawn(self._end_idle)  # a signal's handler must not wait

    def _end_idle(self) -> None:
        for sock in list(self._idle):
            _end(sock)


def _end(sock: socket.socket) -> None:
    """What came already is still read and answered; then its reader finds the end."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RD)
