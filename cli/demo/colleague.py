"""A demo clinician who types into an open plan for about a minute, through the real protocol, and leaves.

`python -m cli.demo.colleague ADDRESS PLAN VIEWER`: the server starts it when somebody invites a colleague. All that
it knows of the plan beyond the protocol is whose care team it is.
"""

import random
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cli.demo import password
from cli.demo.content import CONTENT
from cli.demo.farewell import sign_out
from cli.demo.guest import Guest, choose
from config import Settings
from wire import board
from wire.connection import Connection, NoAnswer, Payload, Refused, sign_in
from wire.replica import EditRefused, Replica
from wire.typist import Typist, end_of_paragraph

KEYS_PER_SECOND = 4.5
SHARED = "understanding"

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Remark:
    """One bullet of somebody's own section; `slip` is a word first typed wrong, then right."""

    discipline: str
    words: str
    slip: Sequence[str]

    @property
    def line(self) -> str:
        return f"\n- {self.words}"


class Visit:
    """One visit to a board."""

    def __init__(self, connection: Connection, seen: board.Board, rng: random.Random, sleep: Sleep) -> None:
        self._connection, self._board, self._rng, self._sleep = connection, seen, rng, sleep
        self._open: dict[str, Replica] = {}
        connection.on("doc.updated", self._heard)

    def pay(self, guest: Guest) -> None:
        """Add a bullet to the guest's own section; begin a thought in the shared one, and take it back.

        Raises EditRefused or NoAnswer.
        """
        script = tomllib.loads((CONTENT / "colleague.toml").read_text(encoding="utf-8"))
        self._connection.call("board.join", {"plan": self._board.plan})
        self._sleep(1.5)
        self._add([Remark(**each) for each in script["remark"] if each["discipline"] == guest.discipline], guest)
        self._sleep(1)
        self._think_aloud(self._rng.choice(script["afterthought"])["words"])
        self._connection.call("board.leave", {"plan": self._board.plan})

    def _heard(self, payload: Payload) -> None:
        if payload["doc"] in self._open:
            self._open[payload["doc"]].receive(payload)

    def _document(self, section: str) -> Replica:
        listed = self._board.document(section, "clinical")
        replica = self._open[listed.id] = Replica(self._connection, listed.id)
        replica.open()
        return replica

    def _close(self, replica: Replica) -> None:
        """Leave a text, so that one's caret does not stay there."""
        self._open.pop(replica.document)
        self._connection.call("doc.close", {"doc": replica.document})

    def _typist(self, replica: Replica) -> Typist:
        return Typist(replica, self._rng, KEYS_PER_SECOND, self._sleep)

    def _add(self, remarks: Sequence[Remark], guest: Guest) -> None:
        replica = self._document(guest.discipline)
        remark = next((each for each in remarks if each.words not in replica.text), None)
        if remark is None:
            remark = remarks[0]
            self._take_out(replica, remark.line)
            self._sleep(2)
        wrong, right = remark.slip
        before, after = remark.line.split(right, 1)
        typist = self._typist(replica)
        typist.type(before + wrong, end_of_paragraph)
        self._sleep(1.2)
        self._take_out(replica, wrong)
        typist.type(right + after, lambda text: text.rfind(before) + len(before))
        self._sleep(2)
        self._close(replica)

    def _think_aloud(self, words: str) -> None:
        replica = self._document(SHARED)
        self._typist(replica).type(words, end_of_paragraph)
        self._sleep(4)
        for _letter in words:
            replica.delete(*_last(replica.text, words))
            replica.flush()
            words = words[:-1]
            self._sleep(0.06)
        self._sleep(2)
        self._close(replica)

    def _take_out(self, replica: Replica, words: str) -> None:
        at = replica.text.rfind(words)
        if at >= 0:
            replica.delete(at, at + len(words))
            replica.flush()


def _last(text: str, words: str) -> tuple[int, int]:
    """Where the last letter of `words` stands."""
    end = text.rfind(words) + len(words)
    return end - 1, end


def visit(address: str, plan: int, viewer: int, settings: Settings, sleep: Sleep = time.sleep) -> str | None:
    """Come, type, leave; answers who came, or None when nobody could. Raises Refused, EditRefused or NoAnswer."""
    rng = random.Random()  # noqa: S311
    guest = choose(settings.database_url, plan, viewer, rng)
    if guest is None:
        return None
    cookie = sign_in(address, guest.email, password.settled(settings))
    try:
        connection = Connection(address, cookie, str(plan))
        try:
            Visit(connection, board.read(address, cookie, guest.patient), rng, sleep).pay(guest)
        finally:
            connection.close()
    finally:
        sign_out(address, cookie)
    return guest.name


def main(arguments: Sequence[str]) -> None:
    address, plan, viewer = arguments
    try:
        visit(address, int(plan), int(viewer), Settings.from_environment())
    except (Refused, EditRefused, NoAnswer, OSError) as error:
        sys.exit(f"The invited colleague left early: {error!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
