"""Default deny: an event exists only with the permission it needs, and rights are answered before anything else."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from access.grants import Forbidden, Hidden, Refusal
from access.limits import EVENTS as EVENTS_A_SECOND
from access.limits import REFUSALS, TOO_MANY_EVENTS
from access.permissions import Permission
from actions import audit
from livedoc.refusals import Code, Refused, malformed
from models.outage import AWAY
from models.write_gate import DatabaseBusy
from realtime import payloads
from realtime.answers import RETRY_AFTER_MS, Later, refusal
from realtime.connections import Connection
from realtime.payloads import Json

if TYPE_CHECKING:
    from realtime.switchboard import Switchboard

log = logging.getLogger(__name__)

BUSY_PAUSE = 0.02
"""Seconds that an event too many waits for its answer."""

Payload = TypeVar("Payload")
Handler = Callable[["Switchboard", Connection, int, Any], Json | Later | None]
Rights = Callable[["Switchboard", Connection, int, Permission], None]


@dataclass(frozen=True, slots=True)
class Event:
    """An event of clients. `target` is what its rights are about: `plan` or `doc`.

    `rights` raises Hidden or Forbidden, Refused when the order of events is another.
    """

    name: str
    permission: Permission
    target: str
    read: Callable[[Json], Any]
    rights: Rights
    handle: Handler


EVENTS: dict[str, Event] = {}
"""Every event there is."""


def event(
    name: str,
    permission: Permission,
    target: str,
    read: Callable[[Json], Any],
    rights: Rights,
) -> Callable[[Handler], Handler]:
    """Register a handler `(switchboard, connection, target id, payload) -> answer`."""

    def register(handler: Handler) -> Handler:
        EVENTS[name] = Event(name, permission, target, read, rights, handler)
        return handler

    return register


def answer(
    switchboard: "Switchboard", connection: Connection | None, name: str, arguments: tuple[Any, ...]
) -> Json | Later:
    """Let an event in, or say why not; what this answers is the acknowledgement, or will become it."""
    if connection is None:
        return refusal(Code.HIDDEN)
    if not connection.events.take():
        _count(switchboard, name, Code.BUSY)
        switchboard.tally.limited[EVENTS_A_SECOND.name] += 1
        time.sleep(BUSY_PAUSE)  # and nothing more is read from this connection meanwhile
        if not connection.busy.take():
            switchboard.tally.limited[TOO_MANY_EVENTS.name] += 1
            connection.drop()
        return refusal(Code.BUSY, retry_after_ms=connection.events.wait_ms())
    try:
        return _let_in(switchboard, connection, name, arguments) or {}
    except Refused as refused:
        code = refused.code
    except Refusal as refused:
        code = _note_denial(switchboard, refused)
    except DatabaseBusy:
        code = Code.UNAVAILABLE
    except AWAY as error:
        log.warning("%s: the database is away: %s", name, type(error).__name__)
        code = Code.UNAVAILABLE
    except Exception as error:  # noqa: BLE001  (a fault of ours must end neither the connection nor the promise)
        log.error("%s failed", name, exc_info=error)
        code = Code.UNAVAILABLE
    _count(switchboard, name, code)
    if code not in RETRY_AFTER_MS and not connection.refusals.take():
        switchboard.tally.limited[REFUSALS.name] += 1
        connection.drop()
    return refusal(code)


def _count(switchboard: "Switchboard", name: str, code: Code) -> None:
    """Under the event's name, if it is one of ours: a stranger may send any."""
    switchboard.tally.sockets.refused[name if name in EVENTS else "other", str(code)] += 1


def _let_in(
    switchboard: "Switchboard", connection: Connection, name: str, arguments: tuple[Any, ...]
) -> Json | Later | None:
    found = EVENTS.get(name)
    if found is None or len(arguments) != 1:
        raise malformed("no such event")
    data = arguments[0]
    target = payloads.target_id(data, found.target)
    found.rights(switchboard, connection, target, found.permission)
    return found.handle(switchboard, connection, target, found.read(data))


def _note_denial(switchboard: "Switchboard", refused: Refusal) -> Code:
    """What the refused hears; while the database is away nothing can be noted, and nothing is said."""
    try:
        with switchboard.app.app_context():
            audit.record_denial(switchboard.units, refused)
    except (DatabaseBusy, *AWAY):
        return Code.UNAVAILABLE
    return Code.FORBIDDEN if isinstance(refused, Forbidden) else Code.HIDDEN


__all__ = ["EVENTS", "Event", "Hidden", "answer", "event", "refusal"]
