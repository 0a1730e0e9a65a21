"""Thousands of broken messages, read where a WebSocket's messages are read: each is answered, at once and by name."""

import base64
import json
import os
import queue
import random
import string
import time
from collections import Counter
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from access.limits import Bucket, Limit
from livedoc.refusals import Code
from models.base import db
from models.plan import Plan
from realtime import boards
from realtime.connections import Connection
from realtime.lane import Lane
from realtime.switchboard import Switchboard
from tests.livedoc.updates import Writer
from tests.personas import DANA, actor, documents_of, patient_id
from tests.stopwatch import assert_takes

COUNT = 20_000 if os.environ.get("LONG") else 1000
LONGEST = 0.1
"""Seconds of processor time."""
WITHOUT_END = Limit("without end", 1e12)
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**53,
    10**400,
    "",
    "0",
    "1e3",
    "٣",
    "\ud800",
    "\0",
    "x" * 70_000,
    [],
    {},
    [[]] * 1000,
    {"a": {"a": {"a": []}}},
    float("nan"),
    float("inf"),
)


class Heard(Connection):
    """A connection with nothing behind it."""

    answers: list[dict[str, Any]]

    def acknowledge(self, number: str, answer: dict[str, Any]) -> None:
        self.answers.append(answer)


class Attacker:
    """Dana's socket as the server holds it, from its first message until it is dropped, and then the next."""

    def __init__(self, app: Flask, plan: str) -> None:
        self.answers: list[dict[str, Any]] = []
        self._switchboard: Switchboard = app.extensions["consilium"].units.publisher._switchboard
        self._plan = plan
        self._come()

    def _come(self) -> None:
        engine = SimpleNamespace(transport=None, upgraded=False, queue=queue.Queue(), closed=True)
        self._connection = Heard(
            "attacker", actor(DANA), self._plan, engine, self._drop, self._switchboard.tally.sockets
        )
        self._connection.answers = self.answers
        self._connection.events = self._connection.carets = Bucket(WITHOUT_END)
        self._lane = Lane(self._switchboard, self._connection)

    def _drop(self) -> None:
        boards.forget(self._switchboard, self._connection)
        self._come()

    def take_part(self, document: str) -> None:
        """Join and open, unless that still holds."""
        if not self._connection.has_joined:
            assert "revision" in (self.say("421" + json.dumps(["board.join", {"plan": self._plan}])) or ())
        if not self._connection.documents:
            opening = {"doc": document, "client_ids": [7]}
            assert "seq" in (self.say("421" + json.dumps(["doc.open", opening])) or ())

    def say(self, message: str) -> dict[str, Any] | None:
        """What is answered, or None when the short way does not take it."""
        self.answers.clear()
        return self.answers[0] if self._lane(message) and self.answers else None


def honest(rng: random.Random, plan: str, document: str, writer: Writer) -> tuple[str, dict[str, Any]]:
    update = base64.b64encode(writer.insert(0, "x")).decode()
    vector = base64.b64encode(writer.doc.get_state()).decode()
    item = {"client": 7, "clock": 0}
    return rng.choice(
        [
            ("board.join", {"plan": plan}),
            ("doc.open", {"doc": document, "client_ids": [7], "state_vector": vector, "epoch": 1}),
            ("doc.edit", {"doc": document, "epoch": 1, "update": update}),
            ("doc.check", {"doc": document, "seq": 0, "sha256": "0" * 64}),
            ("doc.cursor", {"doc": document, "anchor": {"item": item, "assoc": -1}, "head": {"tname": "body"}}),
            ("doc.close", {"doc": document}),
            ("board.leave", {"plan": plan}),
        ]
    )


def broken(rng: random.Random, event: str, payload: dict[str, Any]) -> str:
    """A message whose parts, or whose letters, are not as they should be."""
    chance = rng.random()
    if chance < 0.6:
        _break_value(rng, payload)
    if chance > 0.9:
        event = rng.choice(["doc.erase", "connect", "disconnect", "", "message", "doc", event.upper()])
    arguments = (
        [event, payload] if chance < 0.95 else rng.choice([[event], [event, payload, payload], [payload, event], []])
    )
    words = list("421" + json.dumps(arguments))
    for _ in range(rng.choice([0, 0, 1, 3]) if chance < 0.8 else 0):
        at = rng.randrange(len(words))
        words[at] = rng.choice([rng.choice(string.printable), words[at] * 2, "", "[" * 300, "9" * 40])
    return "".join(words)


def _break_value(rng: random.Random, payload: dict[str, Any]) -> None:
    name = rng.choice(list(payload))
    within = payload[name]
    if isinstance(within, dict) and rng.random() < 0.7:
        _break_value(rng, within)
    elif rng.random() < 0.2:
        del payload[name]
    else:
        payload[name] = rng.choice(VALUES)


@pytest.mark.timeout(300 + COUNT // 10)
def test_broken_messages_are_answered_at_once_and_by_name(app: Flask, context: None) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    place = db.session.scalars(select(Plan.id).where(Plan.patient_id == patient_id("Maria Kovač"))).one()
    plan, document = str(place), str(documents_of("Maria Kovač")[0])
    attacker, outcomes, longest = Attacker(app, plan), Counter[str](), 0.0
    for _ in range(COUNT):
        attacker.take_part(document)
        message = broken(rng, *honest(rng, plan, document, Writer(7)))
        spent = _timed(attacker, message, outcomes)
        if spent > LONGEST:  # the machine has others to serve
            spent = assert_takes(LONGEST, partial(attacker.say, message), of=message[:300])
        longest = max(longest, spent)
    print(f"{dict(outcomes)}, longest {longest * 1000:.0f} ms")
    assert outcomes.keys() <= {"taken", "not taken", *Code} - {Code.UNAVAILABLE}


def _timed(attacker: Attacker, message: str, outcomes: Counter[str]) -> float:
    began = time.thread_time()
    answer = attacker.say(message)
    spent = time.thread_time() - began
    outcomes["not taken" if answer is None else answer.get("error", "taken")] += 1
    return spent
