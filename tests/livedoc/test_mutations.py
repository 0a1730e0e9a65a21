"""Thousands of broken updates and state vectors: each is refused, or enters every replica alike, and takes no time."""

import contextlib
import os
import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from livedoc import edits, state_vector
from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.records import History
from livedoc.refusals import Refused
from livedoc.replica import Replica
from livedoc.submission import Submission
from models.base import db
from models.document import DocumentUpdate
from tests.livedoc.mutations import Mutator, parse
from tests.livedoc.replicas import YjsPeer
from tests.livedoc.updates import Writer
from tests.personas import DANA, LENA, actor, user
from tests.stopwatch import assert_takes

COUNT = 100_000 if os.environ.get("LONG") else 5000
EACH = 250
"""Mutations of one document."""
LONGEST = 0.1
"""Seconds of processor time."""
IDS = (101, 202, 303)
ATTACKER = 303
LETTERS = "abc déf 日😀\n- *"


class Stopwatch:
    """Keeps the longest that an event took of the processor; a long one is measured again, as the machine has others
    to serve."""

    def __init__(self) -> None:
        self.longest = 0.0

    def time(self, event: Callable[[], object], again: Callable[[], object]) -> None:
        began = time.thread_time()
        try:
            event()
        finally:
            spent = time.thread_time() - began
            if spent > LONGEST:
                spent = assert_takes(LONGEST, again)
            self.longest = max(self.longest, spent)


class Scene:
    """One document in which Dana types, and Lena sends what Yjs never would. All hear what was accepted, in order."""

    def __init__(self, hub: Hub, document_id: int, rng: random.Random, watch: Stopwatch) -> None:
        self.hub = hub
        self.rng = rng
        self.watch = watch
        self.document = hub.enter(document_id)
        self.dana = Writer(IDS[0])
        self.yjs = YjsPeer(999)
        self.mutator = Mutator(rng, IDS)
        self.accepted: list[bytes] = []
        self.panics: list[str] = []
        """Updates at which the CRDT broke off: the trial must see them first."""
        self.odd: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self._users = {DANA.key: user(DANA).id, LENA.key: user(LENA).id}

    def submit(self, data: bytes, who: str, *, is_honest: bool = False) -> None:
        """Hand in an update; whoever listens hears of it when it enters."""
        submission = Submission(data, self._users[who], who, set(IDS))
        before = list(self.accepted)
        try:
            self.watch.time(
                lambda: self.hub.submit(self.document, self.document.epoch, submission),
                lambda: _attempt_anew(before, data, self._users[who]),
            )
        except Refused as refusal:
            if is_honest:
                raise
            self.outcomes[str(refusal.code)] += 1
            if "gave up" in refusal.why:
                self.panics.append(data.hex())
            return
        if submission.duplicate:
            self.outcomes["duplicate"] += 1
            return
        self.outcomes["accepted"] += 1
        if not is_honest:
            self._classify(submission.update)
        self.accepted.append(submission.update)
        self.dana.receive(submission.update)
        self.yjs.apply(submission.update)

    def type(self, writer: Writer, who: str) -> bytes:
        made = _honest(self.rng, writer)
        self.mutator.known.append(made)
        self.submit(made, who, is_honest=writer is self.dana)
        return made

    def attack(self) -> None:
        """Lena begins anew from the server's state, and breaks what she types before she sends it."""
        lena = Writer(ATTACKER, self.hub.read(self.document).update)
        made = _honest(self.rng, lena)
        for _ in range(self.rng.randrange(1, 8)):
            base = self.rng.choice([made, made, *self.mutator.known[-3:]])
            self.submit(self.mutator.update(base), LENA.key)
        if self.rng.random() < 0.3:
            self.submit(made, LENA.key)
            self.mutator.known.append(made)

    def _classify(self, data: bytes) -> None:
        """Neighbours that never stood side by side are what no editor makes: swapped, or far apart."""
        pairs = [
            (struct.origin, struct.right)
            for _client, _clock, structs in parse(data).sections
            for struct in structs
            if struct.origin and struct.right
        ]
        places = {place: number for number, place in enumerate(self.yjs.order())} if pairs else {}
        for left, right in pairs:
            distance = places.get(right, 2**31) - places.get(left, -1)
            if distance != 1:
                self.odd["swapped" if distance <= 0 else "apart"] += 1

    def check(self) -> Counter[str]:
        """The document is its log replayed, and Yjs agrees with it. With neighbours in it that never stood side by side
        the same words may stand elsewhere there: where they are put depends on which runs were joined before."""
        assert not self.panics
        document = self.document
        logged = db.session.scalars(
            select(DocumentUpdate.update).where(DocumentUpdate.document_id == document.id).order_by(DocumentUpdate.seq)
        ).all()
        assert list(logged) == self.accepted
        assert document.text() == Replica(logged).text()
        assert document.known == document.clocks() == Replica(logged).clocks()
        fresh, loaded = YjsPeer(998), Replica([document.update()])
        fresh.apply(document.update())
        found = Counter(
            hers=int(str(self.dana.body) != document.text()),
            incremental=int(self.yjs.text() != document.text()),
            fresh=int(fresh.text() != document.text()),
            loaded=int(loaded.text() != document.text()),
        )
        assert not self.yjs.pending() and not fresh.pending()  # noqa: PT018
        for text in (self.yjs.text(), fresh.text(), loaded.text(), str(self.dana.body)):
            assert sorted(text) == sorted(document.text())
        if found.total():
            assert self.odd, "replicas differ over edits as an editor makes them"
        fresh.close()
        self._heal()
        return found

    def _heal(self) -> None:
        """What `doc.check` leads to when replicas differ: a new epoch that all read alike."""
        text = self.document.text()
        assert self.hub.rebuild(self.document)
        fresh = YjsPeer(997)
        fresh.apply(self.hub.read(self.document).update)
        assert fresh.text() == self.document.text() == text
        fresh.close()

    def leave(self) -> None:
        self.yjs.close()
        self.hub.leave(self.document)


