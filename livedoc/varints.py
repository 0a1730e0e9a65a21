"""Unsigned integers of seven bits a byte, as the Yjs formats write them."""

from livedoc.refusals import malformed

LARGEST = 2**53 - 1
"""The largest integer a browser holds exactly."""


class Reader:
    """Reads a byte string from the front. Past its end it raises IndexError, which callers turn into a refusal."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def uint(self) -> int:
        """The next integer, 0 to LARGEST. Raises IndexError or Refused."""
        data, at = self.data, self.at
        byte = data[at]
        at += 1
        if byte < 0x80:
            self.at = at
            return byte
        value = byte & 0x7F
        shift = 7
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 49:
                raise malformed("an integer is too long")
        if value > LARGEST:
            raise malformed("an integer is too large")
        self.at = at
        return value

    def byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def block(self) -> bytes:
        """The next bytes, as many as the integer before them says."""
        size = self.uint()
        start = self.at
        found = self.data[start : start + size]
        if len(found) < size:
            raise IndexError
        self.at = start + size
        return found

    def ended(self) -> bool:
        return self.at == len(self.data)


def write_uint(out: bytearray, value: int) -> None:
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
