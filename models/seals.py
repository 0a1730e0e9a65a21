"""Seals: keyed digests that chain rows, so that one changed, missing or moved row breaks what comes after it.

Who can write the database but does not know the key cannot make a seal that holds. HMAC is RFC 2104, with SHA-256.
"""

import hmac
from collections.abc import Mapping

KEY_BYTES = 32
"""Least length of a key."""
SEAL_BYTES = 33
"""One byte that numbers the key, then the digest."""
BEGINNING = b""
"""What comes before the first row of a chain."""

Field = bytes | str | int | None


class UnknownKey(Exception):
    """A seal was made with a key that this installation does not have; `str()` is its number."""


class Seals:
    """The keys of an installation by their number, 1 to 255. The newest seals; all of them verify."""

    __slots__ = ("_keys", "_newest")

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or not all(1 <= number <= 255 and len(key) >= KEY_BYTES for number, key in keys.items()):
            raise ValueError("seals need keys of 32 bytes or more, numbered from 1 to 255")
        self._keys = dict(keys)
        self._newest = max(keys)

    def link(self, purpose: str, previous: bytes, *fields: Field) -> bytes:
        """The seal of a row behind the row that is sealed with `previous`."""
        return self._seal(self._newest, purpose, previous, fields)

    def is_link(self, seal: bytes, purpose: str, previous: bytes, *fields: Field) -> bool:
        """Whether a seal belongs to this row at this place. Raises UnknownKey."""
        if len(seal) != SEAL_BYTES:
            return False
        return hmac.compare_digest(seal, self._seal(seal[0], purpose, previous, fields))

    def _seal(self, number: int, purpose: str, previous: bytes, fields: tuple[Field, ...]) -> bytes:
        key = self._keys.get(number)
        if key is None:
            raise UnknownKey(number)
        parts = [number.to_bytes(1), _framed(purpose.encode()), _framed(previous)]
        parts += [_framed(_plain(field)) for field in fields]
        return number.to_bytes(1) + hmac.digest(key, b"".join(parts), "sha256")


def _framed(part: bytes) -> bytes:
    """A part behind its length: no two rows run into the same bytes."""
    return len(part).to_bytes(4) + part


def _plain(field: Field) -> bytes:
    """A field behind a letter for its kind: an absent one differs from an empty one, 1 from "1"."""
    if field is None:
        return b"n"
    if isinstance(field, int):
        return b"i%d" % field
    return b"s" + field.encode() if isinstance(field, str) else b"b" + field
