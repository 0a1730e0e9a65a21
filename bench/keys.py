"""Typed letters as Yjs updates (V1): written for those who type, and found again in what a server passes on."""

from functools import lru_cache

_HAS_ORIGIN, _HAS_RIGHT_ORIGIN, _HAS_PARENT = 0x80, 0x40, 0xC0
_STRING, _SKIP = 4, 10


def typed(client: int, clock: int, letters: bytes) -> bytes:
    """The update of ASCII letters typed behind one's own last one, or at the front of `body` to begin with."""
    head = b"\x01\x01" + uint(client) + uint(clock)
    size = uint(len(letters))
    if clock == 0:
        return head + b"\x04\x01\x04body" + size + letters + b"\x00"
    return head + b"\x84" + uint(client) + uint(clock - 1) + size + letters + b"\x00"


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
