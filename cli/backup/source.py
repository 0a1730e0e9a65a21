"""A backup that is to be restored: is it whole, is it what was written, and can this Consilium read it?"""

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from cli.backup import copying, manifest
from cli.backup.copying import CopyFailed
from cli.backup.manifest import DATABASE, BadManifest, Manifest
from config import ROOT
from models.seals import Seals, UnknownKey

_PUT_BACK = (
    "Put back the integrity-keys of INSTANCE_DIR (or INTEGRITY_KEYS) that were kept apart from the backups; "
    "a fresh installation has made new ones, which verify nothing. If they are lost for good: --keys-lost."
)


class Unfit(Exception):
    """The backup cannot be restored; `str()` is one line that says why and what to do."""


def inspect(folder: Path, keys: Mapping[int, bytes], *, keys_lost: bool = False) -> Manifest:
    """Check all that can be checked before a byte is copied; without its keys, less. Raises Unfit."""
    try:
        told, seal = manifest.read(folder)
    except BadManifest as error:
        raise Unfit(str(error)) from error
    if not keys_lost:
        _have_keys(told, keys)
        _is_sealed(folder, told, seal, keys)
    database = folder / DATABASE
    if not database.exists():
        raise Unfit(f"{database} is missing.")
    if manifest.sha256(database) != told.sha256:
        raise Unfit(f"{database} is not the file that was written: its SHA-256 differs. Use another backup.")
    if told.schema and not _is_known(told.schema):
        raise Unfit(f"its schema {told.schema} is newer than this Consilium. Upgrade first.")
    return told


def _is_sealed(folder: Path, told: Manifest, seal: bytes, keys: Mapping[int, bytes]) -> None:
    try:
        holds = told.holds(seal, Seals(keys))
    except UnknownKey as error:
        raise Unfit(f"its manifest is sealed with integrity key {error}, which is not here. {_PUT_BACK}") from error
    if not holds:
        raise Unfit(f"{folder / manifest.MANIFEST} was changed since it was written. Use another backup.")


def _have_keys(told: Manifest, keys: Mapping[int, bytes]) -> None:
    for number, fingerprint in told.keys.items():
        key = keys.get(int(number))
        if key is None:
            raise Unfit(f"its rows are sealed with integrity key {number}, which is not here. {_PUT_BACK}")
        if fingerprint and manifest.fingerprint(key) != fingerprint:
            raise Unfit(f"its rows are sealed with another integrity key {number} than the one here. {_PUT_BACK}")


def lay_out(folder: Path, told: Manifest, work: Path) -> None:
    """Copy the backup's database to where it can be worked on, and check it. Raises Unfit or OSError."""
    free = shutil.disk_usage(work.parent).free
    if free < told.size:
        raise Unfit(f"{work.parent} has {free // 1_000_000} MB free, and it needs {told.size // 1_000_000 + 1} MB.")
    shutil.copyfile(folder / DATABASE, work)
    work.chmod(0o600)
    try:
        connection = sqlite3.connect(work)
        try:
            copying.check(connection)
            found = manifest.counts(connection)
        finally:
            connection.close()
    except (CopyFailed, sqlite3.Error) as error:
        raise Unfit(f"its database is damaged: {error}") from error
    if found != told.counts:
        raise Unfit("its tables do not hold the rows that its manifest counts.")


def _is_known(revision: str) -> bool:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    try:
        return ScriptDirectory.from_config(config).get_revision(revision) is not None
    except CommandError:
        return False
