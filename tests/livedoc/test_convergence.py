"""Whatever happens to messages on their way, replicas end equal and hold every acknowledged edit, once."""

import os
import random
import threading
from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from livedoc import state_vector
from livedoc.chain import Chain
from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.log import Log
from livedoc.replica import Replica
from livedoc.submission import Submission
from models.base import db
from models.document import DocumentUpdate
from tests.livedoc.replicas import Peer, PycrdtPeer, YjsPeer
from tests.personas import AINO, DANA, LENA, RAVI, user

ROUNDS = 400 if os.environ.get("LONG") else 60
LETTERS = "abc déf 日本 😀👩‍⚕️\n- *"


class Mailboxes:
    """A broadcaster that keeps what each peer would hear."""

    def __init__(self, peers: Sequence[Peer]) -> None:
        self.waiting: dict[int, list[bytes]] = {peer.client_id: [] for peer in peers}

    def updated(self, document_id, since, seq, update, by, only_author) -> None:  # type: ignore[no-untyped-def]
        assert since < seq
        for client_id, box in self.waiting.items():
            if client_id != only_author:
                box.append(update)

    def reset(self, document_id, epoch) -> None:  # type: ignore[no-untyped-def]
        raise AssertionError("nothing here replaces a history")


@pytest.fixture
def peers() -> Iterator[list[Peer]]:
    found: list[Peer] = [*(PycrdtPeer(101 + n) for n in range(3)), *(YjsPeer(201 + n) for n in range(2))]
    yield found
    for peer in found:
        peer.close()


@pytest.fixture
def hub(app: Flask, context: None) -> Iterator[Hub]:
    hub = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), app.extensions["consilium"].units.clock)
    yield hub
    hub.shutdown()


def test_replicas_converge_through_reordering_duplication_and_loss(app: Flask, hub: Hub, peers: list[Peer]) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    mail = hub.broadcaster = Mailboxes(peers)
    authors = {peer.client_id: user(who).id for peer, who in zip(peers, [DANA, LENA, RAVI, AINO, DANA], strict=True)}
    document = hub.enter(1)
    acknowledged: list[bytes] = []

    for _ in range(ROUNDS):
        for peer in peers:
            _type(rng, peer)
        sending = [(peer, made) for peer in peers if rng.random() < 0.7 and (made := peer.take())]
        acknowledged += _send_together(hub, document, authors, sending)
        for peer, made in sending:
            if rng.random() < 0.2:
                assert hub.submit(document, 1, _submission(peer, made, authors)).duplicate
        for peer in peers:
            _deliver(rng, mail.waiting[peer.client_id], peer)

    for peer in peers:
        made = peer.take()
        if made:
            acknowledged += _send_together(hub, document, authors, [(peer, made)])
    _resynchronise(hub, document, peers)

    texts = {peer.client_id: peer.text() for peer in peers}
    assert set(texts.values()) == {hub.current(1).text}
    assert len(hub.current(1).text) > 20
    logged = list(db.session.scalars(select(DocumentUpdate.update).where(DocumentUpdate.document_id == 1)))
    for update in acknowledged:
        assert logged.count(update) == 1
    assert Replica(logged).text() == hub.current(1).text
    hub.leave(document)


def _type(rng: random.Random, peer: Peer) -> None:
    length = len(peer.text())
    if length > 12 and rng.random() < 0.4:
        start = rng.randrange(length - 4)
        peer.delete(start, start + rng.randrange(1, 4))
    elif rng.random() < 0.8:
        peer.insert(rng.randrange(length + 1), "".join(rng.choices(LETTERS, k=rng.randrange(1, 8))))


def _submission(peer: Peer, update: bytes, authors: dict[int, int]) -> Submission:
    return Submission(update, authors[peer.client_id], peer.client_id, {peer.client_id})


def _send_together(
    hub: Hub, document: LiveDocument, authors: dict[int, int], sending: Sequence[tuple[Peer, bytes]]
) -> list[bytes]:
    """Submit at the same time; answers what was acknowledged as new. Two may delete the same words at once: the
    second of them is a duplicate."""
    done: list[tuple[bytes, bool]] = []

    def submit(peer: Peer, made: bytes) -> None:
        accepted = hub.submit(document, 1, _submission(peer, made, authors))
        done.append((made, accepted.duplicate))

    threads = [threading.Thread(target=submit, args=each) for each in sending]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == len(sending)
    return [made for made, duplicate in done if not duplicate]


def _deliver(rng: random.Random, box: list[bytes], peer: Peer) -> None:
    """Some of what waits, in another order, some of it twice, some of it never."""
    rng.shuffle(box)
    for _ in range(rng.randrange(len(box) + 1)):
        update = box.pop()
        chance = rng.random()
        if chance > 0.1:
            peer.apply(update)
        if chance > 0.8:
            peer.apply(update)


def _resynchronise(hub: Hub, document: LiveDocument, peers: Sequence[Peer]) -> None:
    """What a client does after a gap."""
    for peer in peers:
        peer.apply(hub.read(document, state_vector.decode(peer.vector())).update)
