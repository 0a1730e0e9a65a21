"""Typed letters as Yjs updates (V1): written for those who type, and found again in what a server passes on."""

from functools import lru_cache

_HAS_ORIGIN, _HAS_RIGHT_ORIGIN, _HAS_PARENT = 0x80, 0x40, 0xC0
_STRING = 4

Place = tuple[int, int]
"""Client and clock of a letter."""
Between = tuple[Place | None, Place | None]


FRONT: Between = (None, None)
"""Before everything else that was written without neighbours."""


def typed(client: int, clock: int, letters: bytes, between: Between = FRONT) -> bytes:
    """The update of ASCII letters typed between two others, or behind one's own last one to go on."""
    left, right = between if clock == 0 else ((client, clock - 1), between[1])
    head = b"\x01\x01" + uint(client) + uint(clock)
    info = _STRING | (_HAS_ORIGIN if left else 0) | (_HAS_RIGHT_ORIGIN if right else 0)
    places = b"".join(uint(number) for number in (*(left or ()), *(right or ())))
    return head + bytes([info]) + (places or b"\x01\x04body") + uint(len(letters)) + letters + b"\x00"


@lru_cache(4096)
def found(update: bytes) -> tuple[tuple[int, int, int], ...]:
    """Whose letters an update brings: (client, first clock, clock after the last). ASCII alone."""
    reader = Reader(update)
    return tuple(_section(reader) for _ in range(reader.uint()))


def _section(reader: "Reader") -> tuple[int, int, int]:
    count, client, first = reader.uint(), reader.uint(), reader.uint()
    clock = first
    for _ in range(count):
        info = reader.data[reader.at]
        reader.at += 1
        if info & _HAS_ORIGIN:
            reader.uint(), reader.uint()
        if info & _HAS_RIGHT_ORIGIN:
            reader.uint(), reader.uint()
        if info & 0x1F == _STRING and not info & _HAS_PARENT:
            reader.uint()
            reader.block()
        clock += len(reader.block()) if info & 0x1F == _STRING else reader.uint()
    return client, first, clock


class Reader:
    """Reads varints and blocks from the front."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def uint(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def block(self) -> bytes:
        size = self.uint()
        self.at += size
        return self.data[self.at - size : self.at]


def uint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
