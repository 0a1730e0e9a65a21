"""Reads an update (Yjs V1) and decides whether it may enter, at a cost that grows with the update alone.

An update is a list of structs for each client, then a set of deleted ranges. Everything a browser's text editor
can produce is a string or a run that was deleted, placed beside others of the root text `body`. Whatever else the
format allows (embeds, formats, nested types, attributes, other roots) is refused, and so is whatever the CRDT would
have to put aside until something it lacks arrives: such parts would be invisible here and could surface later,
elsewhere, differently. Two more are refused because Yjs and pycrdt make different texts of them: a collected run
(editors of one root text never make one), and a cut between the two halves of a surrogate pair.

What an update repeats is left out of what is kept and told (`news`): it may claim other words than those that are
known, and whoever does not have these yet would take the claim for them.
"""

import re
from collections.abc import Mapping, Set
from typing import NamedTuple

from livedoc import updates
from livedoc.refusals import Code, Refused, malformed
from livedoc.updates import Range, Struct
from livedoc.varints import Reader

ROOT = b"body"
MAX_CLOCK = 2**31 - 1
"""The CRDT counts in 32 bits; nobody types this much."""

_COLLECTED, _DELETED, _STRING, _SKIP = 0, 1, 4, 10
_HAS_ORIGIN, _HAS_RIGHT_ORIGIN, _HAS_KEY = 0x80, 0x40, 0x20
_PAIR = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")
"""A character of two UTF-16 units, as UTF-8 has it."""
_BEYOND = re.compile("[\U00010000-\U0010ffff]")

MAX_PARTS = 4000
"""Structs, deleted ranges and clients of one update together. Clients split what is larger."""
MAX_WRITERS = 16
"""Clients that advance in one update."""

Halves = Mapping[int, Set[int]]
"""Client id → the clocks at which the second half of a surrogate pair stands."""


class Edit(NamedTuple):
    """What an update would do to a document that knows `known`.

    `advances`: client id → clock it would reach, only for clients that would advance.
    `structs`: what is new in it, in an order in which each leans only on what came before.
    `ranges`: the deleted ranges.
    `news`: the update without what is known; often the update itself.
    `halves`: the second halves of the surrogate pairs it brings.
    """

    advances: dict[int, int]
    structs: list[Struct]
    ranges: list[Range]
    news: bytes
    halves: dict[int, set[int]]


def read(update: bytes, known: Mapping[int, int], halves: Halves | None = None) -> Edit:
    """Read an update against what the document knows: clocks by client id, and its surrogate pairs.

    Raises Refused (malformed, too_large).
    """
    return _Walk(update, known, halves or {}, MAX_PARTS).edit()


def has_pairs(update: bytes) -> bool:
    """Whether an update may hold characters of two UTF-16 units."""
    return _PAIR.search(update) is not None


def halves_of(update: bytes, known: Mapping[int, int] | None = None) -> dict[int, set[int]]:
    """The second halves of all surrogate pairs in a whole state, or in an update of a document that has it already
    and knows `known`; free for texts without any.

    What the trial would not let in today answers none: it must open all the same.
    """
    if not has_pairs(update):
        return {}
    walk = _Walk(update, known or {}, {}, len(update), keeps_all=True)
    try:
        return walk.edit().halves
    except Refused:
        return {}


