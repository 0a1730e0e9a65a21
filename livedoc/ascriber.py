"""The process that works out who wrote what of long histories: begun when it is first asked, and kept.

It knows the letters of the documents it was asked for last, so that another moment of the same is told at once.
"""

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livedoc import ascribing
from livedoc.frames import receive, send
from livedoc.lives import Lives

LONG = 30_000
"""Bytes of updates and index from which on they are worked through in that process; fewer are so at once."""
PATIENCE = 60.0
"""Seconds that an answer may take."""
_ROOT = Path(__file__).resolve().parent.parent

Blobs = Sequence[Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Letters:
    """Those of an epoch of a document that begins at `first`, up to `seq`: the updates of that state, and the index."""

    first: int
    seq: int
    updates: Sequence[bytes]
    index: Sequence[bytes]

    def size(self) -> int:
        """In bytes."""
        return sum(map(len, self.updates)) + sum(map(len, self.index))


class Failed(RuntimeError):
    """The process did not answer."""


class Ascriber:
    """Asks one thing after the other. `close` it when nobody asks any more."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._knows: dict[tuple[int, int], tuple[int, int]] = {}

    def knows(self, document_id: int, epoch: int, seq: int) -> bool:
        """Whether it was told the letters of an epoch up to a seq."""
        first, last = self._knows.get((document_id, epoch), (0, -1))
        return first <= seq <= last

    def ask(
        self, job: dict[str, Any], of: Sequence[tuple[int, int, int]], letters: Sequence[Letters | None]
    ) -> dict[str, Any] | None:
        """A job over epochs of documents (document, epoch, up to which seq), with the letters of those that are not
        known. None when one of them is not known after all. Raises Failed."""
        if None not in letters and sum(each.size() for each in letters if each) < LONG:
            lives = [
                Lives(each.updates, each.index, epoch, each.first, each.seq)
                for (_document_id, epoch, _seq), each in zip(of, letters, strict=True)
                if each is not None
            ]
            return ascribing.answer(job, lives)
        with self._turn:
            answer = self._say(*_job(job, of, letters))
            for (document_id, epoch, _seq), each in zip(of, letters, strict=True):
                if "lacks" in answer:
                    self._knows.pop((document_id, epoch), None)
                elif each is not None:
                    self._knows[document_id, epoch] = (each.first, each.seq)
        return None if "lacks" in answer else answer

    def begin(self, job: dict[str, Any], blobs: Blobs) -> dict[str, Any]:
        """What an epoch begins with (livedoc/ascribing.py). Raises Failed."""
        if sum(len(each) for some in blobs for each in some) < LONG:
            return ascribing.begin(job, blobs)
        sizes = [[len(each) for each in some] for some in blobs]
        with self._turn:
            return self._say({**job, "job": "begin", "sizes": sizes}, [each for some in blobs for each in some])

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _say(self, job: dict[str, Any], blobs: Sequence[bytes]) -> dict[str, Any]:
        for _attempt in range(2):  # one that was begun long ago may have been ended by the system
            line = self._line or self._begin()
            try:
                send(line, job, blobs)
                answer = receive(line)
            except ConnectionError:
                answer = None
            except OSError as error:
                self._end()
                raise Failed from error
            if answer is not None:
                return answer[0]
            self._end()
        raise Failed

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own module, with no argument of anybody's)
                [sys.executable, "-m", "livedoc.ascribing"], stdin=theirs.fileno(), cwd=_ROOT
            )
        self._line = ours
        return ours

    def _end(self) -> None:
        line, process = self._line, self._process
        self._line = self._process = None
        self._knows.clear()
        if line is not None:
            line.close()
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()


def _job(
    job: dict[str, Any], of: Sequence[tuple[int, int, int]], letters: Sequence[Letters | None]
) -> tuple[dict[str, Any], list[bytes]]:
    lives, blobs = [], list[bytes]()
    for (document_id, epoch, seq), each in zip(of, letters, strict=True):
        told: dict[str, Any] = {"document": document_id, "epoch": epoch, "wanted": seq, "sizes": []}
        if each is not None:
            sizes = [[len(part) for part in parts] for parts in (each.updates, each.index)]
            told |= {"first": each.first, "seq": each.seq, "sizes": sizes}
            blobs += (*each.updates, *each.index)
        lives.append(told)
    return {**job, "lives": lives}, blobs
