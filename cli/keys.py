"""`flask keys`: new keys in time, without losing what the former ones hold together."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from cli.backup.copying import sync
from cli.backup.manifest import fingerprint
from cli.installation import settings, units

MOST = 255
"""The number of the last integrity key there can be."""

keys = AppGroup("keys", help="The keys that sign cookies, and those that seal the audit and the documents' logs.")


@keys.command("list")
@with_appcontext
def show() -> None:
    """Which keys there are, by fingerprint, and where they are kept."""
    sealing = max(settings().integrity_keys)
    for number, key in sorted(settings().integrity_keys.items()):
        what = "seals and verifies" if number == sealing else "verifies"
        click.echo(
            f"integrity key {number}  {fingerprint(key)}  {what}  ({_place('INTEGRITY_KEYS', 'integrity-keys')})"
        )
    place = _place("SECRET_KEY", "secret-key")
    click.echo(f"SECRET_KEY       {fingerprint(settings().secret_key.encode())}  signs  ({place})")
    for former in settings().secret_key_fallbacks:
        click.echo(f"SECRET_KEY       {fingerprint(former.encode())}  verifies")


@keys.command("rotate")
@click.option("--cookies", is_flag=True, help="SECRET_KEY instead of the integrity key.")
@click.option(
    "--leaked", is_flag=True, help="With --cookies: the former key verifies nothing, so everyone signs in anew."
)
@with_appcontext
def rotate(cookies: bool, leaked: bool) -> None:
    """Add an integrity key that seals from the next start on; the former ones go on verifying, and are kept for good.

    Keys that come from the environment are not written anywhere: what to set is printed.
    """
    if leaked and not cookies:
        raise click.UsageError("An integrity key verifies what it sealed for good, so --leaked goes with --cookies.")
    try:
        _rotate_secret(leaked) if cookies else _rotate_integrity()
    except OSError as error:
        raise click.ClickException(f"No key was changed: {error.strerror or error}.") from None
    except SQLAlchemyError:
        raise click.ClickException("No key was changed: the database does not answer.") from None


def _rotate_integrity() -> None:
    present = settings().integrity_keys
    number = max(present) + 1
    if number > MOST:
        raise click.ClickException(f"There are {MOST} keys already, and no number is left.")
    fresh = secrets.token_urlsafe(48)
    if os.environ.get("INTEGRITY_KEYS"):
        click.echo(f"Append to INTEGRITY_KEYS, behind what is there:\n  ,{number}:{fresh}")
    else:
        file = settings().instance_dir / "integrity-keys"
        kept = file.read_text().splitlines()
        _record("integrity", number, lambda: _write(file, [*kept, f"{number} {fresh}"]))
        click.echo(f"Integrity key {number} is in {file}.")
    click.echo("Restart the server, then copy the keys anew to where they are kept apart from the backups.")


def _rotate_secret(leaked: bool) -> None:
    fresh = secrets.token_urlsafe(48)
    former = [] if leaked else [settings().secret_key]
    if os.environ.get("SECRET_KEY"):
        fallbacks = "leave SECRET_KEY_FALLBACKS empty" if leaked else "put the present one into SECRET_KEY_FALLBACKS"
        click.echo(f"Set SECRET_KEY to this, and {fallbacks}:\n  {fresh}")
    else:
        file = settings().instance_dir / "secret-key"
        _record("cookies", None, lambda: _write(file, [fresh, *former]))
        click.echo(f"A new SECRET_KEY is in {file}" + ("." if leaked else "; cookies of the former one still hold."))
    click.echo("Restart the server." + (" Everyone signs in anew." if leaked else ""))


def _record(which: str, number: int | None, write: Callable[[], None]) -> None:
    """Change a file of keys and leave a row that says so, or neither."""
    with units().begin(None) as work:
        work.record("rotate", f"keys:{which}", number=number)
        work.session.flush()
        write()


def _write(file: Path, lines: list[str]) -> None:
    """Put lines in the place of a file at once, for its owner alone to read."""
    owner = file.stat()
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
        opened.write("\n".join(lines) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    if os.geteuid() == 0:
        os.chown(fresh, owner.st_uid, owner.st_gid)
    fresh.replace(file)
    sync(file.parent)


def _place(setting: str, file: str) -> str:
    return setting if os.environ.get(setting) else str(settings().instance_dir / file)
