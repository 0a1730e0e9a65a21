"""A live document in memory: the committed replica, and a shadow of it on which edits are tried first."""

import hashlib
import threading
import time
from collections.abc import Collection

from livedoc import slices, trial
from livedoc.chain import BEGINNING
from livedoc.committed import Committed
from livedoc.records import Damage, History
from livedoc.refusals import Code, Refused, malformed
from livedoc.replica import SERVER_CLIENTS_FROM, Replica
from livedoc.submission import Submission
from livedoc.updates import Range

MAX_UPDATE = 256 * 1024
"""Bytes of one update."""
MAX_TEXT = 200_000
"""Bytes of a text; the editor stops at half of it, but edits that are legal alone may meet."""
COSTLY = 0.0005
"""Seconds of processor time in the trial, from which on an edit enters the replica at once."""


class LiveDocument:
    """An open document.

    Two locks. `turn` is whose turn it is to change the document: an edit takes it for its trial, a unit of work for
    as long as it lasts. `guard` covers the replicas and is held for microseconds; nobody waits for anything else
    while holding it. `waiting` are edits that passed their trial and are not committed yet, in order: the shadow is
    ahead of the replica by just these; it is made when the first edit comes.

    `chain` is the seal of the last edit, `since` the seq of the newest snapshot, of `base_size` bytes. A document with
    a `damage` is its last good state and takes no edits.
    """

    __slots__ = (
        "_digest",
        "_idle",
        "_replica",
        "_shadow",
        "_size",
        "authors",
        "base_size",
        "chain",
        "damage",
        "epoch",
        "halves",
        "guard",
        "holders",
        "id",
        "is_loaded",
        "known",
        "seq",
        "since",
        "text_changed",
        "text_due",
        "text_seq",
        "turn",
        "waiting",
    )

    def __init__(self, document_id: int) -> None:
        self.id = document_id
        self.epoch = 0
        self.seq = 0
        self.text_seq = 0
        self.text_due: float | None = None
        self.text_changed = 0.0
        self.chain = BEGINNING
        self.since = self.base_size = 0
        self.damage: Damage | None = None
        self.holders = 0
        self.is_loaded = False
        self.authors: dict[int, int] = {}
        self.known: dict[int, int] = {}
        self.halves: dict[int, set[int]] = {}
        self.waiting: list[Submission] = []
        self.turn = threading.Lock()
        self.guard = threading.Lock()
        self._idle: threading.Condition | None = None
        self._replica = Committed()
        self._shadow: Replica | None = None
        self._size = 0
        self._digest: tuple[int, int, str] | None = None

    def load(self, history: History) -> None:
        """Take over what the log holds."""
        self._replica = Committed(history.updates, history.text, history.clocks)
        self.epoch, self.seq, self.text_seq = history.epoch, history.seq, history.text_seq
        self.since, self.base_size = history.since, len(history.updates[0]) if history.since else 0
        self.chain, self.authors, self.damage = history.chain, history.authors, history.damage
        self._shadow = None
        self.known = self._replica.clocks()
        self.halves = history.halves
        for update in history.updates[1 if history.since else 0 :]:
            self._note_halves_of(update)
        self.is_loaded = True

    def comes_to_rest(self, seconds: float) -> bool:
        """Wait until nothing waits here, for so long at most; whether it came to that. Holds the guard, but for the
        waiting."""
        deadline = time.monotonic() + seconds
        while self.waiting:
            if self._idle is None:
                self._idle = threading.Condition(self.guard)
            if not self._idle.wait(deadline - time.monotonic()):
                return False
        return True

    def tell_rest(self) -> None:
        """Wake whoever waits until nothing waits. Holds the guard. (Under gevent a condition yields when it is told, so
        that none is kept for nobody.)"""
        if self._idle is not None:
            idle, self._idle = self._idle, None
            idle.notify_all()

    def rebuild_shadow(self) -> None:
        """Make the shadow equal the committed replica again; edits that wait must be tried anew."""
        self._shadow = None
        self.known = self._replica.clocks()

    def _ready_shadow(self) -> Replica:
        if self._shadow is None:
            self._shadow = Replica([self.update()])
            self._size = self._shadow.size()
        return self._shadow

    def attempt(self, submission: Submission) -> None:
        """Try an edit on the shadow and fill in what it does. Raises Refused; the document is then as before."""
        if self.damage is not None:
            raise Refused(Code.FORBIDDEN, "the document is damaged and can only be read")
        if len(submission.update) > MAX_UPDATE:
            raise Refused(Code.TOO_LARGE, "the update is too large")
        edit = trial.read(submission.update, self.known, self.halves)
        submission.update = edit.news
        self._check_authors(edit, submission)
        submission.duplicate = not edit.advances and not edit.ranges
        if submission.duplicate:
            return
        try:
            self._apply_to_shadow(submission, edit)
        except slices.TooLong as error:
            self._begin_shadow_anew()
            if error.is_sure:
                raise
            self._apply_again(submission, edit)
        except BaseException:
            self._begin_shadow_anew()
            raise
        self.known.update(edit.advances)
        self._note_halves(edit)
        submission.client_ids = list(edit.advances)
        submission.deletes = edit.ranges if self.halves else ()

    def _apply_again(self, submission: Submission, edit: trial.Edit) -> None:
        """Nobody is refused for what else the machine did while an edit was measured."""
        try:
            self._apply_to_shadow(submission, edit)
        except BaseException:
            self._begin_shadow_anew()
            raise

    def _begin_shadow_anew(self) -> None:
        """The shadow took part of an edit that is refused: make it what it was."""
        self.rebuild_shadow()
        shadow = self._ready_shadow()
        for earlier in self.waiting:
            shadow.apply(earlier.update)
        self._note(shadow)

    def _note_halves(self, edit: trial.Edit) -> None:
        for client, clocks in edit.halves.items():
            if client in edit.advances:
                self.halves.setdefault(client, set()).update(clocks)

    def _forget_halves(self, ranges: Collection[Range]) -> None:
        """What is deleted is text no more, wherever it is cut."""
        for client, clock, length in ranges:
            found = self.halves.get(client)
            if found and length < len(found):
                found.difference_update(range(clock, clock + length))
            elif found:
                self.halves[client] = {half for half in found if not clock <= half < clock + length}

    def _note_halves_of(self, update: bytes) -> None:
        """Note the surrogate pairs of an update that is in the document already."""
        for client, clocks in trial.halves_of(update, self.known).items():
            self.halves.setdefault(client, set()).update(clocks)

    def _check_authors(self, edit: trial.Edit, submission: Submission) -> None:
        newcomers = []
        for client in edit.advances:
            owner = self.authors.get(client)
            if client >= SERVER_CLIENTS_FROM or client not in submission.declared:
                raise Refused(Code.FOREIGN_AUTHOR, "a client id that was not declared")
            if owner is None:
                owner = self._owner_in_waiting(client)
            if owner is None:
                newcomers.append(client)
            elif owner != submission.user_id:
                raise Refused(Code.FOREIGN_AUTHOR, "a client id of another person")
        submission.newcomers = newcomers

    def _owner_in_waiting(self, client: int) -> int | None:
        return next((earlier.user_id for earlier in self.waiting if client in earlier.newcomers), None)

    def _apply_to_shadow(self, submission: Submission, edit: trial.Edit) -> None:
        shadow = self._ready_shadow()
        try:
            submission.cost = slices.apply(edit, shadow.apply)
        except Refused:
            raise
        except Exception as error:
            raise malformed("the CRDT refused it") from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise malformed("the CRDT gave up on it") from error
        size = shadow.size()
        if size > MAX_TEXT and size > self._size:
            raise Refused(Code.TOO_LARGE, "the text would be too long")
        submission.duplicate = not edit.advances and size == self._size
        self._size = size

    def _note(self, shadow: Replica) -> None:
        self.known, self._size = shadow.clocks(), shadow.size()

    def retry_waiting(self) -> None:
        """After a failed commit: try all that wait anew, from what is committed. What no longer fits is refused."""
        again, self.waiting = self.waiting, []
        self.rebuild_shadow()
        for submission in again:
            try:
                self.attempt(submission)
            except Refused as refusal:
                submission.refuse(refusal)
            else:
                self.waiting.append(submission)

    def accept(self, submissions: Collection[Submission], chain: bytes | None) -> None:
        """The first of those that wait are committed: they enter the replica and are numbered. `chain`: the seal of
        the last, None when all are duplicates."""
        for submission in submissions:
            if not submission.duplicate:
                self._replica.apply(submission.update, is_costly=submission.cost > COSTLY)
                self._forget_halves(submission.deletes)
                self.seq += 1
                for client in submission.newcomers:
                    self.authors[client] = submission.user_id
        if chain is not None:
            self.chain = chain
        del self.waiting[: len(submissions)]

    def take_in(self, update: bytes, chain: bytes) -> None:
        """An edit that was committed elsewhere, while nothing waits here: a unit of work, or another process.
        `chain` is its seal."""
        self._replica.apply(update)
        self.seq += 1
        self.chain = chain
        if self._shadow is None:
            self.known = self._replica.clocks()
        else:
            self._shadow.apply(update)
            self._note(self._shadow)
        self._note_halves_of(update)

    def text(self) -> str:
        return self._replica.text()

    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, in hex; taken once for every seq."""
        if self._digest is None or self._digest[:2] != (self.epoch, self.seq):
            self._digest = (self.epoch, self.seq, hashlib.sha256(self.text().encode()).hexdigest())
        return self._digest[2]

    @property
    def is_heavy(self) -> bool:
        """Whether its history takes longer to load than any honest one."""
        return self._replica.is_heavy

    def size(self) -> int:
        """Bytes of the text in UTF-8."""
        return self._replica.size()

    def update(self, known: dict[int, int] | None = None) -> bytes:
        """What a replica that knows `known` lacks, or the whole state."""
        return self._replica.update(known)

    def state_vector(self) -> bytes:
        return self._replica.state_vector()

    def clocks(self) -> dict[int, int]:
        return self._replica.clocks()
