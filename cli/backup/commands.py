"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import URL

from cli.backup.copying import CopyFailed
from cli.backup.in_place import renew_present
from cli.backup.put_back import NotEmpty, Terms, put_back
from cli.backup.source import Unfit
from cli.backup.take import prune, take
from cli.installation import database, plain_address, settings, sqlite_file, units
from cli.serving_lock import Served, alone, lock_file


@click.command("backup")
@click.argument("target", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Afterwards remove all but the newest N backups in TARGET.")
@with_appcontext
def backup(target: Path | None, keep: int | None) -> None:
    """Copy the database into a new folder below TARGET, while people work.

    TARGET is INSTANCE_DIR/backups when it is not given. The copy is checked before it counts. Integrity keys and
    SECRET_KEY are not in it: keep a copy of them apart from the backups.
    """
    source = sqlite_file(database())
    if source is None:
        raise click.ClickException(_pg_dump(database()))
    target = (target or settings().instance_dir / "backups").resolve()
    try:
        folder, made = take(source, target, settings(), units().clock())
    except CopyFailed as error:
        raise click.ClickException(f"No backup was made: {error}") from None
    click.echo(f"{folder}: {made.size / 1_000_000:.1f} MB, schema {made.schema or 'none'}, checked.")
    if made.keys:
        numbers = ", ".join(made.keys)
        click.echo(
            f"Restoring it needs integrity key {numbers}, which is not in it: keep a copy of the keys elsewhere."
        )
    for gone in prune(target, keep) if keep else []:
        click.echo(f"Removed {gone.name}.")


@click.command("restore")
@click.argument("source", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a database with people in it; it is kept beside the new one.")
@click.option("--in-place", is_flag=True, help="The present database was put back by pg_restore: verify and renew it.")
@click.option("--despite-damage", is_flag=True, help="Go on when documents or audit rows do not verify.")
@click.option("--keys-lost", is_flag=True, help="The integrity keys are lost for good: seal all anew, unverified.")
@with_appcontext
def restore(source: Path | None, replace: bool, in_place: bool, despite_damage: bool, keys_lost: bool) -> None:
    """Put the backup in the folder SOURCE back, while nothing is served.

    Everything is verified before anything is changed. Afterwards every document has a new epoch, so that nobody's
    browser merges an older history into it, and everyone signs in anew.
    """
    if (source is None) != in_place:
        raise click.UsageError("Name the folder of a backup, or say --in-place.")
    terms = Terms(replace, despite_damage, keys_lost)
    present = sqlite_file(database())
    if source is not None and present is None:
        raise click.ClickException(_pg_restore(database()))
    try:
        with alone(lock_file(database(), settings().instance_dir)):
            if source is None:
                renewed = renew_present(terms, click.echo)
            else:
                assert present is not None
                renewed = put_back(source, present, settings(), terms, click.echo)
    except Served:
        raise click.ClickException("A server works on this database. Stop it first.") from None
    except NotEmpty:
        raise click.ClickException(
            f"There are people in {present}. To replace it (it is kept beside the new one), say --replace."
        ) from None
    except Unfit as error:
        raise click.ClickException(f"Nothing was restored: {error}") from None
    except OSError as error:
        raise click.ClickException(f"Nothing was restored: {error.strerror or error}.") from None
    click.echo(
        f"Restored: {renewed.documents} documents under a new epoch, {renewed.sessions} sessions ended, "
        f"{renewed.links} unused one-time links void."
    )


def _pg_dump(url: URL) -> str:
    kept = "consilium-$(date -u +%Y%m%dT%H%M%SZ).dump"
    return (
        "This installation is on PostgreSQL, whose own tool makes the copy while people work:\n"
        f"  pg_dump --format=custom --no-owner --file={kept} '{plain_address(url)}'\n"
        "It asks for the password, or takes it from ~/.pgpass. docs/operations.md tells how to restore it."
    )


def _pg_restore(url: URL) -> str:
    return (
        "This installation is on PostgreSQL. Stop the server, put the dump into an empty database with\n"
        f"  pg_restore --no-owner --exit-on-error --dbname='{plain_address(url)}' FILE.dump\n"
        "and let it be verified and renewed before it is served:\n"
        "  flask restore --in-place"
    )
