"""The full record of a patient where a section has 200,000 edits, and its release with something withheld.

Run as `python -m bench record`. A few people type in another plan meanwhile.
"""

import http.cookiejar
import re
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bench import consilium
from bench.history import tell
from bench.load import Crowd, Timings
from bench.versions import EDITS, LONG, OTHER, PEOPLE, QUIET, RATE, WARM_UP, freeze
from cli.demo.large.histories import InRuns
from tests import personas
from tests.realtime.people import Place


def main(_arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = consilium.Server(Path(folder), 2, text="")
        tell(Path(folder), LONG, InRuns(EDITS, 4))
        freeze(Path(folder))
        with server:
            _measure(server)


def _measure(server: consilium.Server) -> None:
    url = server.process.url
    dana = _Browser(url, personas.DANA.email, personas.PASSWORD)
    place = Place(server.process.instance, f"Bench {LONG}")
    at = f"/patients/{place.patient}/record"
    timings = Timings()
    people = [server.person(OTHER, seat, timings) for seat in range(PEOPLE)]
    crowd = Crowd(people)
    crowd.start_typing(people, RATE)
    crowd.go_on(WARM_UP)
    timings.clear()
    crowd.go_on(QUIET)
    print(f"{PEOPLE} people typing elsewhere, alone: edit to peer {timings.line()}")
    asked = {"asked_by": "Peter", "asked_on": "1 Jan 2026"}
    word = {"words": "walking", "ground": "about another person"}
    steps: list[tuple[str, Callable[[], int]]] = [
        ("the full record", lambda: dana.post(f"{at}/file")),
        ("prepare", lambda: dana.post(f"{at}/preparations", asked)),
        ("withhold a word, and see where it stands", lambda: dana.post(f"{at}/preparation/withholdings", word)),
        ("release", lambda: dana.post(f"{at}/releases", {"looked": "1"})),
        ("download what was released", lambda: dana.get(f"{at}/releases/1")),
    ]
    for name, step in steps:
        timings.clear()
        seconds, size = _meanwhile(crowd, step)
        print(f"{name:42} {seconds:5.1f} s  {size / 1e6:6.1f} MB   those who type: {timings.line()}")


def _meanwhile(crowd: Crowd, step: Callable[[], int]) -> tuple[float, int]:
    """Seconds and bytes, while the crowd goes on."""
    found: list[tuple[float, int]] = []

    def take() -> None:
        began = time.perf_counter()
        size = step()
        found.append((time.perf_counter() - began, size))

    asking = threading.Thread(target=take)
    asking.start()
    while asking.is_alive():
        crowd.go_on(0.2)
    return found[0]


class _Browser:
    """One signed-in person."""

    def __init__(self, base: str, email: str, password: str) -> None:
        self._base = base
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self.post("/login", {"email": email, "password": password})

    def get(self, path: str) -> int:
        return self._size(urllib.request.Request(self._base + path))

    def post(self, path: str, form: dict[str, str] | None = None) -> int:
        with self._opener.open(f"{self._base}/login", timeout=60) as page:
            token = re.search(r'name="csrf-token" content="([^"]+)"', page.read().decode())
        assert token is not None
        data = urllib.parse.urlencode({**(form or {}), "csrf_token": token[1]}).encode()
        return self._size(urllib.request.Request(self._base + path, data, {"Referer": f"{self._base}/"}))

    def _size(self, request: urllib.request.Request) -> int:
        size = 0
        with self._opener.open(request, timeout=300) as answer:
            while piece := answer.read(1 << 20):
                size += len(piece)
        return size
