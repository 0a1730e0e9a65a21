"""Edits that the server makes for a person: a document's first words, the plain form, imports.

They are appended inside the caller's unit of work, and applied and broadcast after its commit.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from livedoc import log, origins
from livedoc.chain import BEGINNING, Chain
from livedoc.difference import Splice, splices
from livedoc.document import MAX_TEXT, LiveDocument
from livedoc.hub import Hub
from livedoc.offsets import utf8_length
from livedoc.origins import Source
from livedoc.records import Entry
from livedoc.refusals import Code, Refused, malformed
from livedoc.replica import FIRST_WORDS_CLIENT, Replica, own_client_id
from models.document import Document
from models.seals import Seals


class WorkLike(Protocol):
    """What an edit needs of a unit of work."""

    @property
    def session(self) -> Session: ...
    @property
    def now(self) -> datetime: ...
    @property
    def seals(self) -> Seals: ...
    def after_commit(self, hook: Callable[[], None]) -> None: ...


def create(work: WorkLike, text: str, user_id: int) -> Document:
    """A new live document; a `text` is its first edit. The row is flushed, so that it has its id."""
    document = Document(epoch=1, seq=0, text="", text_seq=0, changed_at=work.now, changed_by_id=user_id, seal=b"")
    work.session.add(document)
    work.session.flush()
    chain = Chain(work.seals)
    document.seal = chain.head(BEGINNING, document.id, 1, 0)
    if text:
        work.session.flush()
        first = Entry(document.id, 1, 1, first_update(text), user_id, [FIRST_WORDS_CLIENT], (), work.now)
        log.append(work.session.connection(), chain, [first], {document.id: BEGINNING})
        work.session.refresh(document)
        document.text, document.text_seq = text, 1
    return document


@lru_cache(maxsize=32)
def first_update(text: str) -> bytes:
    """The edit that a document begins with."""
    return Replica(client_id=FIRST_WORDS_CLIENT).splice([Splice(0, 0, text)], "")


def replace(
    work: WorkLike,
    hub: Hub,
    document_id: int,
    base_epoch: int,
    base_seq: int,
    new_text: str,
    user_id: int,
    source: Source | None = None,
) -> int:
    """Turn what somebody changed since (`base_epoch`, `base_seq`) into one edit that merges with what came after.

    `source` says whose the words of the new text are, when they are not the person's own. The unit of work must have
    named the document. Answers the document's seq after the edit. Raises Refused:
    `stale_epoch`, `malformed` (a base that never was, or a character that cannot be kept), `too_large`.
    """
    document = hub.held(document_id)
    hub.catch_up(document)
    new_text = with_plain_lines(new_text)
    assert source is None or sum(share.length for share in source.whose) == len(new_text)
    if "\0" in new_text:
        raise malformed("a character that cannot be kept")
    try:
        size = utf8_length(new_text)
    except UnicodeEncodeError as error:
        raise malformed("half a character") from error
    if size > MAX_TEXT:
        raise Refused(Code.TOO_LARGE, "the text is too long")
    if document.damage is not None:
        raise Refused(Code.FORBIDDEN, "the document is damaged and can only be read")
    if base_epoch != document.epoch:
        raise Refused(Code.STALE_EPOCH, "the document has another history now")
    if not 0 <= base_seq <= document.seq:
        raise malformed("a base that never was")
    made = _update_from(hub, document, base_seq, new_text)
    if made is None:
        return document.seq
    entry = Entry(document.id, document.epoch, document.seq + 1, made.update, user_id, [made.client], (), work.now)
    try:
        seals = log.append(work.session.connection(), hub.log.chain, [entry], {document.id: document.chain})
    except log.Behind as error:
        raise Refused(Code.UNAVAILABLE, "another process wrote at the same time") from error
    if source is not None:
        origins.note(work.session.connection(), hub.log.chain, entry, seals[document.id], source, made.changes)
    _keep_text(work, document, entry)
    work.after_commit(lambda: hub.entered(document, entry, seals[document.id]))
    return entry.seq


def with_plain_lines(text: str) -> str:
    """With line ends as documents have them: forms send others."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _keep_text(work: WorkLike, document: LiveDocument, entry: Entry) -> None:
    """The page that follows a form renders the kept text: it holds the edit at once."""
    text = Replica([document.update(), entry.update]).text()
    work.session.execute(update(Document).where(Document.id == document.id).values(text=text, text_seq=entry.seq))


class _Made(NamedTuple):
    """An edit, the client id it is made under, and what it changes of its base."""

    update: bytes
    client: int
    changes: Sequence[Splice]


def _update_from(hub: Hub, document: LiveDocument, base_seq: int, new_text: str) -> _Made | None:
    """The edit that turns the text at `base_seq` into `new_text`."""
    base = hub.log.state(document.id, document.epoch, base_seq)
    client_id = own_client_id()
    replica = Replica(base.updates, client_id=client_id)
    before = replica.text()
    changes = splices(before, new_text)
    if not changes:
        return None
    made = replica.splice(changes, before)
    if document.size() + utf8_length(new_text) - utf8_length(before) > MAX_TEXT:
        raise Refused(Code.TOO_LARGE, "the text would be too long")
    return _Made(made, client_id, changes)
