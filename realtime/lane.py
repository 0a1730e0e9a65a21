"""The short way of events: from a WebSocket's message to their handler and back, past the layers of packets between.

Socket.io's own way, through engine.io's packets, its own, a table of namespaces and one of handlers, costs more than
the work that an edit makes. Whatever is not plainly an event of the default namespace goes that way all the same.
"""

import json
from functools import partial

from realtime import gate
from realtime.answers import Later
from realtime.connections import Connection
from realtime.payloads import Json
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
            self._answer(number, answer)
        return True

    def _answer(self, number: str, answer: Json | Later) -> None:
        if isinstance(answer, Later):
            answer.then(partial(self._connection.acknowledge, number))
            self._switchboard.overdue.watch(answer)
        else:
            self._connection.acknowledge(number, answer)
