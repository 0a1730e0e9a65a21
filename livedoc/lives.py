"""Every letter that an epoch of a document ever had, in their order, with the edit that wrote it and the one that took
it away: from these any state of the epoch can be told without replaying it.
"""

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any

from livedoc.authorship import UNKNOWN, Authorship, Span, Written
from livedoc.standing import order

NEVER = 2**31 - 1
"""The row of an edit that did not come."""
MASKS_KEPT = 8
"""States of a document that are not told anew: who looks at one asks for its neighbours, and for it again."""
Mask = Sequence[Any]
"""For each letter, whether it stood there."""


_NO, _YES = b"\x00", b"\x01"
_UNITS = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


class NotKnown(LookupError):
    """What the epoch was at this seq cannot be told."""


@dataclass(slots=True)
class _Client:
    """By clock: the row that wrote each letter, the row that took it away, and what it says."""

    rows: "array[int]"
    gone: "array[int]"
    letters: "array[int]"

    def up_to(self, end: int) -> "_Client":
        """With letters of which nothing is known at the end."""
        more = end - len(self.rows)
        never = array("i", [NEVER])
        return _Client(self.rows + never * more, self.gone + never * more, self.letters + array("H", [0]) * more)


@dataclass(slots=True)
class Lives:
    """Up to `seq`. `updates` make that state, `pieces` are the index as far as it goes; the epoch begins at `first`."""

    updates: Sequence[bytes]
    pieces: Iterable[bytes]
    epoch: int
    first: int
    seq: int
    index: Authorship = field(init=False)
    _rows: "array[int]" = field(init=False, default_factory=lambda: array("i"))
    _gone: "array[int]" = field(init=False, default_factory=lambda: array("i"))
    _letters: "array[int]" = field(init=False, default_factory=lambda: array("H"))
    _stands: bytearray = field(init=False, default_factory=bytearray)
    _masks: dict[int, bytes] = field(init=False, default_factory=dict)
    _edits: "array[int]" = field(init=False)
    """Their rows in the index, in order; those of others' words have rows of their own behind their edit's."""

    def __post_init__(self) -> None:
        self.index = Authorship(self.pieces)
        rows, first = self.index.rows, self.first
        edits = array("i", [row for row, hand in enumerate(rows.hands) if hand < 0])
        if self.epoch > 1:  # those of former epochs begin it
            edits = array("i", [row for row in edits if rows.epochs[row] == self.epoch and rows.seqs[row] > first])
        self._edits = edits
        clients = {client: _written(mine) for client, mine in self.index.written.items()}
        _take_away(self.index, clients)
        nobody = _written(Written())
        for client, clock, length, words in order(self.updates):
            theirs, end = clients.get(client, nobody), clock + length
            if len(theirs.rows) < end:
                theirs = clients[client] = theirs.up_to(end)
            letters = theirs.letters[clock:end]
            if words is not None and 0 in letters:
                letters = array("H", words.decode().encode(_UNITS))
            self._stands += (_YES if words is not None else _NO) * length
            self._rows += theirs.rows[clock:end]
            self._gone += theirs.gone[clock:end]
            self._letters += letters
        self.updates = self.pieces = ()
        self.index.written.clear()

    def at(self, seq: int) -> Mask:
        """Raises NotKnown."""
        if seq == self.seq:
            return self._stands
        mask = self._masks.pop(seq, None)
        if mask is None:
            limit = self.limit(seq)
            mask = bytes([wrote < limit <= took for wrote, took in zip(self._rows, self._gone, strict=True)])
        self._masks[seq] = mask
        if len(self._masks) > MASKS_KEPT:
            del self._masks[next(iter(self._masks))]
        return mask

    def limit(self, seq: int) -> int:
        """The first row of the index behind those of the edits up to `seq`. Raises NotKnown."""
        number = seq - self.first
        if not 0 <= number <= len(self._edits):
            raise NotKnown
        return self._edits[number] if number < len(self._edits) else len(self.index.rows)

    def text(self, mask: Mask) -> str:
        """Half of a character stands for nothing that can be read."""
        return array("H", compress(self._letters, mask)).tobytes().decode(_UNITS, "replace")

    def rows(self, mask: Mask) -> Iterator[int]:
        """Of the letters that stand there."""
        return compress(self._rows, mask)

    def gone(self, mask: Mask, until: Mask) -> Iterator[int]:
        """The rows that took away each letter of one state before another; UNKNOWN for those that stayed."""
        stayed = compress(until, mask)
        return (UNKNOWN if stays else row for row, stays in zip(compress(self._gone, mask), stayed, strict=True))

    def edits(self, since: int, until: int) -> Iterator[tuple[int, int, int, bool]]:
        """Those after a seq up to another: seq, user, when (microseconds), and whether it brought others' words. Raises
        NotKnown."""
        rows, first, last = self.index.rows, since - self.first, until - self.first
        if not 0 <= first <= last <= len(self._edits):
            raise NotKnown
        ends = [*self._edits[first + 1 : last + 1], self.limit(until)]
        for row, end in zip(self._edits[first:last], ends, strict=False):
            yield rows.seqs[row], rows.users[row], rows.times[row], end - row > 1

    def added(self, mask: Mask, until: Mask) -> Iterator[bool]:
        """Of each letter of a later state, whether it was not there in the former."""
        return (not stood for stood in compress(mask, until))

    def spans(self, mask: Mask, apart: int) -> Iterator[Span]:
        """The letters that stand there with as few parts as tell who wrote and when. The rows between are the same
        person's, who wrote on without waiting for more than `apart` microseconds in all."""
        rows = self.index.rows
        users, times, hands = rows.users, rows.times, rows.hands
        plainly = self._edits[0] if self._edits else NEVER
        first = last = NEVER
        size = user = 0
        latest = 0
        for row in compress(self._rows, mask):
            if row != last:
                if (
                    last < row < NEVER
                    and plainly <= first
                    and users[row] == user
                    and times[row] <= latest
                    and hands[row] == UNKNOWN == hands[first]
                ):
                    last = row
                else:
                    if size:
                        yield size, *((UNKNOWN, UNKNOWN) if first == NEVER else (first, last))
                    first = last = row
                    size = 0
                    if row < NEVER:
                        user, latest = users[row], times[row] + apart
            size += 1
        if size:
            yield size, *((UNKNOWN, UNKNOWN) if first == NEVER else (first, last))


def _written(mine: Written) -> _Client:
    rows = array("i")
    if len(mine.ends) == (mine.ends[-1] if mine.ends else 0):
        rows.frombytes(mine.rows.tobytes())  # each letter by an edit of its own
    else:
        for end, row in zip(mine.ends, mine.rows, strict=True):
            rows.extend(repeat(row, end - len(rows)))
    letters = mine.letters[: len(rows)]
    letters.extend(repeat(0, len(rows) - len(letters)))
    gone = array("i", [NEVER]) * len(letters)
    if 0 in letters:
        gone = array("i", [NEVER if letter else UNKNOWN for letter in letters])
    return _Client(rows, gone, letters)


def _take_away(index: Authorship, clients: Mapping[int, _Client]) -> None:
    """The first edit that took a letter away did it."""
    removed = index.removed
    columns = removed.clients, removed.clocks, removed.lengths, removed.rows
    for client, clock, length, row in zip(*(reversed(column) for column in columns), strict=True):
        theirs = clients.get(client)
        if theirs is None:
            continue
        for at in range(clock, min(clock + length, len(theirs.gone))):
            if theirs.gone[at] != UNKNOWN:
                theirs.gone[at] = row
