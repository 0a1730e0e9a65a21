"""`flask record`: whether an exported file is as this clinic made it."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from actions.exports import checking
from actions.exports.checking import Unreadable

record = AppGroup("record", help="Files that left the clinic: patients' copies and full records.")


@record.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def verify(file: Path) -> None:
    """Check all hashes of a file and its seal, and name what was changed, is missing, was added or moved.

    Exit status 0: it is as this clinic made it. 1: it is not. 3: it cannot be checked.
    """
    try:
        found = checking.faults(file.read_bytes(), current_app.extensions["consilium"].seals)
    except Unreadable as error:
        click.echo(str(error), err=True)
        sys.exit(3)
    for line in found:
        click.echo(line)
    if found:
        click.echo(f"Faults found: {len(found)}.", err=True)
        sys.exit(1)
    click.echo("It is as this clinic made it.")
