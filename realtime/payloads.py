"""What clients send, read strictly into small values. Anything else is `malformed`."""

import binascii
import re
from dataclasses import dataclass
from typing import Any

from livedoc import state_vector
from livedoc.document import MAX_UPDATE
from livedoc.refusals import Code, Refused, malformed
from livedoc.replica import SERVER_CLIENTS_FROM

Json = dict[str, Any]

MAX_CLIENT_IDS = 100
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_BASE64 = (MAX_UPDATE + 2) // 3 * 4
_ID = re.compile(r"[1-9][0-9]{0,8}|1[0-9]{9}")
"""What a row's id may be; the database's integers end above it."""


@dataclass(frozen=True, slots=True)
class Target:
    """`{plan}` or `{doc}` alone."""


@dataclass(frozen=True, slots=True)
class Open:
    client_ids: frozenset[int]
    known: dict[int, int] | None
    epoch: int | None


@dataclass(frozen=True, slots=True)
class Edit:
    epoch: int
    update: bytes


@dataclass(frozen=True, slots=True)
class Check:
    seq: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Cursor:
    anchor: Json | None
    head: Json | None


def target_id(data: object, name: str) -> int:
    """The id of the plan or document meant; 0, which nothing has, for words that are no id of ours."""
    if not isinstance(data, dict) or not isinstance(data.get(name), str):
        raise malformed(f"{name} must be a string")
    return int(data[name]) if _ID.fullmatch(data[name]) else 0


def target(_data: Json) -> Target:
    return Target()


def open_(data: Json) -> Open:
    ids = data.get("client_ids")
    if not isinstance(ids, list) or len(ids) > MAX_CLIENT_IDS:
        raise malformed("client_ids must be a list")
    for each in ids:
        if _uint(each, "client_ids") >= SERVER_CLIENTS_FROM:
            raise Refused(Code.FOREIGN_AUTHOR, "a client id of the server's")
    vector = data.get("state_vector")
    known = None if vector is None else state_vector.decode(_base64(vector, "state_vector"))
    epoch = data.get("epoch")
    return Open(frozenset(ids), known, None if epoch is None else _uint(epoch, "epoch"))


def edit(data: Json) -> Edit:
    return Edit(_uint(data.get("epoch"), "epoch"), _base64(data.get("update"), "update"))


def check(data: Json) -> Check:
    digest = data.get("sha256")
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise malformed("sha256 must be lower-case hex")
    return Check(_uint(data.get("seq"), "seq"), digest)


def cursor(data: Json) -> Cursor:
    return Cursor(_position(data.get("anchor")), _position(data.get("head")))


def to_base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def _uint(value: object, name: str) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise malformed(f"{name} must be a whole number")
    return value


def _base64(value: object, name: str) -> bytes:
    if not isinstance(value, str):
        raise malformed(f"{name} must be base64")
    if len(value) > _LONGEST_BASE64:
        raise Refused(Code.TOO_LARGE, f"{name} is too large")
    try:
        return binascii.a2b_base64(value, strict_mode=True)
    except ValueError as error:
        raise malformed(f"{name} must be base64") from error


def _position(value: object) -> Json | None:
    """A Yjs relative position as JSON: item or type by id, root by name, side."""
    if value is None:
        return None
    if not isinstance(value, dict) or not value.keys() <= {"type", "tname", "item", "assoc"}:
        raise malformed("a position has other parts")
    for name in ("type", "item"):
        part = value.get(name)
        if part is not None:
            if not isinstance(part, dict) or part.keys() != {"client", "clock"}:
                raise malformed("a position names no item")
            for each in part.values():
                _uint(each, "position")
    side = value.get("assoc", 0)
    if value.get("tname") not in (None, "body") or type(side) is not int or side not in (0, -1, 1):
        raise malformed("a position elsewhere")
    return value
