"""Notices reach every open page of their person, and nobody else's."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.databases.kinds import both
from tests.personas import DANA, LENA, RAVI
from tests.realtime.people import PATIENCE, Person, Place
from tests.realtime.server_process import ServerProcess
from wire.connection import Connection


class Page:
    """A page that is no board: its socket names no plan."""

    def __init__(self, server: ServerProcess, person: Person) -> None:
        self.counts: list[int] = []
        self._changed = threading.Condition()
        self.socket = Connection(server.url, person.cookie, handlers={"notices.changed": self._hear})

    def _hear(self, payload: dict[str, int]) -> None:
        with self._changed:
            self.counts.append(payload["unseen"])
            self._changed.notify_all()

    def waits_for(self, unseen: int, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not self.counts or self.counts[-1] != unseen:
                left = deadline - time.monotonic()
                assert left > 0, self.counts
                self._changed.wait(left)


@contextmanager
def page(server: ServerProcess, person: Person) -> Iterator[Page]:
    found = Page(server, person)
    yield found
    found.socket.close()


@both
def test_a_page_and_a_board_hear_how_many_are_new(
    server: ServerProcess, person: Callable[..., Person], place: Place
) -> None:
    dana, lena, ravi = person(DANA), person(LENA), person(RAVI)
    with page(server, lena) as elsewhere, page(server, ravi) as other:
        elsewhere.waits_for(0)
        other.waits_for(0)
        assert dana.post(f"/patients/{place.patient}/plan/threads", kind="discussion", body="@Lena a moment?") == 303
        elsewhere.waits_for(1)
        assert lena.waits_for("notices.changed", lambda heard: heard["unseen"] == 1) == {"unseen": 1}
        assert lena.post("/notices/seen") == 303
        elsewhere.waits_for(0)
        assert set(other.counts) == {0}
        assert {each["unseen"] for each in ravi.heard["notices.changed"]} == {0}


def test_whoever_comes_later_hears_the_present_count(
    server: ServerProcess, person: Callable[..., Person], place: Place
) -> None:
    dana, lena = person(DANA), person(LENA, joined=False)
    dana.post(f"/patients/{place.patient}/plan/threads", kind="discussion", body="@Lena a moment?")
    with page(server, lena) as elsewhere:
        elsewhere.waits_for(1)
    lena.join()
    lena.waits_for("notices.changed", lambda heard: heard["unseen"] == 1)


def test_a_page_without_a_board_may_nothing_on_one(
    server: ServerProcess, person: Callable[..., Person], place: Place
) -> None:
    dana = person(DANA)
    with page(server, dana) as elsewhere:
        assert elsewhere.socket.call("board.join", {"plan": place.plan})["error"] == "malformed"
