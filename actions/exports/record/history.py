"""Who wrote in each text and when: every edit of its log, some hundred in an entry.

An edit is told by its seal, which is made with the clinic's key: a hash of its bytes would tell the letter that was
typed to whoever tries the few that it can be. `consilium documents verify` checks the log itself.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from actions.exports.record import tables
from actions.exports.record.rows import Names
from actions.exports.sealed import Entry
from livedoc import tables as log

BLOCK = 500
"""Edits in an entry."""


def entries(connection: Connection, patient_id: int, known: Names) -> Iterator[Entry]:
    of = log.updates.c
    documents = connection.scalars(
        select(tables.table("documents").c.id).where(tables.of("documents", patient_id)).order_by("id")
    ).all()
    for document_id in documents:
        query = (
            select(of.epoch, of.seq, of.at, of.user_id, of.digest)
            .where(of.document_id == document_id)
            .order_by(of.epoch, of.seq)
        )
        for rows in connection.execute(query, execution_options={"yield_per": BLOCK}).partitions(BLOCK):
            first, last = rows[0], rows[-1]
            known.met.update(row.user_id for row in rows)
            yield {
                "id": f"history:{document_id}/{first.epoch}.{first.seq}-{last.epoch}.{last.seq}",
                "document": f"documents:{document_id}",
                "columns": ["epoch", "seq", "at", "person", "seal"],
                "edits": [[row.epoch, row.seq, row.at, row.user_id, row.digest.hex()] for row in rows],
            }
