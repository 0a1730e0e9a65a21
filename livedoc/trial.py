"""Reads an update (Yjs V1) and decides whether it may enter, at a cost that grows with the update alone.

An update is a list of structs for each client, then a set of deleted ranges. Everything a browser's text editor
can produce is a string, a run that was deleted, or a collected run, placed beside others of the root text `body`.
Whatever else the format allows (embeds, formats, nested types, attributes, other roots) is refused, and so is
whatever the CRDT would have to put aside until something it lacks arrives: such parts would be invisible here and
could surface later, elsewhere, differently.
"""

from collections.abc import Mapping

from livedoc.refusals import Refused, malformed
from livedoc.varints import Reader

ROOT = b"body"
MAX_CLOCK = 2**31 - 1
"""The CRDT counts in 32 bits; nobody types this much."""

_COLLECTED, _DELETED, _STRING, _SKIP = 0, 1, 4, 10
_HAS_ORIGIN, _HAS_RIGHT_ORIGIN, _HAS_KEY = 0x80, 0x40, 0x20


class Edit:
    """What an update would do to a document that knows `known`.

    `advances`: client id → clock it would reach, only for clients that would advance.
    `deletes`: whether it names deleted ranges.
    `entangled`: whether structs of several clients lean on each other inside the update, so that only applying it
    shows whether they all fit.
    """

    __slots__ = ("advances", "deletes", "entangled")

    def __init__(self, advances: dict[int, int], deletes: bool, entangled: bool) -> None:
        self.advances = advances
        self.deletes = deletes
        self.entangled = entangled


def read(update: bytes, known: Mapping[int, int]) -> Edit:
    """Read an update against what the document knows (client id → clock). Raises Refused (malformed)."""
    try:
        return _read(Reader(update), known)
    except IndexError as error:
        raise malformed("the update ends early") from error
    except UnicodeDecodeError as error:
        raise malformed("a string is not UTF-8") from error


def _read(reader: Reader, known: Mapping[int, int]) -> Edit:
    reached: dict[int, int] = {}
    forward: list[tuple[int, int]] = []
    for _ in range(reader.uint()):
        count, client, clock = reader.uint(), reader.uint(), reader.uint()
        if client in reached:
            raise malformed("a client comes twice")
        reached[client] = _read_structs(reader, count, client, clock, known, reached, forward)
    for client, clock in forward:
        if clock >= reached.get(client, 0):
            raise malformed("a neighbour is unknown")
    deletes = _read_deletions(reader, known, reached)
    if not reader.ended():
        raise malformed("bytes after the end")
    advances = {client: clock for client, clock in reached.items() if clock > known.get(client, 0)}
    return Edit(advances, deletes, bool(forward))


def _read_structs(
    reader: Reader,
    count: int,
    client: int,
    clock: int,
    known: Mapping[int, int],
    reached: Mapping[int, int],
    forward: list[tuple[int, int]],
) -> int:
    """Read one client's structs; answers the clock up to which the client is then known."""
    held = known.get(client, 0)
    for _ in range(count):
        info = reader.byte()
        if info == _SKIP:
            clock = _advance(clock, reader.uint())
            continue
        if clock > held:
            raise malformed("a struct starts past what is known of its client")
        length = (
            reader.uint() if info == _COLLECTED else _read_item(reader, info, client, held, known, reached, forward)
        )
        clock = _advance(clock, length)
        if clock > held:
            held = clock
    return held


def _advance(clock: int, length: int) -> int:
    clock += length
    if not length or clock > MAX_CLOCK:
        raise malformed("a run of impossible length")
    return clock


def _read_item(
    reader: Reader,
    info: int,
    client: int,
    held: int,
    known: Mapping[int, int],
    reached: Mapping[int, int],
    forward: list[tuple[int, int]],
) -> int:
    """Read one item and answer its length in UTF-16 units."""
    if info & _HAS_KEY:
        raise malformed("an attribute of the text")
    if info & (_HAS_ORIGIN | _HAS_RIGHT_ORIGIN):
        for flag in (_HAS_ORIGIN, _HAS_RIGHT_ORIGIN):
            if not info & flag:
                continue
            neighbour, at = reader.uint(), reader.uint()
            if at < (held if neighbour == client else known.get(neighbour, 0)):
                continue
            if neighbour == client:
                raise malformed("a neighbour is unknown")
            if at >= reached.get(neighbour, 0):
                forward.append((neighbour, at))
    elif reader.uint() != 1 or reader.block() != ROOT:
        raise malformed("a place outside the text")
    kind = info & 0x1F
    if kind == _STRING:
        return _utf16_length(reader.block())
    if kind == _DELETED:
        return reader.uint()
    raise malformed("content that is not text")


def _utf16_length(raw: bytes) -> int:
    if 0x00 in raw or 0x0D in raw:
        raise malformed("a character that cannot be kept")
    if raw.isascii():
        return len(raw)
    return len(raw.decode("utf-8").encode("utf-16-le")) // 2


def _read_deletions(reader: Reader, known: Mapping[int, int], reached: Mapping[int, int]) -> bool:
    found = False
    for _ in range(reader.uint()):
        client = reader.uint()
        limit = reached.get(client) or known.get(client, 0)
        for _ in range(reader.uint()):
            clock, length = reader.uint(), reader.uint()
            if not length or clock + length > limit:
                raise malformed("a deletion of what is unknown")
            found = True
    return found


__all__ = ["MAX_CLOCK", "Edit", "Refused", "read"]