def _honest(rng: random.Random, writer: Writer) -> bytes:
    length = len(str(writer.body))
    if length > 30 and rng.random() < 0.5:
        start = rng.randrange(length - 6)
        return writer.delete(start, start + rng.randrange(1, 6))
    return writer.insert(rng.randrange(length + 1), "".join(rng.choices(LETTERS, k=rng.randrange(1, 8))))


def _attempt_anew(before: list[bytes], data: bytes, user_id: int) -> None:
    """The same once more: on a document that holds what came before."""
    document = LiveDocument(0)
    document.load(History(1, len(before), 0, 0, before, b"", {}, {}))
    submission = Submission(data, user_id, None, set(IDS))
    with contextlib.suppress(Refused):
        document.attempt(submission)
        document.waiting.append(submission)
        document.accept([submission], b"")


@pytest.fixture
def rng() -> random.Random:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    return random.Random(seed)


@pytest.fixture
def hub(app: Flask, context: None) -> Hub:
    found: Hub = app.extensions["consilium"].hub
    return found


def new_document(app: Flask) -> int:
    with app.extensions["consilium"].units.begin(actor(DANA)) as work:
        return edits.create(work, "", work.actor.user_id).id


@pytest.mark.timeout(300 + COUNT // 25)
def test_broken_updates_enter_every_replica_alike_or_none(app: Flask, hub: Hub, rng: random.Random) -> None:
    watch, outcomes, odd, differing = Stopwatch(), Counter[str](), Counter[str](), Counter[str]()
    for _ in range(COUNT * 6 // 10 // EACH):
        scene = Scene(hub, new_document(app), rng, watch)
        try:
            scene.type(scene.dana, DANA.key)
            while scene.outcomes.total() < EACH:
                scene.attack()
                scene.type(scene.dana, DANA.key)
            differing += scene.check()
        finally:
            scene.leave()
        outcomes += scene.outcomes
        odd += scene.odd
    print(f"{dict(outcomes)}, longest {watch.longest * 1000:.0f} ms")
    print(f"neighbours of no editor: {dict(odd)}, replicas that differ: {dict(differing)}")
    assert outcomes["accepted"] > COUNT // 50


@pytest.mark.timeout(300 + COUNT // 100)
def test_broken_state_vectors_are_answered_in_time_or_refused(app: Flask, hub: Hub, rng: random.Random) -> None:
    watch, mutator = Stopwatch(), Mutator(rng, IDS)
    document, writer = hub.enter(new_document(app)), Writer(IDS[0])
    for _ in range(60):
        made = _honest(rng, writer)
        hub.submit(document, 1, Submission(made, user(DANA).id, None, {IDS[0]}))
    whole = hub.read(document).update
    mutator.known = [document.state_vector(), whole]
    read = 0
    for _ in range(COUNT * 2 // 10):
        honest = state_vector.encode({client: rng.randrange(90) for client in (*IDS, *rng.sample(range(9999), 3))})
        broken = mutator.raw(honest) if rng.random() < 0.9 else honest

        def answer(broken: bytes = broken) -> None:
            nonlocal read
            known = state_vector.decode(broken)
            assert len(hub.read(document, known).update) <= len(whole) + 20
            read += 1

        with contextlib.suppress(Refused):
            watch.time(answer, answer)
    print(f"{read} were read, longest {watch.longest * 1000:.0f} ms")
    assert hub.read(document).update == whole
    assert read
    hub.leave(document)
