"""Makes the index of who wrote what where it is missing, as after an upgrade, so that nobody waits for it."""

from datetime import timedelta

from livedoc import letters
from livedoc.log import Log
from livedoc.ports import Runner

EVERY = timedelta(seconds=20)
MOST = 5
"""Documents of one round."""


def catch_up(store: Log, aside: Runner) -> int:
    """How many went on. Raises SQLAlchemyError or DatabaseBusy."""
    with store.engine.connect() as connection:
        found = letters.behind(connection, MOST)
        connection.rollback()
        for document_id, epoch, seq in found:
            letters.follow(connection, store, aside, document_id, epoch, seq)
    return len(found)
