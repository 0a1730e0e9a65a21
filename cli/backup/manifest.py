"""What a backup says of itself: `manifest.json` beside the copy."""

import hashlib
import hmac
import json
import os
import sqlite3
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from config import ROOT
from models.seals import BEGINNING, Seals
from models.search import is_original

FORMAT = 1
PURPOSE = "backup"
DATABASE, MANIFEST = "consilium.db", "manifest.json"
SEALED = (
    "audit_events.seal",
    "documents.seal",
    "document_updates.digest",
    "document_snapshots.digest",
    "edit_origins.seal",
)
"""Columns whose first byte is the number of the integrity key that sealed the row."""


class BadManifest(Exception):
    """A folder that is no backup, or a damaged one; `str()` is one line that says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Times are ISO 8601 in UTC; `sha256` (hex) and `size` (bytes) are of the copy; `counts` is rows by table.

    `audit_count` and `audit_seal` (hex) are the head of the audit chain. `keys` are the integrity keys that the rows
    need, by number, each with a fingerprint that tells it from others and nothing about it.
    """

    format: int
    version: str
    began_at: str
    ended_at: str
    sha256: str
    size: int
    schema: str
    counts: dict[str, int]
    audit_count: int
    audit_seal: str
    keys: dict[str, str]
    public_url: str

    def write(self, folder: Path, seals: Seals) -> None:
        """Seal it and write it into a folder, durable on return, readable by its owner alone."""
        with os.fdopen(os.open(folder / MANIFEST, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump({**asdict(self), "seal": seals.link(PURPOSE, BEGINNING, self._plain()).hex()}, file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())

    def holds(self, seal: bytes, seals: Seals) -> bool:
        """Whether nothing in it was changed since it was sealed. Raises UnknownKey."""
        return seals.is_link(seal, PURPOSE, BEGINNING, self._plain())

    def _plain(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def read(folder: Path) -> tuple[Manifest, bytes]:
    """The manifest of a backup folder, and its seal. Raises BadManifest."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if found["format"] > FORMAT:
            raise BadManifest(f"{folder} was made by a newer Consilium ({found['version']}). Upgrade this one first.")
        seal = bytes.fromhex(found.pop("seal"))
        return Manifest(**found), seal
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadManifest(f"{folder} is no backup: there is no {MANIFEST} in it.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BadManifest(f"{folder / MANIFEST} cannot be read: it is damaged.") from error


def sha256(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def version() -> str:
    """The version of this Consilium."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def schema(connection: sqlite3.Connection) -> str:
    """The revision a database is migrated to; "" before the first migration."""
    if not _has(connection, "alembic_version"):
        return ""
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows by table, without those that are made from others."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    tables = [name for (name,) in connection.execute(query) if is_original(name)]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


def audit_head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Count and seal (hex) that the audit chain has come to; nothing before it was sealed."""
    if not _has(connection, "audit_head"):
        return 0, ""
    row = connection.execute("SELECT count, seal FROM audit_head").fetchone()
    return (int(row[0]), bytes(row[1]).hex()) if row else (0, "")


def keys(connection: sqlite3.Connection, known: Mapping[int, bytes]) -> dict[str, str]:
    """The integrity keys that sealed rows: number → fingerprint, "" for one that is not `known`."""
    needed: set[int] = set()
    for table, column in (each.split(".") for each in SEALED):
        columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
        if column in columns:
            query = f'SELECT DISTINCT hex(substr({column}, 1, 1)) FROM "{table}" WHERE {column} IS NOT NULL'  # noqa: S608
            needed |= {int(first, 16) for (first,) in connection.execute(query) if first}
    return {str(number): fingerprint(known[number]) if number in known else "" for number in sorted(needed)}


def fingerprint(key: bytes) -> str:
    """Eight bytes in hex by which an integrity key is recognised."""
    return hmac.digest(key, b"fingerprint", "sha256")[:8].hex()


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return (
        connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
        is not None
    )
