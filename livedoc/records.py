"""What the log of the live documents holds, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One edit. `newcomers` are the client ids that become this person's with it."""

    document_id: int
    epoch: int
    seq: int
    update: bytes
    user_id: int
    client_ids: Sequence[int]
    newcomers: Sequence[int]
    at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """So many letters of an edit are somebody else's: `user_id` wrote them first, at `at`, by the edit `seq` of
    `epoch`, or by this one. Without a user they are of the person of the edit."""

    length: int
    user_id: int | None = None
    at: datetime = datetime.min.replace(tzinfo=UTC)
    epoch: int = 0
    seq: int = 0

    def of_length(self, length: int) -> "Share":
        return replace(self, length=length)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the words of an edit come from: the columns of models.edit_origin.EditOrigin."""

    document_id: int
    epoch: int
    seq: int
    kind: str
    thread_id: int | None
    reason: str
    runs: Sequence[Sequence[Any]]

    def shares(self) -> list[Share]:
        """Whose the letters of the edit are, in the order of their clocks."""
        return [
            Share(length, of[0], datetime.fromisoformat(of[1]), of[2], of[3]) if of else Share(length)
            for length, *of in self.runs
        ]


@dataclass(frozen=True, slots=True)
class Text:
    """A text as of a `seq`, to be kept beside the log."""

    document_id: int
    epoch: int
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole state (Yjs V1) at a `seq`, with its text, so that it can be read without being taken apart.

    `clocks`: client id, as text, → how far it is known. `halves`: client id → clocks (livedoc/trial.py).
    """

    document_id: int
    epoch: int
    seq: int
    state: bytes
    text: str
    clocks: Mapping[str, int]
    halves: Mapping[str, Sequence[int]]
    at: datetime


@dataclass(frozen=True, slots=True)
class Damage:
    """The log cannot be believed from `seq` on; `why` is for an administrator, without text of the document."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class History:
    """A document as the log has it.

    `updates` make the state at `seq`; the first is a whole state when `since`, the seq of the snapshot they start
    from, is not 0; `text` and `clocks` are there when it is the only one. `chain` is the seal that the next edit
    follows. `authors` is client id → user id. `halves` are those of the snapshot. With a `damage` the state is the
    last good one.
    """

    epoch: int
    seq: int
    text_seq: int
    since: int
    updates: list[bytes]
    chain: bytes
    authors: dict[int, int]
    halves: dict[int, set[int]]
    text: str | None = None
    clocks: dict[int, int] | None = None
    damage: Damage | None = None
