"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import URL

from cli.backup.copying import CopyFailed
from cli.backup.take import prune, take
from cli.installation import database, plain_address, settings, sqlite_file, units


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
        folder, made = take(source, target, settings().public_url, units().clock())
    except CopyFailed as error:
        raise click.ClickException(f"No backup was made: {error}") from None
    click.echo(f"{folder}: {made.bytes / 1_000_000:.1f} MB, schema {made.schema or 'none'}, checked.")
    if made.keys:
        numbers = ", ".join(map(str, made.keys))
        click.echo(
            f"Restoring it needs integrity key {numbers}, which is not in it: keep a copy of the keys elsewhere."
        )
    for gone in prune(target, keep) if keep else []:
        click.echo(f"Removed {gone.name}.")


def _pg_dump(url: URL) -> str:
    kept = "consilium-$(date -u +%Y%m%dT%H%M%SZ).dump"
    return (
        "This installation is on PostgreSQL, whose own tool makes the copy while people work:\n"
        f"  pg_dump --format=custom --no-owner --file={kept} '{plain_address(url)}'\n"
        "It asks for the password, or takes it from ~/.pgpass. docs/operations.md tells how to restore it."
    )
