"""`flask demo`: the invented clinic that one can look around in."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from cli.demo.load import HalfLoaded, OtherPeople, announce
from cli.demo.load import load as load_clinic

demo = AppGroup("demo", help="The demo clinic.")


@demo.command("load")
def load() -> None:
    """Fill an empty database with the demo clinic, and print who can sign in."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        is_new = load_clinic(app)
    except OtherPeople:
        raise click.ClickException(
            "This database has other people in it. The demo goes into an empty one only: "
            "choose another DATABASE_URL or INSTANCE_DIR."
        ) from None
    except HalfLoaded:
        raise click.ClickException(
            "The demo was loaded only in part. Delete the database, run `flask db upgrade`, and load it again."
        ) from None
    except OperationalError as error:
        raise click.ClickException(f"The database is not ready ({error.orig}). Run `flask db upgrade` first.") from None
    click.echo("The demo clinic is loaded." if is_new else "The demo clinic is there already; nothing was changed.")
    announce(app)
