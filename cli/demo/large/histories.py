"""Long histories, edit by edit as browsers would have sent them, with the text that they come to.

They are written in the update format itself: making them through a CRDT costs minutes, because each letter that is
typed somewhere else is looked for from the front.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

from livedoc.updates import Place, Struct, write
from livedoc.varints import write_uint

SESSION = 400
"""Edits somebody makes before another goes on; every session has a client id of its own."""
LONGEST_TEXT = 60_000
SLIP = 0.06
"""How often a letter is mistyped and taken back."""
_STRING, _HAS_ORIGIN, _HAS_RIGHT_ORIGIN = 4, 0x80, 0x40

SENTENCES = (
    "Walks ten minutes without stopping and rests in between. ",
    "Sleeps better since the evening dose was moved to eight. ",
    "Lifts the grandson again, with bent knees, twice a day. ",
    "Worries about the commute more than about the pain itself. ",
    "Keeps the diary; weekends are harder than working days. ",
    "Agreed to pause before the pain asks for it.\n\n",
    "Asks to begin swimming next month, which we support.\n\n",
)


@dataclass(frozen=True, slots=True)
class Made:
    """One edit: its update, whose of those who write (0, 1, …), and the client id that it advances, if it adds."""

    update: bytes
    author: int
    client: int | None


@dataclass(slots=True)
class _Run:
    """Letters typed one behind the other: clocks from `first`, so many, and what of them is still to be read.

    The first and the last stand at its ends: slips are neither.
    """

    client: int
    first: int
    length: int = 0
    words: str = ""


@dataclass(slots=True)
class History(ABC):
    """Edits as they are made; `text` is what they came to so far."""

    count: int
    authors: int
    seed: int = 1
    _rng: random.Random = field(init=False)
    _client: int = field(default=0, init=False)
    _clock: int = field(default=0, init=False)
    _author: int = field(default=0, init=False)
    _made: int = field(default=0, init=False)
    _until: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)  # noqa: S311

    @property
    @abstractmethod
    def text(self) -> str: ...

    @abstractmethod
    def edits(self) -> Iterator[Made]: ...

    def _next_session(self) -> None:
        if self._made >= self._until:
            self._until = self._made + SESSION
            self._client = self._rng.randrange(1, 2**32)
            self._clock = 0
            self._author = self._rng.randrange(self.authors)

    def _insert(self, left: Place | None, right: Place | None, letter: str) -> Made:
        struct: Struct = (self._client, self._clock, _item(left, right, letter))
        self._clock += 1
        return self._send(write([struct], []), self._client)

    def _delete(self, client: int, clock: int, length: int) -> Made:
        return self._send(write([], [(client, clock, length)]), None)

    def _send(self, update: bytes, client: int | None) -> Made:
        self._made += 1
        return Made(update, self._author, client)


class Scattered(History):
    """Every letter is typed somewhere else. `places` are those of the letters as they stand."""

    __slots__ = ("_letters", "places")

    def __init__(self, count: int, authors: int, seed: int = 1) -> None:
        super().__init__(count, authors, seed)
        self._letters: list[str] = []
        self.places: list[Place] = []

    @property
    def text(self) -> str:
        return "".join(self._letters)

    def edits(self) -> Iterator[Made]:
        letters, places = self._letters, self.places
        while self._made < self.count:
            self._next_session()
            at = self._rng.randint(0, len(places))
            place, letter = (self._client, self._clock), self._rng.choice("etaoin shrdlu ,.\n")
            left = places[at - 1] if at else None
            made = self._insert(left, places[at] if at < len(places) else None, letter)
            letters.insert(at, letter)
            places.insert(at, place)
            yield made


class InRuns(History):
    """Sentences typed letter by letter, most of them at the end, with slips taken back; old ones give way."""

    __slots__ = ("_runs", "_size")

    def __init__(self, count: int, authors: int, seed: int = 1) -> None:
        super().__init__(count, authors, seed)
        self._runs: list[_Run] = []
        self._size = 0

    @property
    def text(self) -> str:
        return "".join(run.words for run in self._runs)

    def edits(self) -> Iterator[Made]:
        while self._made < self.count:
            self._next_session()
            if self._size > LONGEST_TEXT:
                yield self._give_way()
            else:
                yield from self._sentence()

    def _give_way(self) -> Made:
        run = self._rng.choice([run for run in self._runs if run.words])
        self._size -= len(run.words)
        run.words = ""
        return self._delete(run.client, run.first, run.length)

    def _sentence(self) -> Iterator[Made]:
        runs, rng = self._runs, self._rng
        at = len(runs) if rng.random() < 0.7 else rng.randint(0, len(runs))
        left = _last(runs[at - 1]) if at else None
        right = (runs[at].client, runs[at].first) if at < len(runs) else None
        run = _Run(self._client, self._clock)
        runs.insert(at, run)
        for letter in rng.choice(SENTENCES):
            if self._made >= self.count:
                return
            if run.length and rng.random() < SLIP and self._made + 2 < self.count:
                slip = (self._client, self._clock)
                yield self._typed(run, left, right, "x", "")
                yield self._delete(*slip, 1)
                right = slip
            place = (self._client, self._clock)
            yield self._typed(run, left, right, letter, letter)
            left = place

    def _typed(self, run: _Run, left: Place | None, right: Place | None, letter: str, stays: str) -> Made:
        run.length += 1
        run.words += stays
        self._size += len(stays)
        return self._insert(left, right, letter)


def _last(run: _Run) -> Place:
    return run.client, run.first + run.length - 1


def _item(left: Place | None, right: Place | None, letter: str) -> bytes:
    """One typed letter as the format has it, between its neighbours."""
    out = bytearray([_STRING | (_HAS_ORIGIN if left else 0) | (_HAS_RIGHT_ORIGIN if right else 0)])
    for number in (*(left or ()), *(right or ())):
        write_uint(out, number)
    if not left and not right:
        out += b"\x01\x04body"
    raw = letter.encode()
    write_uint(out, len(raw))
    out += raw
    return bytes(out)
