"""An index of one epoch of a document: which edit wrote each letter there ever was, and which took it away.

A letter is known by its client and clock for good, wherever it stands. An edit wrote those that its client's clock
passed with it. So the index grows with every edit and never changes, and serves every state of the epoch.
"""

import json
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import repeat

from livedoc.records import Entry, Share
from livedoc.replica import FIRST_WORDS_CLIENT
from livedoc.walking import is_string, parts

NOBODY = 0
"""The user of words of which nobody knows."""
UNKNOWN = -1
"""The row of letters that are in no edit, and of a hand that is nobody's."""
TEMPLATE = -2
"""In the place of a hand: a document began with these words."""
FORMAT = b"\x02"
"""What a piece begins with; one of another format is made again."""
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
    """The letters of one client: those below `ends[n]`, and not below the one before, are of `rows[n]`. `letters`: what
    they say, a UTF-16 unit for each clock; 0 where nobody was told."""

    ends: "array[int]" = field(default_factory=lambda: array("I"))
    rows: "array[int]" = field(default_factory=lambda: array("I"))
    letters: "array[int]" = field(default_factory=lambda: array("H"))

    def say(self, clock: int, words: bytes) -> None:
        """Keep what the letters from a clock on say (UTF-8), as far as that is news."""
        known = len(self.letters)
        if clock > known:
            self.letters.extend(repeat(0, clock - known))
            known = clock
        if words.isascii():
            self.letters.extend(words[known - clock :])
        else:
            units = array("H", words.decode().encode("utf-16"))  # in the order of this machine, behind a mark of it
            self.letters.extend(units[1 + known - clock :])


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
        update = entry.update
        letters, ranges, _end = parts(update)
        left = list(shares)
        if letters and letters[0][0] == FIRST_WORDS_CLIENT:
            self.rows.hands[row] = TEMPLATE
        for part in letters:
            client, clock, length, begins, ends, _kind_at = part
            mine = self.written.setdefault(client, Written())
            if is_string(update, part):
                while update[begins] >= 0x80:  # the length in front
                    begins += 1
                mine.say(clock, update[begins + 1 : ends])
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

    def begin(self, client: int, clock: int, letter: str, row: int) -> None:
        """A letter of the state that an epoch begins with, by client in the order of their clocks."""
        mine = self.written.setdefault(client, Written())
        mine.say(clock, letter.encode())
        self._wrote(mine, len(mine.letters), row)

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

    def latest(self) -> int:
        """When the last edit was, in microseconds."""
        return max(self.rows.times, default=0)

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
                said = mine.letters[mine.ends[first - 1] if first else 0 :]
                written.append((client, len(mine.rows) - first, len(said)))
                columns += [_bytes(mine.ends[first:]), _bytes(mine.rows[first:]), _bytes(said)]
        first = bisect_left(self.removed.rows, first_row)
        columns += [_bytes(column[first:]) for column in self.removed.columns()]
        counts = {"rows": len(self.rows) - first_row, "written": written, "removed": len(self.removed.rows) - first}
        head = json.dumps(counts, separators=(",", ":")).encode()
        return FORMAT + zlib.compress(len(head).to_bytes(4) + head + b"".join(columns), 1)

    def _unpack(self, piece: bytes) -> None:
        raw = memoryview(zlib.decompress(piece[len(FORMAT) :]))
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
        for client, count, said in counts["written"]:
            mine = self.written.setdefault(client, Written())
            letters = mine.ends[-1] if mine.ends else 0
            take((mine.ends, mine.rows), count)
            mine.letters.extend(repeat(0, letters - len(mine.letters)))
            take((mine.letters,), said)
        take(self.removed.columns(), counts["removed"])


def _bytes(column: "array[int]") -> bytes:
    if sys.byteorder == "big":
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()
