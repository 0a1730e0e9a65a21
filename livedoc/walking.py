"""Walks an update (Yjs V1) from the log or a state: what it writes and what it takes away, as it stands.

Nothing is checked: what is in the log has passed its trial. It is read quickly, because states are large.
"""

from livedoc.updates import Range

Part = tuple[int, int, int, int, int, int]
"""Client, clock and length in UTF-16 units of a run of letters; where in the update its content begins (a string with
its length in front of it, or the length alone when it is deleted) and ends; where the byte stands that says which."""

STRING = 4
_COLLECTED, _SKIP = 0, 10


def is_string(update: bytes, part: Part) -> bool:
    """Whether a run has its letters; else it is deleted."""
    return update[part[5]] & 0x1F == STRING


def parts(update: bytes) -> tuple[list[Part], list[Range], int]:
    """The runs of letters of an update, the ranges it deletes, and where these begin."""
    data, at = update, 0
    found: list[Part] = []
    ranges: list[Range] = []

    def uint() -> int:
        nonlocal at
        byte = data[at]
        at += 1
        if byte < 0x80:
            return byte
        value, shift = byte & 0x7F, 7
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    for _client in range(uint()):
        count, client, clock = uint(), uint(), uint()
        for _struct in range(count):
            info, kind_at = data[at], at
            at += 1
            if info in (_COLLECTED, _SKIP):
                length = uint()
                clock += length
                continue
            for _number in range(2 * ((info >> 7) + (info >> 6 & 1))):  # the places of its neighbours
                while data[at] >= 0x80:
                    at += 1
                at += 1
            if info < 0x40:  # it has none, and names its root
                at += 1
                length = uint()
                at += length
            begins = at
            length = uint()
            if info & 0x1F == STRING:
                raw = data[at : at + length]
                at += length
                if not raw.isascii():
                    length = len(raw.decode().encode("utf-16-le")) // 2
            found.append((client, clock, length, begins, at, kind_at))
            clock += length
    ends = at
    for _client in range(uint()):
        client = uint()
        for _range in range(uint()):
            clock = uint()
            ranges.append((client, clock, uint()))
    return found, ranges, ends
