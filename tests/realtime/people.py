"""People at a board, over real sockets."""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import personas
from tests.databases import address
from tests.personas import Persona
from wire.connection import Connection, Payload, sign_in
from wire.replica import Replica

EVENTS = (
    "doc.updated",
    "doc.cursor",
    "doc.reset",
    "board.people",
    "board.changed",
    "access.changed",
    "session.ended",
    "notices.changed",
)


PATIENCE = 30.0
"""Seconds within which what must come may come: CI is slow, and stalls. What is promised is checked by figures of its
own."""


class Place:
    """Maria's plan as the database of a server has it."""

    def __init__(self, instance: Path, patient: str = "Maria Kovač") -> None:
        self._instance = instance
        ((self.plan, self.patient),) = self.rows(
            "SELECT plans.id, patients.id FROM plans JOIN patients ON patients.id = patient_id WHERE name = ?", patient
        )
        self.plan, self.patient = str(self.plan), str(self.patient)

    def document(self, section: str, kind: str = "clinical") -> str:
        ((found,),) = self.rows(
            "SELECT document_id FROM section_documents JOIN sections ON sections.id = section_id "
            "WHERE plan_id = ? AND key = ? AND kind = ?",
            self.plan,
            section,
            kind,
        )
        return str(found)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return address.rows(self._instance, query, *values)


class Person:
    """A persona with a signed-in browser and a socket. What the socket hears is kept by event."""

    def __init__(self, url: str, persona: Persona, place: Place, cookie: str | None = None) -> None:
        self.url = url
        self.place = place
        self.cookie = cookie or sign_in(url, persona.email, personas.PASSWORD)
        self.heard: dict[str, list[Payload]] = defaultdict(list)
        self.replicas: dict[str, Replica] = {}
        self._changed = threading.Condition()
        self.connect()

    def connect(self) -> None:
        self.socket = Connection(self.url, self.cookie, self.place.plan)
        for event in EVENTS:
            self.socket.on(event, lambda payload, event=event: self._hear(event, payload))

    def _hear(self, event: str, payload: Payload) -> None:
        if event == "doc.updated" and payload["doc"] in self.replicas:
            self.replicas[payload["doc"]].receive(payload)
        with self._changed:
            self.heard[event].append(payload)
            self._changed.notify_all()

    def join(self) -> Payload:
        return self.call("board.join", plan=self.place.plan)

    def open(self, document: str) -> Replica:
        replica = self.replicas[document] = Replica(self.socket, document)
        replica.open()
        return replica

    def call(self, event: str, **payload: Any) -> Payload:
        return self.socket.call(event, payload)

    def call_at_once(self, calls: list[tuple[str, Payload]]) -> list[Payload]:
        """Send all without waiting for any, so that a slow line or machine does not space them; answers what came."""
        answers: list[Payload | None] = []
        for event, payload in calls:
            self.socket.send(event, payload, answers.append)
        eventually(lambda: len(answers) == len(calls))
        return [answer for answer in answers if answer is not None]

    def waits_for(
        self, event: str, which: Callable[[Payload], bool] = lambda _: True, seconds: float = PATIENCE
    ) -> Payload:
        """The first payload of an event that fits, heard before or within so many seconds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                found = next((each for each in self.heard[event] if which(each)), None)
                if found is not None:
                    return found
                left = deadline - time.monotonic()
                assert left > 0, f"{event} was not heard: {json.dumps(self.heard)[:1000]}"
                self._changed.wait(left)

    def post(self, path: str, **form: str) -> int:
        """Send a form as this person's browser would; answers the status."""
        page = urllib.request.Request(f"{self.url}/account", headers={"Cookie": self.cookie})
        with urllib.request.urlopen(page, timeout=60) as answer:
            token = answer.read().decode().split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
            cookie = (answer.headers.get("Set-Cookie") or self.cookie).split(";", 1)[0]
        headers = {"Cookie": cookie, "X-CSRFToken": token, "Referer": f"{self.url}/"}
        request = urllib.request.Request(self.url + path, urllib.parse.urlencode(form).encode(), headers)
        try:
            with urllib.request.build_opener(_StayHere).open(request, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


def eventually(check: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)
