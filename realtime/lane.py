"""The short way of events: from a WebSocket's message to their handler and back, past the layers of packets between.

Socket.io's own way, through engine.io's packets, its own, a table of namespaces and one of handlers, costs more than
the work that an edit makes. Whatever is not plainly an event of the default namespace goes that way all the same.
"""

import json

from realtime import gate
from realtime.connections import Connection
from realtime.switchboard import Switchboard

EVENT = "42"
"""A message of engine.io holding an event of socket.io."""
_LONGEST_NUMBER = 18

_read = json.JSONDecoder().raw_decode


class Lane:
    """The short way of one connection; called with a message, it answers whether it took it."""

    __slots__ = ("_connection", "_switchboard")

    def __init__(self, switchboard: Switchboard, connection: Connection) -> None:
        self._switchboard = switchboard
        self._connection = connection

    def __call__(self, message: str) -> bool:
        if not message.startswith(EVENT):
            return False
        start = message.find("[", 2, 3 + _LONGEST_NUMBER)
        number = message[2:start]
        if start < 0 or not (start == 2 or (number.isascii() and number.isdigit())):
            return False
        try:
            words, end = _read(message, start)
        except (ValueError, RecursionError):
            return False
        if end != len(message) or not words or type(words[0]) is not str:
            return False
        answer = gate.answer(self._switchboard, self._connection, words[0], tuple(words[1:]))
        if number:
            self._connection.acknowledge(number, answer)
        return True
