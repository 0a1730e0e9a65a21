"""In which order the letters of a document stand, one behind the other, by client and clock; also those that are gone.

The CRDT tells its text but not whose letter stands where. So its state is taken once more with other words and nothing
deleted: each run of letters says, in every letter, which run it is. Where letters stand depends on their neighbours
alone, never on what they say nor on whether they are still there, and so the text of that state is the order of the
runs. What was ever put between two letters stays between them: the order at one point holds at all points before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from livedoc.replica import Replica
from livedoc.varints import write_uint
from livedoc.walking import STRING, Part, is_string, parts

_FIRST = 0x20
_DIGITS = 0xD800 - _FIRST
"""Characters of one UTF-16 unit that a run can be numbered with."""


Place = tuple[int, int, int, bytes | None]
"""A run of letters: client, clock, length in UTF-16 units, and its letters (UTF-8); None when they are gone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A text, and the runs of letters that it consists of, in order: client, clock, length in UTF-16 units."""

    text: str
    runs: list[tuple[int, int, int]]


def standing(updates: Sequence[bytes]) -> Standing:
    """Of the state that updates make."""
    text, places = _ordered(updates)
    return Standing(text, [each[:3] for each in places if each[3] is not None])


def order(updates: Sequence[bytes]) -> list[Place]:
    """All letters that ever were in the state that updates make, in order."""
    return _ordered(updates)[1]


def _ordered(updates: Sequence[bytes]) -> tuple[str, list[Place]]:
    replica = Replica(updates)
    state = replica.update()
    runs, _ranges, end = parts(state)
    digits = [_text_numbered(state, runs, end, 1)]
    if len(runs) > _DIGITS:
        digits.append(_text_numbered(state, runs, end, _DIGITS))
    found: list[Place] = []
    at, until = 0, len(digits[0])
    while at < until:
        number = ord(digits[0][at]) - _FIRST
        if len(digits) > 1:
            number += (ord(digits[1][at]) - _FIRST) * _DIGITS
        part = runs[number]
        found.append((part[0], part[1], part[2], _words(state, part)))
        at += part[2]
    return replica.text(), found


def _words(state: bytes, part: Part) -> bytes | None:
    if not is_string(state, part):
        return None
    raw, begins = state[part[3] : part[4]], 0
    while raw[begins] >= 0x80:  # the length in front
        begins += 1
    return raw[begins + 1 :]


def _text_numbered(state: bytes, runs: Sequence[Part], end: int, unit: int) -> str:
    """The text of a state in which every run repeats one digit of its number, and none is deleted."""
    out, last = bytearray(), 0
    for number, (_client, _clock, length, begins, ends, kind_at) in enumerate(runs):
        said = chr(number // unit % _DIGITS + _FIRST).encode() * length
        out += state[last:kind_at]
        out.append(state[kind_at] & 0xE0 | STRING)
        out += state[kind_at + 1 : begins]
        write_uint(out, len(said))
        out += said
        last = ends
    out += state[last:end]
    out += b"\x00"
    return Replica([bytes(out)]).text()