class _Walk:
    """One pass over one update. `held` is how far the client of the section is known, as it is being read."""

    __slots__ = (
        "_client",
        "_cuts",
        "_found",
        "_halves",
        "_held",
        "_keeps_all",
        "_known",
        "_leaning",
        "_leans_forward",
        "_parts",
        "_ranges",
        "_reached",
        "_reader",
        "_repeats",
        "_structs",
    )

    def __init__(
        self, update: bytes, known: Mapping[int, int], halves: Halves, parts: int, *, keeps_all: bool = False
    ) -> None:
        self._reader = Reader(update)
        self._known = known
        self._halves = halves
        self._parts = parts
        self._keeps_all = keeps_all
        self._reached: dict[int, int] = {}
        self._structs: list[Struct] = []
        self._ranges: list[Range] = []
        self._leaning: list[tuple[int, int, int]] = []
        self._found: dict[int, set[int]] = {}
        self._cuts: list[tuple[int, int]] | None = [] if halves or has_pairs(update) else None
        self._leans_forward = self._repeats = False
        self._client = self._held = 0

    def edit(self) -> Edit:
        try:
            return self._edit()
        except IndexError as error:
            raise malformed("the update ends early") from error
        except UnicodeDecodeError as error:
            raise malformed("a string is not UTF-8, or half of a character") from error

    def _edit(self) -> Edit:
        reader, known, reached = self._reader, self._known, self._reached
        uint = reader.uint
        for _ in range(self._count(uint())):
            count, client, clock = uint(), uint(), uint()
            if client in reached or not count:
                raise malformed("a client comes twice, or with nothing")
            self._client, self._held = client, known.get(client, 0)
            self._section(count if count == 1 else self._count(count), clock)
            reached[client] = self._held
        if count := uint():
            self._deletions(self._count(count))
        if not reader.ended():
            raise malformed("bytes after the end")
        if self._leaning:
            self._check_leaning()
        if self._cuts and not self._keeps_all:
            self._check_cuts(self._cuts)
        advances = {client: clock for client, clock in reached.items() if clock > known.get(client, 0)}
        if len(advances) > MAX_WRITERS and not self._keeps_all:
            raise Refused(Code.TOO_LARGE, "too many clients at once")
        news = updates.write(self._structs, self._ranges) if self._repeats and not self._keeps_all else reader.data
        return Edit(advances, self._structs, self._ranges, news, self._found)

    def _count(self, count: int) -> int:
        """How many of something follow, if that can be."""
        if count > self._parts:
            if count > len(self._reader.data):
                raise malformed("more parts than bytes")
            raise Refused(Code.TOO_LARGE, "too many parts")
        self._parts -= count
        return count

    def _check_leaning(self) -> None:
        for _index, client, clock in self._leaning:
            if clock >= self._reached.get(client, 0):
                raise malformed("a neighbour is unknown")
        if self._leans_forward:
            self._structs = updates.in_order(self._structs, self._leaning)

    def _section(self, count: int, clock: int) -> None:
        reader, client = self._reader, self._client
        for _ in range(count):
            start = reader.at
            info = reader.byte()
            if info == _SKIP:
                clock = _advance(clock, reader.uint())
                continue
            if clock > self._held:
                raise malformed("a struct starts past what is known of its client")
            if info == _COLLECTED:
                clock = _advance(clock, reader.uint())
                if clock > self._held:
                    if not self._keeps_all:
                        raise malformed("a collected run")
                    self._held = clock
                self._repeats = True
                continue
            leans = len(self._leaning)
            right, content, length = self._item(info, clock)
            began, clock = clock, _advance(clock, length)
            if clock <= self._held:
                self._repeats = True
                del self._leaning[leans:]
                continue
            raw = reader.data[start : reader.at]
            if began < self._held:
                self._repeats = True
                raw = updates.rest(client, self._held, right, content, length, self._held - began)
            self._structs.append((client, self._held, raw))
            self._held = clock

    def _item(self, info: int, clock: int) -> tuple[updates.Place | None, str | None, int]:
        """Read one item and answer its right neighbour, its words unless they are deleted, and their length in UTF-16
        units."""
        reader, right = self._reader, None
        if info & _HAS_KEY:
            raise malformed("an attribute of the text")
        if info & _HAS_ORIGIN:
            self._neighbour(1)
        if info & _HAS_RIGHT_ORIGIN:
            right = self._neighbour(0)
        if not info & (_HAS_ORIGIN | _HAS_RIGHT_ORIGIN) and (reader.uint() != 1 or reader.block() != ROOT):
            raise malformed("a place outside the text")
        kind = info & 0x1F
        if kind == _STRING:
            words = self._string(reader.block(), clock)
            return right, words, len(words) if words.isascii() else len(words.encode("utf-16-le")) // 2
        if kind == _DELETED:
            return right, None, reader.uint()
        raise malformed("content that is not text")

    def _neighbour(self, side: int) -> updates.Place:
        """Read an origin: what is inserted cuts the text behind a left one (`side` 1) or before a right one (0)."""
        client, clock = self._reader.uint(), self._reader.uint()
        if self._cuts is not None:
            self._cuts.append((client, clock + side))
        if client == self._client:
            if clock >= self._held:
                raise malformed("a neighbour is unknown")
        elif clock >= self._known.get(client, 0):
            self._leaning.append((len(self._structs), client, clock))
            self._leans_forward |= clock >= self._reached.get(client, 0)
        return client, clock

    def _string(self, raw: bytes, clock: int) -> str:
        if 0x00 in raw or 0x0D in raw:
            raise malformed("a character that cannot be kept")
        words = raw.decode("utf-8")
        if self._cuts is not None and not words.isascii():
            self._note_halves(words, clock)
        return words

    def _note_halves(self, words: str, clock: int) -> None:
        """Those of what is known already are noted already, whatever is claimed of them here."""
        found = [clock + before + hit.start() + 1 for before, hit in enumerate(_BEYOND.finditer(words))]
        if not self._keeps_all:
            found = [half for half in found if half >= self._held]
        if found:
            self._found.setdefault(self._client, set()).update(found)

    def _deletions(self, clients: int) -> None:
        reader, ranges, seen = self._reader, self._ranges, set[int]()
        for _ in range(clients):
            client = reader.uint()
            if client in seen:
                raise malformed("a client comes twice")
            seen.add(client)
            limit = self._reached.get(client) or self._known.get(client, 0)
            last = 0
            for _ in range(self._count(reader.uint())):
                clock, length = reader.uint(), reader.uint()
                if not length or clock + length > limit:
                    raise malformed("a deletion of what is unknown")
                if clock < last:
                    raise malformed("deletions out of order")
                last = clock + length
                if self._cuts is not None:
                    self._cuts += (client, clock), (client, last)
                ranges.append((client, clock, length))

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
