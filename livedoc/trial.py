"""Reads an update (Yjs V1) and decides whether it may enter, at a cost that grows with the update alone.

An update is a list of structs for each client, then a set of deleted ranges. Everything a browser's text editor
can produce is a string or a run that was deleted, placed beside others of the root text `body`. Whatever else the
format allows (embeds, formats, nested types, attributes, other roots) is refused, and so is whatever the CRDT would
have to put aside until something it lacks arrives: such parts would be invisible here and could surface later,
elsewhere, differently. Two more are refused because Yjs and pycrdt make different texts of them: a collected run
(editors of one root text never make one), and a cut between the two halves of a surrogate pair.
"""

import re
from collections.abc import Mapping, Set

from livedoc.refusals import Refused, malformed
from livedoc.varints import Reader

ROOT = b"body"
MAX_CLOCK = 2**31 - 1
"""The CRDT counts in 32 bits; nobody types this much."""

_COLLECTED, _DELETED, _STRING, _SKIP = 0, 1, 4, 10
_HAS_ORIGIN, _HAS_RIGHT_ORIGIN, _HAS_KEY = 0x80, 0x40, 0x20
_PAIR = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")
"""A character of two UTF-16 units, as UTF-8 has it."""

Halves = Mapping[int, Set[int]]
"""Client id → the clocks at which the second half of a surrogate pair stands."""


class Edit:
    """What an update would do to a document that knows `known`.

    `advances`: client id → clock it would reach, only for clients that would advance.
    `deletes`: whether it names deleted ranges.
    `entangled`: whether structs of several clients lean on each other inside the update, so that only applying it
    shows whether they all fit.
    `halves`: the second halves of the surrogate pairs it brings.
    """

    __slots__ = ("advances", "deletes", "entangled", "halves")

    def __init__(self, advances: dict[int, int], deletes: bool, entangled: bool, halves: dict[int, set[int]]) -> None:
        self.advances = advances
        self.deletes = deletes
        self.entangled = entangled
        self.halves = halves


def read(update: bytes, known: Mapping[int, int], halves: Halves | None = None) -> Edit:
    """Read an update against what the document knows: clocks by client id, and its surrogate pairs.

    Raises Refused (malformed).
    """
    try:
        return _Walk(update, known, halves or {}).edit()
    except IndexError as error:
        raise malformed("the update ends early") from error
    except UnicodeDecodeError as error:
        raise malformed("a string is not UTF-8") from error


def has_pairs(update: bytes) -> bool:
    """Whether an update may hold characters of two UTF-16 units."""
    return _PAIR.search(update) is not None


def halves_of(update: bytes, known: Mapping[int, int] | None = None) -> dict[int, set[int]]:
    """The second halves of all surrogate pairs in a whole state, or in an update of a document that has it already
    and knows `known`; free for texts without any.

    What the trial would not let in today answers none: it must open all the same.
    """
    try:
        return read(update, known or {}).halves if has_pairs(update) else {}
    except Refused:
        return {}


