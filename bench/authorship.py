"""Who wrote what in long histories: how long its page takes, and whether those who type meanwhile notice.

Run as `python -m bench authorship [--requests 40]`. The documents are like those of `python -m bench history`; a few
people type in another plan. The first look at a history that has no index yet makes it, once.
"""

import argparse
import statistics
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from bench import consilium
from bench.history import tell
from bench.load import Crowd, Timings
from bench.processes import cpu_seconds
from cli.demo.large.histories import History, InRuns, Scattered
from tests import personas
from tests.realtime.people import Place
from wire.connection import sign_in

PEOPLE, RATE = 4, 8.0
QUIET, WARM_UP = 5.0, 2.0
HISTORIES: dict[str, History] = {
    "200 scattered edits": Scattered(200, 4),
    "200,000 edits in runs": InRuns(200_000, 4),
    "50,000 scattered edits": Scattered(50_000, 4),
}
OTHER = len(HISTORIES)
"""The plan that people type in meanwhile."""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench authorship")
    parser.add_argument("--requests", type=int, default=40, help="of each page")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        server = consilium.Server(Path(folder), len(HISTORIES) + 1, text="")
        for plan, history in enumerate(HISTORIES.values()):
            tell(Path(folder), plan, history)
        with server:
            _measure(server, options.requests)


def _measure(server: consilium.Server, requests: int) -> None:
    cookie = sign_in(server.process.url, personas.DANA.email, personas.PASSWORD)
    timings = Timings()
    people = [server.person(OTHER, seat, timings) for seat in range(PEOPLE)]
    crowd = Crowd(people)
    crowd.start_typing(people, RATE)
    crowd.go_on(WARM_UP)
    timings.clear()
    before = _used(server)
    crowd.go_on(QUIET)
    typing = (_used(server) - before) / QUIET
    print(f"{PEOPLE} people typing elsewhere, alone: edit to peer {timings.line()}")
    for plan, name in enumerate(HISTORIES):
        place = Place(server.process.instance, f"Bench {plan}")
        address = f"/patients/{place.patient}/history/who-wrote-what/{place.document('understanding')}"
        url = server.process.url + address
        (first,) = asked(crowd, url, cookie, 1)
        timings.clear()
        before, began = _used(server), time.perf_counter()
        took = asked(crowd, url, cookie, requests)
        used = (_used(server) - before - typing * (time.perf_counter() - began)) / requests
        p95 = statistics.quantiles(took, n=20)[18]
        print(
            f"{name:24} first {first * 1000:6.0f} ms, then p50 {statistics.median(took) * 1000:5.0f}  "
            f"p95 {p95 * 1000:5.0f} ms  (processor {used * 1000:4.0f})   those who type: {timings.line()}"
        )


def _used(server: consilium.Server) -> float:
    """Processor time of the server and of the processes it had working for it, in seconds."""
    return cpu_seconds(server.group, with_ended=True)


def asked(crowd: Crowd, url: str, cookie: str, requests: int) -> list[float]:
    """Seconds of each request, while the crowd goes on."""
    took: list[float] = []
    asking = threading.Thread(target=_ask, args=(url, cookie, requests, took))
    asking.start()
    while asking.is_alive():
        crowd.go_on(0.2)
    return took


def _ask(url: str, cookie: str, requests: int, took: list[float]) -> None:
    for _request in range(requests):
        began = time.perf_counter()
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Cookie": cookie}), timeout=120) as answer:
            answer.read()
        took.append(time.perf_counter() - began)
        time.sleep(0.05)
