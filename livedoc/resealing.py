"""Sealing documents anew, for an installation whose keys are lost for good: what is there is taken as it stands."""

from sqlalchemy import Connection, bindparam, delete, func, select, update

from livedoc import origins, reading, tables
from livedoc.chain import BEGINNING, Chain
from livedoc.records import Origin, Snapshot


def reseal(connection: Connection, chain: Chain) -> int:
    """Seal every edit, snapshot and head behind each other with the present key; answers how many documents.

    Nothing is verified. What a later epoch set aside stays as it is; the index of who wrote what is made again by
    whoever asks for it. The caller ends the transaction.
    """
    connection.execute(delete(tables.authorship))
    documents = connection.scalars(select(tables.documents.c.id).order_by(tables.documents.c.id)).all()
    for document_id in documents:
        head = reading.head(connection, document_id)
        assert head is not None
        place = BEGINNING
        epochs = [epoch for epoch in reading.epochs(connection, document_id) if epoch <= head.epoch]
        for epoch, following in zip(epochs, [*epochs[1:], None], strict=True):
            until = None if following is None else _first_snapshot(connection, document_id, following)
            place = _epoch(connection, chain, document_id, epoch, until, place)
        seal = chain.head(place, document_id, head.epoch, head.seq)
        connection.execute(update(tables.documents).where(tables.documents.c.id == document_id).values(seal=seal))
    return len(documents)


def _epoch(
    connection: Connection, chain: Chain, document_id: int, epoch: int, until: int | None, place: bytes
) -> bytes:
    """Seal one epoch behind `place`; answers the seal of its last edit that counts."""
    snapshots = {each[0].seq: each[0] for each in reading.snapshots(connection, document_id, epoch, until)}
    begins = 0
    if snapshots and epoch > 1:
        begins = min(snapshots)
        _seal_snapshot(connection, chain, snapshots[begins], place)
    said = origins.kept(connection, document_id, epoch)
    rows = []
    for logged in list(reading.logged_edits(connection, document_id, epoch, begins, until)):
        place = chain.update(place, logged.entry)
        rows.append({"of_seq": logged.entry.seq, "seal": place})
        if logged.entry.seq in said:
            _seal_origin(connection, chain, said[logged.entry.seq].origin, place)
        if logged.entry.seq in snapshots:
            _seal_snapshot(connection, chain, snapshots[logged.entry.seq], place)
    if rows:
        of = tables.updates.c
        connection.execute(
            update(tables.updates)
            .where(of.document_id == document_id, of.epoch == epoch, of.seq == bindparam("of_seq"))
            .values(digest=bindparam("seal")),
            rows,
        )
    return place


def _seal_snapshot(connection: Connection, chain: Chain, snapshot: Snapshot, place: bytes) -> None:
    of = tables.snapshots.c
    connection.execute(
        update(tables.snapshots)
        .where(of.document_id == snapshot.document_id, of.epoch == snapshot.epoch, of.seq == snapshot.seq)
        .values(chain=place, digest=chain.snapshot(place, snapshot))
    )


def _seal_origin(connection: Connection, chain: Chain, origin: Origin, place: bytes) -> None:
    of = tables.origins.c
    connection.execute(
        update(tables.origins)
        .where(of.document_id == origin.document_id, of.epoch == origin.epoch, of.seq == origin.seq)
        .values(seal=chain.origin(place, origin))
    )


def _first_snapshot(connection: Connection, document_id: int, epoch: int) -> int | None:
    """The seq at which an epoch began."""
    of = tables.snapshots.c
    query = select(func.min(of.seq)).where(of.document_id == document_id, of.epoch == epoch)
    found: int | None = connection.scalar(query)
    return found