class _Walk:
    """One pass over one update. `held` is how far the client of the section is known, as it is being read."""

    __slots__ = ("_client", "_cuts", "_forward", "_found", "_halves", "_held", "_known", "_reached", "_reader")

    def __init__(self, update: bytes, known: Mapping[int, int], halves: Halves) -> None:
        self._reader = Reader(update)
        self._known = known
        self._halves = halves
        self._reached: dict[int, int] = {}
        self._forward: list[tuple[int, int]] = []
        self._found: dict[int, set[int]] = {}
        self._cuts: list[tuple[int, int]] | None = [] if halves or has_pairs(update) else None
        self._client = self._held = 0

    def edit(self) -> Edit:
        reader, known, reached = self._reader, self._known, self._reached
        for _ in range(reader.uint()):
            count, client, clock = reader.uint(), reader.uint(), reader.uint()
            if client in reached:
                raise malformed("a client comes twice")
            self._client, self._held = client, known.get(client, 0)
            self._structs(count, clock)
            reached[client] = self._held
        for client, clock in self._forward:
            if clock >= reached.get(client, 0):
                raise malformed("a neighbour is unknown")
        deletes = self._deletions()
        if not reader.ended():
            raise malformed("bytes after the end")
        if self._cuts:
            self._check_cuts(self._cuts)
        advances = {client: clock for client, clock in reached.items() if clock > known.get(client, 0)}
        return Edit(advances, deletes, bool(self._forward), self._found)

    def _structs(self, count: int, clock: int) -> None:
        reader = self._reader
        for _ in range(count):
            info = reader.byte()
            if info == _SKIP:
                clock = _advance(clock, reader.uint())
                continue
            if clock > self._held:
                raise malformed("a struct starts past what is known of its client")
            if info == _COLLECTED:
                clock = _advance(clock, reader.uint())
                if clock > self._held:
                    raise malformed("a collected run")
                continue
            clock = _advance(clock, self._item(info, clock))
            if clock > self._held:
                self._held = clock

    def _item(self, info: int, clock: int) -> int:
        """Read one item and answer its length in UTF-16 units."""
        reader = self._reader
        if info & _HAS_KEY:
            raise malformed("an attribute of the text")
        if info & _HAS_ORIGIN:
            self._neighbour(1)
        if info & _HAS_RIGHT_ORIGIN:
            self._neighbour(0)
        if not info & (_HAS_ORIGIN | _HAS_RIGHT_ORIGIN) and (reader.uint() != 1 or reader.block() != ROOT):
            raise malformed("a place outside the text")
        kind = info & 0x1F
        if kind == _STRING:
            return self._string(reader.block(), clock)
        if kind == _DELETED:
            return reader.uint()
        raise malformed("content that is not text")

    def _neighbour(self, side: int) -> None:
        """Read an origin: what is inserted cuts the text behind a left one (`side` 1) or before a right one (0)."""
        client, clock = self._reader.uint(), self._reader.uint()
        if self._cuts is not None:
            self._cuts.append((client, clock + side))
        if client == self._client:
            if clock >= self._held:
                raise malformed("a neighbour is unknown")
        elif clock >= self._known.get(client, 0) and clock >= self._reached.get(client, 0):
            self._forward.append((client, clock))

    def _string(self, raw: bytes, clock: int) -> int:
        if 0x00 in raw or 0x0D in raw:
            raise malformed("a character that cannot be kept")
        if raw.isascii():
            return len(raw)
        words = raw.decode("utf-8")
        length = len(words.encode("utf-16-le")) // 2
        if length != len(words):
            self._note_halves(words, clock)
        return length

    def _note_halves(self, words: str, clock: int) -> None:
        found = self._found.setdefault(self._client, set())
        for letter in words:
            clock += 1
            if letter > "\uffff":
                found.add(clock)
                clock += 1

    def _deletions(self) -> bool:
        reader, deletes = self._reader, False
        for _ in range(reader.uint()):
            client = reader.uint()
            limit = self._reached.get(client) or self._known.get(client, 0)
            for _ in range(reader.uint()):
                clock, length = reader.uint(), reader.uint()
                if not length or clock + length > limit:
                    raise malformed("a deletion of what is unknown")
                if self._cuts is not None:
                    self._cuts += (client, clock), (client, clock + length)
                deletes = True
        return deletes

    def _check_cuts(self, cuts: list[tuple[int, int]]) -> None:
        nothing: Set[int] = frozenset()
        for client, clock in cuts:
            if clock in self._halves.get(client, nothing) or clock in self._found.get(client, nothing):
                raise malformed("half of a character")


def _advance(clock: int, length: int) -> int:
    clock += length
    if not length or clock > MAX_CLOCK:
        raise malformed("a run of impossible length")
    return clock
