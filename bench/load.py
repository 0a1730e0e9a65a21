"""The load: people with a document open over a WebSocket, some of whom type; the same code for every server.

One process drives all of them with epoll, and is cheap enough to leave its core idle most of the time: it says how
busy it was, because a generator that is always late measures itself.
"""

import gc
import heapq
import random
import select
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from bench import keys
from wire.websocket import CLOSE, PING, PONG, masked_frame


class Word(Enum):
    """What a server says, as far as a load is concerned."""

    EDITS = "edits"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    PING = "ping"
    OTHER = "other"


class Dialect(Protocol):
    """How one server's protocol says it. `opcode` is that of its messages; `waits_for_ack` whether a person has one
    edit on its way at a time, gathering what is typed meanwhile."""

    opcode: int
    waits_for_ack: bool

    def edit(self, update: bytes) -> bytes: ...

    def understand(self, message: bytes) -> tuple[Word, tuple[tuple[int, int, int], ...]]:
        """What a message is; with EDITS the ranges it brings (client, first clock, clock after the last)."""

    def pong(self) -> bytes: ...


@dataclass
class Timings:
    """Seconds from a key pressed to its acknowledgement, and to each peer that has it."""

    sent: dict[tuple[int, int], float] = field(default_factory=dict)
    acknowledged: list[float] = field(default_factory=list)
    to_peers: list[float] = field(default_factory=list)
    refused: int = 0

    def clear(self) -> None:
        self.acknowledged.clear()
        self.to_peers.clear()
        self.refused = 0

    def line(self) -> str:
        return (
            f"p50 {ms(self.to_peers, 50):5.2f}  p95 {ms(self.to_peers, 95):5.2f}  p99 {ms(self.to_peers, 99):5.2f} ms"
        )


class Person:
    """One socket with one document open. A typist begins between two letters and goes on behind its own last one."""

    def __init__(
        self,
        connected: socket.socket,
        leftover: bytes,
        dialect: Dialect,
        client: int,
        timings: Timings,
        between: keys.Between = keys.FRONT,
    ) -> None:
        self.socket = connected
        self.socket.setblocking(False)
        self._dialect = dialect
        self._client = client
        self._between = between
        self._timings = timings
        self._buffer = leftover
        self._clock = 0
        self._in_flight: list[float] = []
        self._gathered = 0
        self._gathered_at = 0.0

    def type(self) -> None:
        """Press one key. It is sent at once, unless the one before is still on its way."""
        if not self._gathered:
            self._gathered_at = time.perf_counter()
        self._gathered += 1
        if not (self._in_flight and self._dialect.waits_for_ack):
            self._send()

    def _send(self) -> None:
        update = keys.typed(self._client, self._clock, b"x" * self._gathered, self._between)
        self._timings.sent[(self._client, self._clock)] = self._gathered_at
        self._in_flight.append(self._gathered_at)
        self._clock += self._gathered
        self._gathered = 0
        self._write(self._dialect.edit(update))

    def _write(self, message: bytes, opcode: int | None = None) -> None:
        frame = masked_frame(opcode or self._dialect.opcode, message)
        if self.socket.send(frame) != len(frame):
            raise RuntimeError("the server does not read")

    def receive(self) -> None:
        """Take everything that has arrived."""
        data = self.socket.recv(262144)
        now = time.perf_counter()
        if not data:
            raise RuntimeError("the server hung up")
        if self._buffer:
            data = self._buffer + data
        at, size = 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1] & 0x7F, at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4]), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10]), at + 10
            if size < start + length:
                break
            if data[at] & 0x0F < CLOSE:
                self._take(data[start : start + length], now)
            elif data[at] & 0x0F == PING:
                self._write(data[start : start + length], PONG)
            at = start + length
        self._buffer = data[at:]

    def _take(self, message: bytes, now: float) -> None:
        word, ranges = self._dialect.understand(message)
        if word is Word.EDITS:
            sent, heard = self._timings.sent, self._timings.to_peers
            for client, first, end in ranges:
                if client != self._client:
                    heard += [now - sent[at] for clock in range(first, end) if (at := (client, clock)) in sent]
        elif word is Word.ACKNOWLEDGED or word is Word.REFUSED:
            began = self._in_flight.pop(0) if self._in_flight else now
            if word is Word.ACKNOWLEDGED:
                self._timings.acknowledged.append(now - began)
            else:
                self._timings.refused += 1
            if self._gathered:
                self._send()
        elif word is Word.PING:
            self._write(self._dialect.pong())


class Crowd:
    """Everybody connected, to whichever servers. Made once a run: from then on no garbage is collected, because the
    pause would be measured as the server's."""

    def __init__(self, everyone: Sequence[Person], seed: int = 1) -> None:
        self._people = {person.socket.fileno(): person for person in everyone}
        self._poll = select.epoll()
        for number in self._people:
            self._poll.register(number, select.EPOLLIN)
        self._rng = random.Random(seed)
        self._due: list[tuple[float, int]] = []
        self._typists: list[Person] = []
        self._pause = 0.0
        gc.collect()
        gc.freeze()
        gc.disable()

    def start_typing(self, typists: Sequence[Person], keys_per_second: float) -> None:
        """From now on these type, each at this rate and out of step with the others."""
        now, self._pause, self._typists = time.perf_counter(), 1 / keys_per_second, list(typists)
        self._due = [(now + self._rng.random() * self._pause, number) for number in range(len(typists))]
        heapq.heapify(self._due)

    def stop_typing(self) -> None:
        self._due = []

    def go_on(self, seconds: float) -> float:
        """Let them type and read for so long; answers the share of that time that this process was busy."""
        began, busy = time.perf_counter(), time.process_time()
        end = began + seconds
        people, due = self._people, self._due
        while (now := time.perf_counter()) < end:
            wait = min(due[0][0] if due else end, end) - now
            for number, _event in self._poll.poll(max(0.0, wait)):
                people[number].receive()
            now = time.perf_counter()
            while due and due[0][0] <= now:
                at, number = due[0]
                heapq.heapreplace(due, (max(at + self._pause, now), number))
                self._typists[number].type()
        return (time.process_time() - busy) / seconds


def ms(times: Sequence[float], percent: int) -> float:
    """A percentile of seconds, in milliseconds."""
    return statistics.quantiles(times, n=100)[percent - 1] * 1000 if len(times) > 1 else float("nan")
