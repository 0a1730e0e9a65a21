"""Taking a backup: a folder of its own with the copy and its manifest, complete or not there at all."""

import os
import re
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.backup import manifest
from cli.backup.copying import CopyFailed, copy, sync
from cli.backup.manifest import DATABASE, FORMAT, BadManifest, Manifest
from config import Settings
from models.seals import Seals

_NAME = re.compile(r"consilium-\d{8}T\d{6}Z(-\d+)?")
_UNDER_WAY = ".part"


def take(source: Path, target: Path, settings: Settings, began: datetime) -> tuple[Path, Manifest]:
    """Copy the database `source` into a new folder below `target`; answers that folder and its manifest.

    Nothing is overwritten, and nothing half is left. Raises CopyFailed.
    """
    if not source.exists():
        raise CopyFailed(f"there is no database {source}.")
    part: Path | None = None
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(target, began)
        _room(source, target)
        part = target / f".{_stamp(began)}-{os.getpid()}{_UNDER_WAY}"
        part.mkdir(mode=0o700)
        copy(source, part / DATABASE)
        made = _describe(part / DATABASE, settings, began)
        made.write(part, Seals(settings.integrity_keys))
        sync(part)
        folder = _put(part, target / _stamp(began))
        sync(target)
    except OSError as error:
        raise CopyFailed(f"{target} could not be written: {error.strerror or error}.") from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    return folder, made


def backups(target: Path) -> list[tuple[Path, Manifest]]:
    """The complete backups below a folder, oldest first."""
    found = []
    for folder in sorted(target.iterdir()) if target.is_dir() else []:
        if _NAME.fullmatch(folder.name) and folder.is_dir():
            try:
                found.append((folder, manifest.read(folder)[0]))
            except BadManifest:
                continue  # not one of ours, or one that somebody should look at
    return sorted(found, key=lambda pair: (pair[1].began_at, pair[0].name))


def prune(target: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; answers what was removed."""
    gone = [folder for folder, _ in backups(target)[:-keep]]
    for folder in gone:
        doomed = folder.with_name(f".{folder.name}{_UNDER_WAY}")
        folder.rename(doomed)  # so that one that is half removed is not taken for a backup
        shutil.rmtree(doomed)
    return gone


def _stamp(moment: datetime) -> str:
    return f"consilium-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _sweep(target: Path, now: datetime) -> None:
    """Remove what backups left that were killed; a day old, so that none under way is touched."""
    for left in target.glob(f".consilium-*{_UNDER_WAY}"):
        if datetime.fromtimestamp(left.stat().st_mtime, UTC) < now - timedelta(days=1):
            shutil.rmtree(left)


def _room(source: Path, target: Path) -> None:
    """Say no before copying for minutes. The write-ahead log counts: its pages will be in the copy."""
    log = source.with_name(source.name + "-wal")
    needed = source.stat().st_size + (log.stat().st_size if log.exists() else 0)
    free = shutil.disk_usage(target).free
    if free < needed:
        raise CopyFailed(f"{target} has {_megabytes(free)} free, and the copy needs {_megabytes(needed)}.")


def _put(part: Path, folder: Path) -> Path:
    """Give the finished folder its name, or the next free one: a rename never replaces a folder with files in it."""
    for number in range(1, 1000):
        named = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        if not named.exists():
            return part.rename(named)
    raise CopyFailed(f"{folder} is there already.")


def _describe(copied: Path, settings: Settings, began: datetime) -> Manifest:
    connection = sqlite3.connect(copied)
    try:
        count, seal = manifest.audit_head(connection)
        described = Manifest(
            format=FORMAT,
            version=manifest.version(),
            began_at=began.isoformat(timespec="seconds"),
            ended_at="",
            sha256="",
            size=0,
            schema=manifest.schema(connection),
            counts=manifest.counts(connection),
            audit_count=count,
            audit_seal=seal,
            keys=manifest.keys(connection, settings.integrity_keys),
            public_url=settings.public_url,
        )
    except sqlite3.Error as error:
        raise CopyFailed(f"the copy could not be read: {error}.") from error
    finally:
        connection.close()
    return _finished(described, copied)


def _finished(described: Manifest, copied: Path) -> Manifest:
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(described, ended_at=ended, sha256=manifest.sha256(copied), size=copied.stat().st_size)


def _megabytes(count: int) -> str:
    return f"{max(1, round(count / 1_000_000))} MB"
