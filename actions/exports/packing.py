"""A file as it is kept in the database: one stream of gzip, in pieces."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

PIECE = 1 << 18
"""Bytes that are packed at a time."""
GIVEN = 1 << 16
"""Bytes that are unpacked at a time."""
_GZIP = 31


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in pieces, with the SHA-256 of what it was, and its size in bytes."""

    pieces: Sequence[bytes]
    sha256: str
    size: int


def pack(file: IO[bytes]) -> Packed:
    """From where the file stands to its end."""
    packer, digest, size = zlib.compressobj(wbits=_GZIP), hashlib.sha256(), 0
    pieces: list[bytes] = []
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
        pieces.append(packer.compress(piece))
    pieces.append(packer.flush())
    return Packed([piece for piece in pieces if piece], digest.hexdigest(), size)


def unpack(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Raises zlib.error where the pieces are no such stream."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    for piece in pieces:
        yield unpacker.decompress(piece, GIVEN)
        while unpacker.unconsumed_tail:
            yield unpacker.decompress(unpacker.unconsumed_tail, GIVEN)
    yield unpacker.flush()
