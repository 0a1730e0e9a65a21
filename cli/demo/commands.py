"""`flask demo`: the invented clinic that one can look around in."""

from collections.abc import Callable
from contextlib import ExitStack

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from cli.demo.load import HalfLoaded, OtherPeople, OtherSize, announce
from cli.demo.load import load as load_clinic

demo = AppGroup("demo", help="The demo clinic.")
PARTS = 1000
"""Steps of the progress bar."""


@demo.command("load")
@click.option(
    "--size",
    type=click.Choice(["small", "large"]),
    default="small",
    help="large: with 10,000 more patients and two documents of long histories; takes minutes.",
)
def load(size: str) -> None:
    """Fill an empty database with the demo clinic, and print who can sign in."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with _Bar() as bar:
            is_new = load_clinic(app, large=size == "large", told=bar.told)
    except OtherPeople:
        raise click.ClickException(
            "This database has other people in it. The demo goes into an empty one only: "
            "choose another DATABASE_URL or INSTANCE_DIR."
        ) from None
    except OtherSize:
        raise click.ClickException(
            "The small demo clinic is there already. The large one goes into an empty database: choose another "
            "DATABASE_URL or INSTANCE_DIR."
        ) from None
    except HalfLoaded:
        raise click.ClickException(
            "The demo was loaded only in part. Delete the database, run `flask db upgrade`, and load it again."
        ) from None
    except OperationalError as error:
        raise click.ClickException(f"The database is not ready ({error.orig}). Run `flask db upgrade` first.") from None
    click.echo("The demo clinic is loaded." if is_new else "The demo clinic is there already; nothing was changed.")
    announce(app)


class _Bar:
    """A progress bar that shows once there is progress."""

    def __init__(self) -> None:
        self._shown = ExitStack()
        self._advance: Callable[[int], None] | None = None
        self._done = 0.0
        self._drawn = 0

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_failure: object) -> None:
        self._shown.close()

    def told(self, part: float) -> None:
        """So much of 1 has just been done."""
        if self._advance is None:
            self._advance = self._shown.enter_context(click.progressbar(length=PARTS, label="The clinic's past")).update
        self._done += part * PARTS
        if round(self._done) > self._drawn:
            self._advance(round(self._done) - self._drawn)
            self._drawn = round(self._done)
