"""State vectors: how far a replica knows each client. Client bytes are decoded here and never reach the CRDT."""

from collections.abc import Mapping

from livedoc.refusals import malformed
from livedoc.varints import Reader, write_uint


def decode(data: bytes) -> dict[int, int]:
    """Client id → clock, as many as the bytes hold: a vector names each client that ever wrote. Raises Refused
    (malformed)."""
    reader = Reader(data)
    try:
        count = reader.uint()
        if count * 2 > len(data):
            raise malformed("a state vector claims more clients than it names")
        found = {}
        for _ in range(count):
            client = reader.uint()
            found[client] = reader.uint()
    except IndexError as error:
        raise malformed("a state vector ends early") from error
    if not reader.ended() or any(clock >= 2**31 for clock in found.values()):
        raise malformed("a state vector with more in it")
    return found


def encode(clocks: Mapping[int, int]) -> bytes:
    out = bytearray()
    write_uint(out, len(clocks))
    for client, clock in clocks.items():
        write_uint(out, client)
        write_uint(out, clock)
    return bytes(out)
