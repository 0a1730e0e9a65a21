"""Who wrote what equals what replaying the log one edit at a time says, over random histories of several people."""

import os
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from actions.unit_of_work import Units
from livedoc import ascriber, edits, indexing, letters, reading
from livedoc.attributed import Point
from livedoc.attribution import Attribution
from livedoc.chain import Chain
from livedoc.hub import Hub
from livedoc.log import Log
from livedoc.origins import Source
from livedoc.ports import run_here
from livedoc.records import Share
from models.base import db
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.livedoc.histories import Letter, Mailboxes, Reference, Typist, send
from tests.personas import AINO, DANA, LENA, RAVI, actor, user

pytestmark = [pytest.mark.usefixtures("context"), both]

DOC = 1
PEOPLE = (DANA, LENA, RAVI, AINO)
ROUNDS, HISTORIES = (400, 25) if os.environ.get("LONG") else (70, 2)


@pytest.fixture
def hub(app: Flask, context: None, clock: MovableClock) -> Iterator[Hub]:
    hub = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), clock)
    yield hub
    hub.shutdown()


@pytest.fixture
def units(app: Flask, hub: Hub, clock: MovableClock) -> Units:
    return Units(clock, locks=hub, seals=app.extensions["consilium"].seals)


@pytest.fixture
def attributed(hub: Hub) -> Iterator[Attribution]:
    asked = Attribution(hub.log, run_here)
    yield asked
    asked.close()


class Story:
    """A random history under way."""

    def __init__(self, rng: random.Random, hub: Hub, units: Units, clock: MovableClock, asked: Attribution) -> None:
        self.rng, self.hub, self.units, self.clock, self.asked = rng, hub, units, clock, asked
        self.mail = hub.broadcaster = Mailboxes()
        self.document = hub.enter(DOC)
        self.said: dict[Point, list[Letter | None]] = {}
        self.clients = iter(range(101, 10_000))
        self.people = [user(each).id for each in PEOPLE]
        self.rebuilt = clock.now

    def go_on(self) -> None:
        rng = self.rng
        self.clock.advance(seconds=rng.choice((0, 1, 40, 4000)))
        if len(self.mail.typists) < 5 and rng.random() < 0.2:
            self._join()
        for typist in list(self.mail.typists):
            if rng.random() < 0.6:
                typist.act(rng)
            if rng.random() < 0.7:
                send(self.hub, self.document, typist)
            if rng.random() < 0.5:
                typist.receive()
        chance = rng.random()
        if chance < 0.05:
            self._compact()
        elif chance < 0.15:
            self._restore()
        elif chance < 0.22:
            self._accept()
        elif chance < 0.24:
            self.clock.advance(hours=2)
            assert self.hub.rebuild(self.document)

    def _join(self) -> None:
        person = self.rng.choice(self.people)
        self.mail.typists.append(Typist(next(self.clients), person, self.document.update()))

    def _compact(self) -> None:
        with db.engine.connect() as connection:
            self.hub._compactor._compact(connection, self.document)

    def _restore(self) -> None:
        """Words of a former state come back, in the place of some that are there."""
        rng, text = self.rng, self.document.text()
        first = 1 if self.document.epoch == 1 else self._begun()
        point = (self.document.epoch, rng.randint(min(first, self.document.seq), self.document.seq))
        former = self.asked.who_wrote(DOC, point, apart=timedelta())
        start, end = sorted((rng.randint(0, len(former.text)), rng.randint(0, len(former.text))))
        at, until = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        whose = [Share(at)]
        for run, place in zip(former.runs, _starts(former.runs), strict=True):
            length = min(place + run.length, end) - max(place, start)
            if length > 0:
                assert run.first_at is not None
                whose.append(Share(length, run.user_id, run.first_at, run.epoch, run.seq))
        whose.append(Share(len(text) - until))
        self._replace(text[:at] + former.text[start:end] + text[until:], Source("restore", whose, "too much"))

    def _begun(self) -> int:
        with db.engine.connect() as connection:
            seq, _at = reading.beginning(connection, DOC, self.document.epoch)
            return seq

    def _accept(self) -> None:
        rng, text = self.rng, self.document.text()
        at, until = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        words = rng.choice(("swims 😀 twice", "日本", "a", ""))
        whose = [Share(at), Share(len(words), rng.choice(self.people), self.clock.now), Share(len(text) - until)]
        self._replace(text[:at] + words + text[until:], Source("suggestion", whose))

    def _replace(self, text: str, source: Source) -> None:
        who = self.rng.choice(PEOPLE)
        with self.units.begin(actor(who), [DOC]) as work:
            document = self.hub.held(DOC)
            before = document.seq
            seq = edits.replace(work, self.hub, DOC, document.epoch, before, text, user(who).id, source)
        if seq > before:
            expanded = [share for share in source.whose for _ in range(share.length)]
            self.said[self.document.epoch, seq] = [
                None if share.user_id is None else Letter("", share.user_id, share.at) for share in expanded
            ]


def _starts(runs):  # type: ignore[no-untyped-def]
    at = 0
    for run in runs:
        yield at
        at += run.length


def equal(asked: Attribution, reference: Reference, point: Point) -> None:
    letters = reference.at[point]
    found = asked.who_wrote(DOC, point, apart=timedelta())
    assert found.text == "".join(letter.word for letter in letters)
    assert sum(run.length for run in found.runs) == len(found.text)
    expanded = [run for run in found.runs for _ in range(run.length)]
    for run, letter in zip(expanded, letters, strict=True):
        hand = run.hand and (run.hand.user_id, run.hand.epoch, run.hand.seq)
        assert (run.user_id, run.first_at, run.last_at, hand) == (letter.user_id, letter.at, letter.at, letter.hand)


def gone_equal(asked: Attribution, reference: Reference, since: Point, until: Point) -> None:
    letters = reference.at[since]
    found = asked.who_removed(DOC, since, until)
    assert found.text == "".join(letter.word for letter in letters)
    assert found.after == "".join(letter.word for letter in reference.at[until])
    expanded = [run.by for run in found.runs for _ in range(run.length)]
    for by, letter in zip(expanded, letters, strict=True):
        expected = letter.gone if letter.gone and letter.gone[1:] <= until else None
        assert (by and (by.user_id, by.epoch, by.seq)) == expected
    text = found.text
    for change in reversed(asked.changes(DOC, since, until)):
        splice = change.splice
        assert sum(run.length for run in change.inserted) == len(splice.inserted)
        assert sum(run.length for run in change.removed) == splice.removed
        text = text[: splice.at] + splice.inserted + text[splice.at + splice.removed :]
    assert text == found.after


@pytest.mark.parametrize("number", range(HISTORIES))
def test_it_equals_a_replay_of_the_log(
    number: int,
    hub: Hub,
    units: Units,
    clock: MovableClock,
    attributed: Attribution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    monkeypatch.setattr(indexing, "PIECE", rng.choice((7, 50)))
    monkeypatch.setattr(letters, "WORTH_KEEPING", rng.choice((5, 100)))
    monkeypatch.setattr(ascriber, "LONG", rng.choice((0, 10_000, 1_000_000)))  # none, some or all of it here
    story = Story(rng, hub, units, clock, attributed)
    for _round in range(ROUNDS):
        story.go_on()
    reference = Reference(story.said)
    reference.replay(DOC)
    points = sorted(reference.at)
    for point in rng.sample(points, min(len(points), 25)) + [points[-1]]:
        equal(attributed, reference, point)
    for _ in range(12):
        since, until = sorted(rng.choices(points, k=2))
        gone_equal(attributed, reference, since, until)
