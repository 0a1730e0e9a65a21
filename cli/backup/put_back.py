"""Restoring: everything is checked and renewed on a copy, which then takes the place of the present database."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from alembic.util import CommandError
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from actions import resealing, restorations
from actions.audit_chain import Head
from actions.restorations import Renewed
from actions.unit_of_work import Units
from cli.backup import source, swap
from cli.backup.source import Unfit
from cli.backup.standing import standing
from cli.backup.verification import verify
from config import Settings
from models.base import db

Say = Callable[[str], None]
MOST_LINES = 20
"""Lines of what does not verify that are shown."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody insists on: `replaces` people who are there (they are kept beside); goes on `despite` chains that
    are broken; `keys_lost`: seals what is there anew, unverified."""

    replaces: bool = False
    despite: bool = False
    keys_lost: bool = False


class NotEmpty(Exception):
    """There are people in the present database, and nobody said that it may be replaced."""


def put_back(folder: Path, present: Path, settings: Settings, terms: Terms, say: Say) -> Renewed:
    """Restore the backup in `folder` to `present`, which nobody serves; the caller holds the lock.

    Raises Unfit, NotEmpty, Served or OSError; the present database is then as it was.
    """
    told = source.inspect(folder, settings.integrity_keys, keys_lost=terms.keys_lost)
    before = standing(present)
    if before.people != 0 and not terms.replaces:
        raise NotEmpty
    if present.exists():
        swap.close_up(present)
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    work = present.with_name(f".{present.name}.restoring-{stamp}")
    try:
        present.parent.mkdir(parents=True, exist_ok=True)
        source.lay_out(folder, told, work)
        with opened(work, settings) as app:
            migrate(app)
            printed = [Head(told.audit_count, bytes.fromhex(told.audit_seal))] if told.audit_seal else []
            renewed = check_and_renew(app, terms, say, f"backup of {told.began_at}", before.epoch, printed)
        swap.close_up(work)
        is_whole = swap.close_up(present) if present.exists() else True
        aside = present.with_name(f"{present.name}.replaced-{stamp}") if before.people != 0 or not is_whole else None
        swap.swap(work, present, aside)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            work.with_name(work.name + ending).unlink(missing_ok=True)
    if aside is not None:
        say(f"The database that was here is kept as {aside}. Delete it when nothing in it is missed.")
        for email in sorted(before.disabled & standing(present).enabled):
            say(f"{email} was disabled after the backup and can sign in again: disable it anew.")
    return renewed


def check_and_renew(
    app: Flask, terms: Terms, say: Say, origin: str, elsewhere: int = 0, printed: Iterable[Head] = ()
) -> Renewed:
    """Verify an application's database, and only then put it under new epochs and end its sessions. Raises Unfit."""
    with app.app_context():
        house = app.extensions["consilium"]
        if terms.keys_lost:
            _seal_anew(house.units, say)
        found = verify(house.seals, say, () if terms.keys_lost else printed)
        for line in found.lines[:MOST_LINES]:
            say(f"  {line}")
        if len(found.lines) > MOST_LINES:
            say(f"  and {len(found.lines) - MOST_LINES} more")
        if found.nothing_holds:
            raise Unfit("nothing in it verifies: the integrity keys here are not those it needs.")
        if found.lines and not terms.despite:
            raise Unfit("it does not verify. Use an older backup, or --despite-damage to restore it all the same.")
        say("Beginning a new epoch in each ...")
        with house.units.begin(None) as work:
            epoch = restorations.fresh_epoch(work, elsewhere)
            renewed = restorations.renew(work, epoch, origin, found.damaged)
        db.session.remove()
        return renewed


def _seal_anew(units: Units, say: Say) -> None:
    say("Sealing everything anew: what was changed before now can no longer be noticed.")
    try:
        with units.begin(None) as work:
            resealing.reseal(work)
    except resealing.Gap as error:
        raise Unfit(f"row {error} of its audit is missing.") from error


@contextmanager
def opened(database: Path, settings: Settings) -> Iterator[Flask]:
    """An application over a database file, closed behind the block."""
    from app import create_app

    app = create_app(replace(settings, database_url=f"sqlite:///{database}"))
    try:
        yield app
    finally:
        app.extensions["consilium"].shutdown()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def migrate(app: Flask) -> None:
    """Bring an application's database to the present schema. Raises Unfit."""
    try:
        with app.app_context():
            upgrade()
            db.session.remove()
    except (SQLAlchemyError, CommandError) as error:
        raise Unfit(f"it cannot be brought to this version's schema: {error}") from error
