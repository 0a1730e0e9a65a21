"""Puts the sockets into the application."""

import logging
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Protocol

from flask import Flask
from flask_socketio import SocketIO

from access.grants import Actor
from access.limits import Limiter
from actions.unit_of_work import Units
from livedoc.hub import Hub
from models.outage import AWAY
from realtime import boards, documents, gate, notices
from realtime.answers import Later
from realtime.connections import Connection, Connections
from realtime.door import ACTOR, ARRIVED, PLAN, Door
from realtime.heads import Heads
from realtime.lane import Lane
from realtime.payloads import Json
from realtime.publisher import SocketBroadcaster, SocketPublisher
from realtime.sweep import Sweep
from realtime.switchboard import Switchboard
from realtime.transport import MAX_FRAME, SOCKETIO_TYPES, BoundedWebSocket
from tally.tally import Tally

log = logging.getLogger(__name__)

LINGERED = 2.0
"""Seconds after its handshake for which a person is taken to be signed in."""
logging.getLogger("engineio.server").addFilter(lambda record: "further occurrences" not in record.getMessage())
"""What engine.io calls errors once and then no more are requests that strangers made up."""

__all__ = ["Sockets", "attach", "boards", "documents"]


class SocketSettings(Protocol):
    """The settings that sockets need."""

    @property
    def async_mode(self) -> str: ...
    @property
    def origins(self) -> Collection[str]: ...
    @property
    def connections_per_person(self) -> int: ...


class Sockets:
    """The sockets of one application; `publisher` is the port that actions publish through."""

    def __init__(
        self, app: Flask, settings: SocketSettings, units: Units, hub: Hub, tally: Tally, limiter: Limiter
    ) -> None:
        self.switchboard = Switchboard(app, units, hub, Connections(), Heads(), tally)
        self.publisher = SocketPublisher(self.switchboard)
        self.socketio = SocketIO(
            app,
            async_mode=settings.async_mode,
            async_handlers=False,
            cors_allowed_origins=sorted(settings.origins),
            max_http_buffer_size=MAX_FRAME,
            manage_session=False,
            http_compression=False,
        )
        self._server: Any = self.socketio.server
        self._sweep = Sweep(self.switchboard, self.publisher)
        self._is_swept = False
        hub.broadcaster = SocketBroadcaster(self.switchboard)
        engine = self._server.eio
        engine._async = {**engine._async, "websocket": partial(BoundedWebSocket, counts=tally.sockets)}
        engine.disconnect = self._hang_up
        self._take = engine.handlers["message"]
        engine.on("message", self._message)
        self._server.on("connect", self._connected)
        self._server.on("disconnect", self._disconnected)
        self._server.on("*", self._take_event)
        for name in gate.EVENTS:
            self._server.on(name, partial(self._take_event, name))
        most = settings.connections_per_person
        self._door = Door(app, app.wsgi_app, settings.origins, limiter, most, self._held_by)
        app.wsgi_app = self._door  # type: ignore[method-assign]

    def _held_by(self, user_id: int) -> int:
        """How many sockets a person holds, those included that never said a word."""
        handshakes = list(self._server.environ.values())
        return sum(1 for environ in handshakes if (actor := environ.get(ACTOR)) and actor.user_id == user_id)

    def close(self) -> None:
        """Hang up on everyone; edits in flight were committed before, or will be sent again elsewhere."""
        self._sweep.stop()
        self.switchboard.overdue.stop()
        for connection in self.switchboard.connections.all():
            connection.drop()

    def _connected(self, sid: str, *arguments: Any) -> bool | Json:
        if self._is_connected(sid):
            return self._take_event("connect", sid)
        environ: dict[str, Any] = arguments[0]
        actor = self._present(environ)
        engine = self._server.eio.sockets.get(self._server.manager.eio_sid_from_sid(sid, "/"))
        if actor is None or engine is None:
            return False
        if not self._is_swept:
            self._is_swept = True
            self._server.start_background_task(self._sweep.run)
            self._server.start_background_task(self.switchboard.overdue.run)
        drop = self._drop(engine.sid)
        connection = Connection(sid, actor, environ.get(PLAN), engine, drop, self.switchboard.tally.sockets)
        self.switchboard.connections.add(connection)
        engine.lane = Lane(self.switchboard, connection)
        if connection.plan is None:  # a board tells it with the join
            self._server.start_background_task(notices.tell_unseen, self.switchboard, connection)
        return True

    def _present(self, environ: dict[str, Any]) -> Actor | None:
        """Who came by this handshake. Whoever said nothing for long after it may have been signed out meanwhile, and
        nobody has looked: the sweep knows only of those who spoke."""
        if time.monotonic() - environ.get(ARRIVED, 0.0) > LINGERED:
            try:
                return self._door.actor(environ)
            except AWAY:
                return None
        actor: Actor | None = environ.get(ACTOR)
        return actor

    def _is_connected(self, sid: str) -> bool:
        """Socket.io calls the handlers of its own events too when a client sends their names; they come with a
        connection that stands."""
        found: bool = self._server.manager.is_connected(sid, "/")
        return found

    def _message(self, engine_id: str, data: str | bytes) -> None:
        """A packet that socket.io cannot read, or that we never send or ask for, ends its connection, quietly: it is
        the client's fault."""
        try:
            if not isinstance(data, str) or data[:1] not in SOCKETIO_TYPES:
                raise ValueError("in several parts")
            self._take(engine_id, data)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            log.warning("an unreadable packet: %s", type(error).__name__)
            self._hang_up(engine_id)

    def _drop(self, engine_id: str) -> Callable[[], None]:
        return lambda: self._hang_up(engine_id)

    def _hang_up(self, engine_id: str) -> None:
        """End a connection. Unlike engine.io's own this never waits for the peer to take what was sent to it: whoever
        hangs up may be the one on whom everybody waits."""
        found = self._server.eio.sockets.pop(engine_id, None)
        if found is not None:
            found.close(wait=False, reason=self._server.eio.reason.SERVER_DISCONNECT)

    def _disconnected(self, sid: str, *_reason: object) -> Json | None:
        if self._is_connected(sid):
            return self._take_event("disconnect", sid)
        connection = self.switchboard.connections.get(sid)
        if connection is not None:
            connection.engine.lane = None
            self.switchboard.connections.remove(connection)
            boards.forget(self.switchboard, connection)
            connection.drop()  # a second session on the same connection would begin with clean counts
        return None

    def _take_event(self, name: str, sid: str, *arguments: Any) -> Json:
        answer = gate.answer(self.switchboard, self.switchboard.connections.get(sid), name, arguments)
        return answer.wait() if isinstance(answer, Later) else answer


def attach(app: Flask, *, settings: SocketSettings, units: Units, hub: Hub, tally: Tally, limiter: Limiter) -> Sockets:
    """Serve sockets beside the pages, and let actions publish through them.

    Call it last: its door stands in front of everything.
    """
    sockets = Sockets(app, settings, units, hub, tally, limiter)
    units.publisher = sockets.publisher
    return sockets
