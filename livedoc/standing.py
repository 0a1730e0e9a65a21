"""Which letters stand in a text, one behind the other, by client and clock.

The CRDT tells its text but not whose letter stands where. So its state is taken once more with other words: each run
of letters says, in every letter, which run it is. Where letters stand depends on their neighbours alone, never on what
they say, and so the text of that state is the order of the runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from livedoc.replica import Replica
from livedoc.varints import write_uint
from livedoc.walking import Part, parts

_FIRST = 0x20
_DIGITS = 0xD800 - _FIRST
"""Characters of one UTF-16 unit that a run can be numbered with."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A text, and the runs of letters that it consists of, in order: client, clock, length in UTF-16 units."""

    text: str
    runs: list[tuple[int, int, int]]


def standing(updates: Sequence[bytes]) -> Standing:
    """Of the state that updates make."""
    replica = Replica(updates)
    state = replica.update()
    runs = [part for part in parts(state)[0] if part[3] >= 0]
    digits = [_text_numbered(state, runs, 1)]
    if len(runs) > _DIGITS:
        digits.append(_text_numbered(state, runs, _DIGITS))
    ordered, at, end = [], 0, len(digits[0])
    while at < end:
        number = ord(digits[0][at]) - _FIRST
        if len(digits) > 1:
            number += (ord(digits[1][at]) - _FIRST) * _DIGITS
        client, clock, length, _begins, _ends = runs[number]
        ordered.append((client, clock, length))
        at += length
    return Standing(replica.text(), ordered)


def _text_numbered(state: bytes, runs: Sequence[Part], unit: int) -> str:
    """The text of a state in which every run repeats one digit of its number."""
    out, last = bytearray(), 0
    for number, (_client, _clock, length, begins, ends) in enumerate(runs):
        said = chr(number // unit % _DIGITS + _FIRST).encode() * length
        out += state[last:begins]
        write_uint(out, len(said))
        out += said
        last = ends
    out += state[last:]
    return Replica([bytes(out)]).text()
