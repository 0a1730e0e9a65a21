"""The form of an export: entries in named parts, each with a hash; the last lines say what must be there, in order.

A file is one JSON object that is written from the first line to the last without being held in memory. The seal is
made with the clinic's integrity key, so that nobody else can make a file that holds (docs/exports.md).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, BinaryIO

from models.seals import BEGINNING, Seals

VERSION = 1
"""Of the form; a reader of one version refuses the others."""
PURPOSE = "export"
"""What the seal of a file is for."""

Entry = Mapping[str, Any]
"""One thing that is told, with an `id` that no other entry of its part has."""


class Format(StrEnum):
    COPY = "consilium-copy"
    """What a patient was given to read, and said."""
    RECORD = "consilium-record"
    """Everything that is on record about a patient."""


@dataclass(frozen=True, slots=True)
class Part:
    """`entries` are asked for one after the other, when the part is written."""

    name: str
    entries: Iterable[Entry]


@dataclass(frozen=True, slots=True)
class Written:
    """`sha256` is the hash over all, as the file itself says it; `counts` how many entries each part has."""

    sha256: str
    counts: Mapping[str, int]


def canonical(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and without spaces; moments in UTC."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    ).encode()


def digest(value: object) -> str:
    """SHA-256 (lower-case hex) of the canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def overall(kind: str, version: object, head: object, parts: Sequence[Sequence[str]]) -> str:
    """The hash over everything; `parts` are names with their hashes, in order."""
    return digest({"format": kind, "version": version, "head": head, "parts": parts})


def seal(seals: Seals, sha256: str) -> str:
    return seals.link(PURPOSE, BEGINNING, sha256).hex()


def write(into: BinaryIO, kind: Format, head: Entry, parts: Iterable[Part], seals: Seals) -> Written:
    """Write a file, an entry a line."""
    into.write(b'{"format":%s,"version":%d,\n"head":%s,\n"parts":[' % (canonical(kind), VERSION, canonical(head)))
    contents: list[dict[str, Any]] = []
    for part in parts:
        into.write(b'%s\n{"name":%s,"entries":[' % (b"," if contents else b"", canonical(part.name)))
        entries: list[tuple[str, str]] = []
        for entry in part.entries:
            line = canonical(entry)
            into.write(b"%s\n%s" % (b"," if entries else b"", line))
            entries.append((entry["id"], hashlib.sha256(line).hexdigest()))
        into.write(b"]}")
        contents.append({"part": part.name, "entries": entries, "sha256": digest(entries)})
    sha256 = overall(kind, VERSION, head, [(each["part"], each["sha256"]) for each in contents])
    into.write(b'],\n"contents":[')
    for number, each in enumerate(contents):
        into.write(b"%s\n%s" % (b"," if number else b"", canonical(each)))
    into.write(b'],\n"sha256":%s,"seal":%s}\n' % (canonical(sha256), canonical(seal(seals, sha256))))
    return Written(sha256, {each["part"]: len(each["entries"]) for each in contents})


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no export holds a {type(value).__name__}")
