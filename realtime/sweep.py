"""What the sockets learn without being told: rights changed by another process, and sessions that ran out.

Changes made in this process arrive at once, through the publisher.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from access import open_boards, sessions
from access.grants import Actor
from actions import plain_readings, sign_in
from models.outage import AWAY
from models.user import LoginSession
from realtime.connections import Connection
from realtime.heads import Place
from realtime.publisher import SocketPublisher, end, renew_rights
from realtime.switchboard import Switchboard

log = logging.getLogger(__name__)

HEADS_EVERY = 1.0
SWEEP_EVERY = 3
"""Seconds each; losing access reaches every socket within five."""
LIST_EVERY = 60.0
"""Seconds after which typing moves a patient up the list again."""


class Sweep:
    """One background task that looks after all connections."""

    def __init__(self, switchboard: Switchboard, publisher: SocketPublisher) -> None:
        self._switchboard = switchboard
        self._publisher = publisher
        self._stopped = threading.Event()
        self._swept_at = time.monotonic()
        self._listed: dict[int, float] = {}

    def run(self) -> None:
        rounds = 0
        while not self._stopped.wait(HEADS_EVERY):
            rounds += 1
            self._guarded(self._refresh_heads)
            if rounds % SWEEP_EVERY == 0:
                self._guarded(self.sweep)
                self._guarded(self._switchboard.hub.look_around)

    def stop(self) -> None:
        self._stopped.set()

    def _guarded(self, look: Callable[[], None]) -> None:
        try:
            look()
        except AWAY as error:
            log.warning("the sweep waits for the database: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001  (whatever it is, the next round looks again)
            log.error("the sweep failed", exc_info=error)

    def _refresh_heads(self) -> None:
        self._publisher.lines_changed(self._switchboard.heads.lines_due())
        places = self._switchboard.heads.due()
        if not places:
            return
        self._guarded(lambda: self._note_plain_texts(places))
        self._publisher.heads_changed(places)
        now = time.monotonic()
        for patient_id in {place.patient_id for place in places}:
            if now - self._listed.get(patient_id, float("-inf")) >= LIST_EVERY:
                self._listed[patient_id] = now
                with self._switchboard.app.app_context(), self._switchboard.units.begin(None, fresh=False) as work:
                    work.touched(patient_id)

    def _note_plain_texts(self, places: list[Place]) -> None:
        """Whoever wrote for the patient had the team's text beside it: what it said then is noted."""
        with self._switchboard.app.app_context():
            written = self._switchboard.heads.written(places)
            plain_readings.note_edits(self._switchboard.units, self._switchboard.hub, written)

    def sweep(self) -> None:
        """End what is over, and renew what changed."""
        connections = self._switchboard.connections.all()
        if not connections:
            return
        with self._switchboard.app.app_context():
            rows = open_boards.sessions({each.actor.session_id for each in connections if each.actor.session_id})
            self._touch(connections, rows)
            members = open_boards.memberships({each.patient_id for each in connections if each.patient_id})
            now = self._switchboard.units.clock()
            verdicts = {row.id: _verdict(row, now) for row in rows.values()}
        for connection in connections:
            verdict = verdicts.get(connection.actor.session_id or 0, "removed")
            if isinstance(verdict, str):
                end(self._switchboard, connection, verdict)
            else:
                self._renew(connection, verdict, members)

    def _touch(self, connections: list[Connection], rows: dict[int, LoginSession]) -> None:
        """Typing counts as activity of its session."""
        since, self._swept_at = self._swept_at, time.monotonic()
        for session_id in {each.actor.session_id for each in connections if each.active_at >= since}:
            if session_id in rows and sessions.is_open(rows[session_id], self._switchboard.units.clock()):
                sign_in.touch(self._switchboard.units, rows[session_id])

    def _renew(self, connection: Connection, actor: Actor, members: dict[tuple[int, int], int]) -> None:
        in_state = members.get((connection.patient_id or 0, actor.user_id))
        if actor != connection.actor or in_state != connection.in_state:
            connection.actor, connection.in_state = actor, in_state
            renew_rights(self._switchboard, connection)


def _verdict(row: LoginSession, now: datetime) -> Actor | str:
    """The person of a session as they are now, or why it is over."""
    if sessions.is_open(row, now):
        return sessions.actor_of(row.user, row.id)
    return row.ended_reason or ("removed" if row.user.disabled_at else "expired")
