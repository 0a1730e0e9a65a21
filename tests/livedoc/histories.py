"""Random histories of several people, and what replaying them one edit at a time says of who wrote what."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pycrdt import Doc, Text, UndoManager, merge_updates
from sqlalchemy import select

from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.submission import Submission
from models.base import db
from models.document import Document, DocumentSnapshot, DocumentUpdate

LETTERS = ("a", "bc ", "é", "日本", "😀", "👩‍⚕️", "\n", "- ", "pain. ")


class Typist:
    """One person's browser: a replica with undo, which may lag behind."""

    def __init__(self, client_id: int, user_id: int, state: bytes) -> None:
        self.client_id, self.user_id = client_id, user_id
        self.doc: Doc[Any] = Doc(client_id=client_id)
        self.body: Text = self.doc.get("body", type=Text)
        self.doc.apply_update(state)
        self._made: list[bytes] = []
        self._own = False
        self._watch = self.doc.observe(lambda event: self._made.append(event.update) if self._own else None)
        self.undo = UndoManager(scopes=[self.body], capture_timeout_millis=0)
        self.undo.include_origin(self.client_id)
        self.inbox: list[bytes] = []

    def act(self, rng: random.Random) -> None:
        text = str(self.body)
        chance = rng.random()
        with_undo = chance < 0.12 and self.undo.can_undo()
        self._own = True
        if with_undo:
            self.undo.undo()
        elif chance < 0.16 and self.undo.can_redo():
            self.undo.redo()
        else:
            with self.doc.transaction(origin=self.client_id):
                if text and chance < 0.4:
                    start = rng.randrange(len(text))
                    end = min(len(text), start + rng.choice((1, 1, 1, 2, 5, 20)))
                    del self.body[len(text[:start].encode()) : len(text[:end].encode())]
                else:
                    at = rng.randint(0, len(text))
                    self.body.insert(len(text[:at].encode()), "".join(rng.choices(LETTERS, k=rng.randint(1, 4))))
        self._own = False

    def take(self) -> bytes | None:
        """What was made since the last time."""
        made, self._made = self._made, []
        return merge_updates(*made) if made else None

    def receive(self) -> None:
        waiting, self.inbox = self.inbox, []
        for update in waiting:
            self.doc.apply_update(update)


class Mailboxes:
    """A broadcaster that keeps what each typist would hear."""

    def __init__(self) -> None:
        self.typists: list[Typist] = []

    def updated(self, document_id, since, seq, update, by, only_author) -> None:  # type: ignore[no-untyped-def]
        for typist in self.typists:
            if typist.client_id != only_author:
                typist.inbox.append(update)

    def reset(self, document_id, epoch) -> None:  # type: ignore[no-untyped-def]
        self.typists = []


def send(hub: Hub, document: LiveDocument, typist: Typist) -> None:
    update = typist.take()
    if update is not None:
        hub.submit(document, document.epoch, Submission(update, typist.user_id, typist.client_id, {typist.client_id}))


@dataclass(eq=False, slots=True)
class Letter:
    """One letter: who wrote it first and when, by which edit another put it there, and who took it away and when."""

    word: str
    user_id: int | None
    at: datetime
    hand: tuple[int, int, int] | None = None
    gone: tuple[int, int, int] | None = None


class Reference:
    """Replays the log one edit at a time, and moves the letters as each observed delta says.

    `said`: (epoch, seq) of an edit of the server → whose each letter of the text after it is, where not its person's.
    `at`: (epoch, seq) → the letters that stood there.
    """

    def __init__(self, said: dict[tuple[int, int], list[Letter | None]]) -> None:
        self.said = said
        self.letters: list[Letter] = []
        self.at: dict[tuple[int, int], list[Letter]] = {}

    def replay(self, document_id: int) -> None:
        """Every epoch of the log, in order."""
        db.session.rollback()
        updates, begun = DocumentUpdate, DocumentSnapshot
        delta: list[dict[str, Any]] = []
        last = db.session.get_one(Document, document_id).epoch
        for epoch in range(1, last + 1):
            doc: Doc[Any] = Doc()
            body: Text = doc.get("body", type=Text)
            seq = 0
            if epoch > 1:
                of = begun.document_id == document_id, begun.epoch == epoch
                first = db.session.scalars(select(begun).where(*of).order_by(begun.seq).limit(1)).one()
                doc.apply_update(first.state)
                seq = first.seq
                assert str(body) == self.text(), "an epoch begins with the text there was"
            self.at[epoch, seq] = list(self.letters)
            watch = body.observe(lambda event: delta.extend(event.delta))
            of = updates.document_id == document_id, updates.epoch == epoch
            for row in db.session.scalars(select(updates).where(*of).order_by(updates.seq)):
                delta.clear()
                doc.apply_update(row.update)
                self._move(row, delta)
                assert self.text() == str(body)
                self.at[epoch, row.seq] = list(self.letters)
            body.unobserve(watch)
        db.session.rollback()

    def text(self) -> str:
        return "".join(letter.word for letter in self.letters)

    def _move(self, row: DocumentUpdate, delta: list[dict[str, Any]]) -> None:
        said = self.said.get((row.epoch, row.seq))
        at, edit = 0, (row.user_id, row.epoch, row.seq)
        for step in delta:
            if "retain" in step:
                at = self._past(at, step["retain"])
            elif "delete" in step:
                end = self._past(at, step["delete"])
                for letter in self.letters[at:end]:
                    letter.gone = edit
                del self.letters[at:end]
            else:
                for word in step["insert"]:
                    of = said[at] if said else None
                    letter = Letter(word, of.user_id, of.at, edit) if of else Letter(word, row.user_id, row.at)
                    self.letters.insert(at, letter)
                    at += 1

    def _past(self, at: int, size: int) -> int:
        """Where so many bytes end."""
        while size > 0:
            size -= len(self.letters[at].word.encode())
            at += 1
        assert size == 0
        return at
