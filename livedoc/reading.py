"""Reads documents from the log, and believes only what is sealed.

Opening costs the newest snapshot and the edits after it. A snapshot that does not hold is passed over for an older
one, or the whole log. From the first edit that does not hold on, nothing is believed: the state before it is the last
good one.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from livedoc import tables
from livedoc.chain import BEGINNING, Chain
from livedoc.records import Damage, Entry, History, Snapshot
from models.seals import UnknownKey

log = logging.getLogger(__name__)

ANY = 2**31 - 1
"""A seq that no edit has."""
MISSING = "an edit is missing"
CHANGED = "an edit was changed or moved"
HEAD = "the document's head was changed, or its last edits are missing"
NO_BASE = "the state that the epoch begins with is missing or was changed"


@dataclass(frozen=True, slots=True)
class Logged:
    """An edit as it is read back, with its seal."""

    entry: Entry
    seal: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """A document's row: where its log ends."""

    epoch: int
    seq: int
    text_seq: int
    seal: bytes


@dataclass(frozen=True, slots=True)
class Tail:
    """Edits that follow each other and hold, the seal of the last, and what is wrong with the next."""

    edits: list[Logged]
    chain: bytes
    damage: Damage | None


def head(connection: Connection, document_id: int) -> Head | None:
    of = tables.documents.c
    row = connection.execute(select(of.epoch, of.seq, of.text_seq, of.seal).where(of.id == document_id)).one_or_none()
    return Head(*row) if row else None


