"""Writes a long history into a document's log: every edit sealed, and a snapshot so that it opens like any other."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import update

from actions.unit_of_work import Work
from cli.demo.large.histories import History
from livedoc import log
from livedoc.chain import BEGINNING, Chain
from livedoc.compaction import compact
from livedoc.records import Entry
from models.document import Document

AT_ONCE = 5_000
"""Edits of one transaction."""


class OtherText(Exception):
    """The CRDT makes another text of the history than was meant: nothing after that would be true."""


class Telling:
    """A history on its way into an empty document; `go_on` until it answers False, then `conclude`.

    `authors` are the user ids of those who write; `times` the moments of the edits, as many as there are.
    """

    def __init__(self, document_id: int, history: History, authors: Sequence[int], times: Iterator[datetime]) -> None:
        self._document_id = document_id
        self._history = history
        self._made = history.edits()
        self._authors = authors
        self._times = times
        self._seen: set[int] = set()
        self._updates: list[bytes] = []
        self._place = BEGINNING

    def go_on(self, work: Work) -> bool:
        """Write the next edits; whether there were any."""
        entries = []
        for made in islice(self._made, AT_ONCE):
            client = [] if made.client is None else [made.client]
            newcomers = [each for each in client if each not in self._seen]
            self._seen.update(newcomers)
            self._updates.append(made.update)
            author, at = self._authors[made.author], next(self._times)
            seq = len(self._updates)
            entries.append(Entry(self._document_id, 1, seq, made.update, author, client, newcomers, at))
        if entries:
            places = {self._document_id: self._place}
            self._place = log.append(work.session.connection(), Chain(work.seals), entries, places)[self._document_id]
        return bool(entries)

    def conclude(self, work: Work) -> None:
        """Store the snapshot and the text. Raises OtherText."""
        made = compact(self._updates)
        if made.text != self._history.text:
            raise OtherText
        seq, connection = len(self._updates), work.session.connection()
        snapshot = made.at(self._document_id, 1, seq, work.now)
        log.keep_within(connection, Chain(work.seals), snapshot, self._place)
        connection.execute(
            update(Document).where(Document.id == self._document_id).values(text=made.text, text_seq=seq)
        )
