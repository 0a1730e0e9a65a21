"""An index of one epoch of a document: which edit wrote each letter there ever was, and which took it away.

A letter is known by its client and clock for good, wherever it stands. An edit wrote those that its client's clock
passed with it. So the index grows with every edit and never changes, and serves every state of the epoch.
"""

import json
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from livedoc.records import Entry, Share
from livedoc.replica import FIRST_WORDS_CLIENT, SERVER_CLIENTS_FROM
from livedoc.walking import parts

NOBODY = 0
"""The user of words of which nobody knows."""
UNKNOWN = -1
"""The row of letters that are in no edit, and of a hand that is nobody's."""
TEMPLATE = -2
"""In the place of a hand: a document began with these words."""
Span = tuple[int, int, int]
"""Length, and the first and the last of the rows by which somebody wrote it."""
_EPOCH_OF_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    return (moment - _EPOCH_OF_TIME) // _MICROSECOND


def moment(micros: int) -> datetime:
    return _EPOCH_OF_TIME + micros * _MICROSECOND


@dataclass(slots=True)
class Rows:
    """Who wrote, when, by which edit; a hand is the row of the edit of another that put the words there, UNKNOWN or
    TEMPLATE."""

    epochs: "array[int]" = field(default_factory=lambda: array("I"))
    seqs: "array[int]" = field(default_factory=lambda: array("I"))
    users: "array[int]" = field(default_factory=lambda: array("I"))
    times: "array[int]" = field(default_factory=lambda: array("q"))
    hands: "array[int]" = field(default_factory=lambda: array("i"))

    def __len__(self) -> int:
        return len(self.seqs)

    def add(self, epoch: int, seq: int, user_id: int, at: int, hand: int = UNKNOWN) -> int:
        self.epochs.append(epoch)
        self.seqs.append(seq)
        self.users.append(user_id)
        self.times.append(at)
        self.hands.append(hand)
        return len(self.seqs) - 1

    def columns(self) -> "tuple[array[int], ...]":
        return self.epochs, self.seqs, self.users, self.times, self.hands


@dataclass(slots=True)
class Written:
    """The letters of one client: those below `ends[n]`, and not below the one before, are of `rows[n]`."""

    ends: "array[int]" = field(default_factory=lambda: array("I"))
    rows: "array[int]" = field(default_factory=lambda: array("I"))


@dataclass(slots=True)
class Removed:
    """Deleted ranges in the order of the edits: client, first clock, length and row."""

    clients: "array[int]" = field(default_factory=lambda: array("Q"))
    clocks: "array[int]" = field(default_factory=lambda: array("I"))
    lengths: "array[int]" = field(default_factory=lambda: array("I"))
    rows: "array[int]" = field(default_factory=lambda: array("I"))

    def columns(self) -> "tuple[array[int], ...]":
        return self.clients, self.clocks, self.lengths, self.rows


