"""`flask documents`: are the logs of the live documents as they were written, and what to do when one is not."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from livedoc import epochs, verification
from livedoc.chain import Chain
from models.base import db

documents = AppGroup("documents", help="The live documents and their logs.")


@documents.command("verify")
@click.argument("document_id", type=int, required=False)
@with_appcontext
def verify(document_id: int | None) -> None:
    """Check every edit and snapshot of every document, or of one, and name what does not hold.

    Exit status 0: all hold. 1: something does not. A document that does not hold opens read-only at its last good
    state; `flask documents repair` makes it writable again.
    """
    chain = Chain(current_app.extensions["consilium"].seals)
    found = 0
    with db.engine.connect() as connection:
        ids = verification.document_ids(connection)
        if document_id is not None:
            if document_id not in ids:
                raise click.ClickException(f"There is no document {document_id}.")
            ids = [document_id]
    with click.progressbar(ids, label="Documents", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        for each in shown:
            with verification.one_moment(db.engine) as connection:
                for finding in verification.of_document(connection, chain, each):
                    click.echo(str(finding))
                    found += 1
    if found:
        click.echo(f"Faults found: {found}. A damaged document opens read-only at its last good state.", err=True)
        sys.exit(1)
    click.echo("1 document holds." if len(ids) == 1 else f"{len(ids)} documents hold.")


@documents.command("repair")
@click.argument("document_id", type=int)
@with_appcontext
def repair(document_id: int) -> None:
    """Make a damaged document writable again, with its last good state.

    What does not hold stays in the log, set aside. Who has the document open hears of it with the next edit, or
    when they open it anew.
    """
    house = current_app.extensions["consilium"]
    try:
        with house.units.begin(None) as work:
            good, damage = epochs.repair(work.session.connection(), Chain(house.seals), document_id, work.now)
            work.record("repair", f"document:{document_id}", epoch=good.epoch + 1, seq=good.seq)
    except LookupError:
        raise click.ClickException(f"There is no document {document_id}.") from None
    except epochs.Sound:
        raise click.ClickException(f"Document {document_id} needs no repair.") from None
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be written ({error.orig}).") from None
    click.echo(f"Document {document_id} goes on from edit {good.seq}. At edit {damage.seq}, {damage.why}.")
