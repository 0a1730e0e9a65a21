"""What actions need from outside: time, publishing, and the locks of live documents."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

Clock = Callable[[], datetime]
"""Answers the present moment, aware, in UTC. Tests move it."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def _nobody(_delay: timedelta) -> None:
    pass


@dataclass(slots=True)
class Mailing:
    """Whether this installation sends mail.

    `secrets` make the tokens of links that go by mail, the first for new ones. `nudge` asks for a look at the outbox
    after so long; it is a hint, which may get lost.
    """

    is_on: bool = False
    secrets: Sequence[str] = field(default=(), repr=False)
    nudge: Callable[[timedelta], None] = _nobody

    def tokens(self, seed: str) -> Iterator[str]:
        """The token of a letter under each secret, the present one first."""
        for secret in self.secrets:
            digest = hmac.new(secret.encode(), b"a link by mail:" + seed.encode(), hashlib.sha256).digest()
            yield urlsafe_b64encode(digest).decode().rstrip("=")


class Publisher(Protocol):
    """Tells open boards what a commit changed. A hint: whoever misses it finds the truth in the database."""

    def board_changed(self, plan_id: int, fragments: Collection[str], revision: int) -> None: ...

    def access_changed(self, patient_id: int, user_id: int | None) -> None:
        """Rights to a patient changed for one person, or for everyone when `user_id` is None."""

    def session_ended(self, session_ids: Collection[int], reason: str) -> None:
        """`reason` is signed_out, expired, locked or removed."""

    def notices_changed(self, user_id: int, unseen: int) -> None:
        """A person has so many notices that they have not seen."""


class Silence:
    """A publisher for programs without open boards."""

    def board_changed(self, plan_id: int, fragments: Collection[str], revision: int) -> None:
        pass

    def access_changed(self, patient_id: int, user_id: int | None) -> None:
        pass

    def session_ended(self, session_ids: Collection[int], reason: str) -> None:
        pass

    def notices_changed(self, user_id: int, unseen: int) -> None:
        pass


class DocumentLocks(Protocol):
    """Holds the locks of live documents, taken in the order of their ids."""

    def locked(self, document_ids: Collection[int]) -> AbstractContextManager[None]: ...


class NoDocuments:
    """Locks for programs that hold no document open."""

    def locked(self, document_ids: Collection[int]) -> AbstractContextManager[None]:
        return nullcontext()