class Authorship:
    """The index, up to an edit. It is kept in pieces, each of which follows the one before."""

    __slots__ = ("removed", "rows", "written")

    def __init__(self, pieces: Iterable[bytes] = ()) -> None:
        self.rows = Rows()
        self.written: dict[int, Written] = {}
        self.removed = Removed()
        for piece in pieces:
            self._unpack(piece)

    def add(self, entry: Entry, shares: Sequence[Share] = ()) -> None:
        """Take in the next edit. `shares`: whose its letters are, in the order of their clocks, if not its person's."""
        row = self.rows.add(entry.epoch, entry.seq, entry.user_id, micros(entry.at))
        letters, ranges = parts(entry.update)
        left = list(shares)
        if letters and letters[0][0] == FIRST_WORDS_CLIENT:
            self.rows.hands[row] = TEMPLATE
        for client, clock, length, _begins, _ends in letters:
            mine = self.written.setdefault(client, Written())
            if left:
                self._share(mine, clock, length, left, row)
            self._wrote(mine, clock + length, row)
        for client, clock, length in ranges:
            self.removed.clients.append(client)
            self.removed.clocks.append(clock)
            self.removed.lengths.append(length)
            self.removed.rows.append(row)

    @staticmethod
    def _wrote(mine: Written, end: int, row: int) -> None:
        if mine.ends and end <= mine.ends[-1]:
            return
        if mine.rows and mine.rows[-1] == row:
            mine.ends[-1] = end
        else:
            mine.ends.append(end)
            mine.rows.append(row)

    def _share(self, mine: Written, clock: int, length: int, left: list[Share], hand: int) -> None:
        """Give letters of one struct to those whose they are."""
        end = clock + length
        while left and clock < end:
            share = left.pop(0)
            took = min(share.length, end - clock)
            clock += took
            row = hand
            if share.user_id is not None:
                row = self.rows.add(share.epoch, share.seq, share.user_id, micros(share.at), hand)
            self._wrote(mine, clock, row)
            if took < share.length:
                left.insert(0, share.of_length(share.length - took))

    def begin(self, client: int, end: int, row: int) -> None:
        """Letters of the state that an epoch begins with, by client in the order of their clocks."""
        self._wrote(self.written.setdefault(client, Written()), end, row)

    def of(self, runs: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
        """The length in UTF-16 units and the row of runs of letters (client, clock, length), one behind the other."""
        found: list[tuple[int, int]] = []
        last, size = UNKNOWN - 1, 0
        nothing = Written()
        for client, clock, length in runs:
            mine = self.written.get(client, nothing)
            ends, rows, end = mine.ends, mine.rows, clock + length
            at = bisect_right(ends, clock)
            while clock < end:
                until, row = (min(ends[at], end), rows[at]) if at < len(ends) else (end, UNKNOWN)
                if row != last:
                    if size:
                        found.append((size, last))
                    last, size = row, 0
                size += until - clock
                clock = until
                at += 1
        if size:
            found.append((size, last))
        return found

    def spans(self, runs: Iterable[tuple[int, int, int]], apart: int) -> Iterator[Span]:
        """The same with as few parts as tell who wrote and when: length, first row and last. The rows between are the
        same person's, who wrote on without waiting for more than `apart` microseconds in all."""
        times, epochs, nothing = self.rows.times, self.rows.epochs, Written()
        begins_plainly = not epochs or epochs[0] == epochs[-1]
        for client, clock, length in runs:
            mine = self.written.get(client, nothing)
            first = bisect_right(mine.ends, clock)
            last = bisect_left(mine.ends, clock + length, first)
            if begins_plainly and client < SERVER_CLIENTS_FROM and last < len(mine.rows):
                since, until = mine.rows[first], mine.rows[last]
                if times[until] - times[since] <= apart:
                    yield length, since, until
                    continue
            for size, row in self.of([(client, clock, length)]):
                yield size, row, row

    def removals(self, since: int, until: int) -> range:
        """The places in `removed` of what the edits after `since` up to `until` deleted."""
        seqs, rows = self.rows.seqs, self.removed.rows
        first = bisect_right(rows, since, key=lambda row: seqs[row])
        return range(first, bisect_right(rows, until, lo=first, key=lambda row: seqs[row]))

    def event(self, row: int) -> int:
        """The row of the edit that put the letters of a row there."""
        return row if row == UNKNOWN or self.rows.hands[row] < 0 else self.rows.hands[row]

    def person(self, row: int) -> tuple[int, int]:
        """Whose words can be told of as one: a person's by one hand."""
        return (NOBODY, UNKNOWN) if row == UNKNOWN else (self.rows.users[row], self.rows.hands[row])

    def pack(self, first_row: int = 0) -> bytes:
        """A piece of what the rows from `first_row` on did."""
        written, columns = [], list[bytes]()
        columns += [_bytes(column[first_row:]) for column in self.rows.columns()]
        for client, mine in self.written.items():
            first = bisect_left(mine.rows, first_row) if first_row else 0
            if first < len(mine.rows):
                written.append((client, len(mine.rows) - first))
                columns += [_bytes(mine.ends[first:]), _bytes(mine.rows[first:])]
        first = bisect_left(self.removed.rows, first_row)
        columns += [_bytes(column[first:]) for column in self.removed.columns()]
        counts = {"rows": len(self.rows) - first_row, "written": written, "removed": len(self.removed.rows) - first}
        head = json.dumps(counts, separators=(",", ":")).encode()
        return zlib.compress(len(head).to_bytes(4) + head + b"".join(columns), 1)

    def _unpack(self, piece: bytes) -> None:
        raw = memoryview(zlib.decompress(piece))
        at = 4 + int.from_bytes(raw[:4])
        counts = json.loads(bytes(raw[4:at]))

        def take(columns: "Iterable[array[int]]", count: int) -> None:
            nonlocal at
            for column in columns:
                size = count * column.itemsize
                read = array(column.typecode, bytes(raw[at : at + size]))
                if sys.byteorder == "big":
                    read.byteswap()
                column.extend(read)
                at += size

        take(self.rows.columns(), counts["rows"])
        for client, count in counts["written"]:
            mine = self.written.setdefault(client, Written())
            take((mine.ends, mine.rows), count)
        take(self.removed.columns(), counts["removed"])


def _bytes(column: "array[int]") -> bytes:
    if sys.byteorder == "big":
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()
