"""What the hub needs from outside."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")


class Runner(Protocol):
    """Runs a call that waits for the disk where it holds up nobody, and answers what it answers."""

    def __call__(self, call: Callable[[], Answer], /) -> Answer: ...


def run_here(call: Callable[[], Answer], /) -> Answer:
    """A runner for programs whose threads are real: the waiting thread holds up nobody else."""
    return call()


class Broadcaster(Protocol):
    """Tells everyone who has a document open what was committed. A hint: the log is the truth."""

    def updated(
        self, document_id: int, since: int, seq: int, update: bytes, by: Sequence[int], only_author: object | None
    ) -> None:
        """`update` covers since+1 … seq; `by` are user ids; `only_author` is the connection that need not hear it."""

    def reset(self, document_id: int, epoch: int) -> None:
        """The document has another history now."""


class NoListeners:
    """A broadcaster for programs without open boards."""

    def updated(
        self, document_id: int, since: int, seq: int, update: bytes, by: Sequence[int], only_author: object | None
    ) -> None:
        pass

    def reset(self, document_id: int, epoch: int) -> None:
        pass