def places(connection: Connection, document_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The epoch and seq of some documents."""
    if not document_ids:
        return {}
    of = tables.documents.c
    rows = connection.execute(select(of.id, of.epoch, of.seq).where(of.id.in_(document_ids)))
    return {document_id: (epoch, seq) for document_id, epoch, seq in rows}


def history(connection: Connection, chain: Chain, document_id: int) -> History | None:
    """The whole document as far as it can be believed. None when there is none."""
    found = head(connection, document_id)
    if found is None:
        return None
    read = state(connection, chain, document_id, found.epoch, found.seq)
    if read.damage is None and not _holds(chain, document_id, found, read.chain):
        read = replace(read, damage=Damage(found.seq + 1, HEAD))
    of = tables.clients.c
    authors = connection.execute(select(of.client_id, of.user_id).where(of.document_id == document_id))
    return replace(read, epoch=found.epoch, text_seq=found.text_seq, authors=dict(authors.all()))


def state(connection: Connection, chain: Chain, document_id: int, epoch: int, until: int) -> History:
    """What makes the state at `until`, or the last good one before; without authors."""
    base = next(believed_snapshots(connection, chain, document_id, epoch, until), None)
    since, updates, place = 0, list[bytes](), BEGINNING
    halves: dict[int, set[int]] = {}
    if base is not None:
        snapshot, place = base
        since, updates, halves = snapshot.seq, [snapshot.state], _halves(snapshot)
    elif epoch > 1:
        former = state(connection, chain, document_id, epoch_before(connection, document_id, epoch), ANY)
        return replace(former, damage=Damage(former.seq + 1, NO_BASE))
    tail = believed_tail(connection, chain, document_id, epoch, since, until, place)
    updates += [logged.entry.update for logged in tail.edits]
    seq = since + len(tail.edits)
    read = History(epoch, seq, 0, since, updates, tail.chain, {}, halves, damage=tail.damage)
    if base is None or tail.edits:
        return read
    clocks = {int(client): clock for client, clock in base[0].clocks.items()}
    return replace(read, text=base[0].text, clocks=clocks)


def believed_tail(
    connection: Connection, chain: Chain, document_id: int, epoch: int, after: int, until: int | None, place: bytes
) -> Tail:
    """The edits after a seq whose seal is `place`, as far as they hold."""
    edits: list[Logged] = []
    expected = after + 1
    for logged in logged_edits(connection, document_id, epoch, after, until):
        if logged.entry.seq != expected:
            return Tail(edits, place, Damage(expected, MISSING))
        why = fault(chain, logged, place)
        if why:
            return Tail(edits, place, Damage(expected, why))
        edits.append(logged)
        place = logged.seal
        expected += 1
    is_short = until is not None and until < ANY and expected <= until
    return Tail(edits, place, Damage(expected, MISSING) if is_short else None)


def fault(chain: Chain, logged: Logged, place: bytes) -> str | None:
    """Why an edit does not hold behind the seal before it."""
    try:
        return None if chain.is_update(logged.seal, place, logged.entry) else CHANGED
    except UnknownKey as error:
        return f"key {error} of its seal is not here"


def logged_edits(
    connection: Connection, document_id: int, epoch: int, after: int = 0, until: int | None = None
) -> Iterator[Logged]:
    """The edits of an epoch after a seq, in order, as they stand."""
    of = tables.updates.c
    query = (
        select(of.seq, of.update, of.user_id, of.client_ids, of.at, of.digest)
        .where(of.document_id == document_id, of.epoch == epoch, of.seq > after)
        .order_by(of.seq)
    )
    if until is not None:
        query = query.where(of.seq <= until)
    for seq, update, user_id, client_ids, at, digest in connection.execute(query):
        yield Logged(Entry(document_id, epoch, seq, update, user_id, client_ids, (), at), digest)


def snapshots(
    connection: Connection, document_id: int, epoch: int, until: int | None = None
) -> Iterator[tuple[Snapshot, bytes, bytes]]:
    """The snapshots of an epoch as they stand, newest first, each with its place in the chain and its seal."""
    of = tables.snapshots.c
    seqs = select(of.seq).where(of.document_id == document_id, of.epoch == epoch).order_by(of.seq.desc())
    if until is not None:
        seqs = seqs.where(of.seq <= until)
    for seq in connection.scalars(seqs).all():
        row = connection.execute(
            select(of.state, of.text, of.clocks, of.halves, of.at, of.chain, of.digest).where(
                of.document_id == document_id, of.epoch == epoch, of.seq == seq
            )
        ).one()
        yield (
            Snapshot(document_id, epoch, seq, row.state, row.text, row.clocks, row.halves, row.at),
            row.chain,
            row.digest,
        )


def believed_snapshots(
    connection: Connection, chain: Chain, document_id: int, epoch: int, until: int
) -> Iterator[tuple[Snapshot, bytes]]:
    for snapshot, place, seal in snapshots(connection, document_id, epoch, until):
        try:
            holds = chain.is_snapshot(seal, place, snapshot)
        except UnknownKey:
            holds = False
        if holds:
            yield snapshot, place
        else:
            log.error("document %d: the snapshot at seq %d does not hold and is passed over", document_id, snapshot.seq)


def epoch_began(connection: Connection, document_id: int, epoch: int) -> datetime | None:
    """When an epoch after the first began; None for the first."""
    of = tables.snapshots.c
    query = select(of.at).where(of.document_id == document_id, of.epoch == epoch).order_by(of.seq).limit(1)
    return connection.scalar(query) if epoch > 1 else None


def beginning(connection: Connection, document_id: int, epoch: int) -> tuple[int, datetime]:
    """At which seq of the former one an epoch after the first began, and when. Raises NoResultFound."""
    of = tables.snapshots.c
    query = select(of.seq, of.at).where(of.document_id == document_id, of.epoch == epoch).order_by(of.seq).limit(1)
    seq, at = connection.execute(query).one()
    return seq, at


def epoch_before(connection: Connection, document_id: int, epoch: int) -> int:
    """The epoch that a later one replaced; numbers may jump."""
    return max((each for each in epochs(connection, document_id) if each < epoch), default=1)


def epochs(connection: Connection, document_id: int) -> list[int]:
    """Every epoch that the log holds something of, in order."""
    found = {1}
    for table in (tables.updates, tables.snapshots):
        query = select(table.c.epoch).where(table.c.document_id == document_id).distinct()
        found.update(connection.scalars(query))
    return sorted(found)


def _holds(chain: Chain, document_id: int, found: Head, last: bytes) -> bool:
    try:
        return chain.is_head(found.seal, last, document_id, found.epoch, found.seq)
    except UnknownKey:
        return False


def _halves(snapshot: Snapshot) -> dict[int, set[int]]:
    return {int(client): set(clocks) for client, clocks in snapshot.halves.items()}
