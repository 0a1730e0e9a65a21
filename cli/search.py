"""`flask search`: the index of words that searches use."""

import time

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from actions import search_index
from models.base import db

search = AppGroup("search", help="The search index.")


@search.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Make the search index anew from what it is about.

    It may run beside the server; until it is done, searches find less than there is.
    """
    began = time.monotonic()
    try:
        found = search_index.rebuild(db.engine)
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be written ({error.orig}).") from None
    counts = ", ".join(f"{count:,} {kind}s" for kind, count in found.items())
    click.echo(f"Indexed {counts} in {time.monotonic() - began:.0f} s.")
