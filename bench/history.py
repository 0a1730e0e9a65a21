"""What a long history costs: typing into it, and opening it cold, beside a short one in the same run.

Run as `python -m bench history [--seconds 5 --rounds 4]`. Three documents: 200 edits and 50,000, each letter typed
somewhere else, and 200,000 typed in runs.
"""

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bench import clinic, consilium, keys
from bench.load import Crowd, Person, Timings
from bench.processes import cpu_seconds
from cli.demo.large.histories import History, InRuns, Scattered
from cli.demo.large.telling import Telling
from tests import personas
from tests.realtime.people import Place

PEOPLE, RATE = 10, 8.0
OPENINGS = 15
WARM_UP = 2.0
SHORT, RUNS, LONG = 0, 1, 2
"""The plans with the three documents."""
NAMES = {SHORT: "200 scattered edits", RUNS: "200,000 edits in runs", LONG: "50,000 scattered edits"}


def main(arguments: list[str]) -> None:
    options = _options().parse_args(arguments)
    histories: dict[int, History] = {SHORT: Scattered(200, 2), RUNS: InRuns(200_000, 2), LONG: Scattered(50_000, 2)}
    with tempfile.TemporaryDirectory() as folder:
        server = consilium.Server(Path(folder), len(histories), text="")
        for plan, history in histories.items():
            tell(Path(folder), plan, history)
        with server:
            _open_cold(server)
            _type(server, {plan: each for plan, each in histories.items() if isinstance(each, Scattered)}, options)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench history")
    parser.add_argument("--seconds", type=float, default=5, help="of a turn")
    parser.add_argument("--rounds", type=int, default=4)
    return parser


def tell(instance: Path, plan: int, history: History) -> None:
    app = clinic.application(instance)
    with app.app_context():
        house = app.extensions["consilium"]
        document = int(Place(instance, f"Bench {plan}").document("understanding"))
        times = (datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=number) for number in count())
        telling = Telling(document, history, [personas.user(each).id for each in consilium.TEAM], times)
        with house.units.begin(None) as work:
            while telling.go_on(work):
                pass
            telling.conclude(work)
        house.shutdown()


def _open_cold(server: consilium.Server) -> None:
    """In turns: nobody has the document open, and somebody opens it."""
    seconds: dict[int, list[float]] = {plan: [] for plan in NAMES}
    for _round in range(OPENINGS):
        for plan in NAMES:
            seconds[plan].append(_opening(server, plan))
    short = statistics.median(seconds[SHORT])
    print(f"cold doc.open, the middle of {OPENINGS} each, from asking to the whole answer")
    for plan, name in NAMES.items():
        middle = statistics.median(seconds[plan])
        print(f"  {name:24} {middle * 1000:7.1f} ms, {(middle - short) * 1000:+6.1f} beside the first")


def _opening(server: consilium.Server, plan: int) -> float:
    place = Place(server.process.instance, f"Bench {plan}")
    websocket = server.board(place)
    document = place.document("understanding")
    began = time.perf_counter()
    websocket.send(f'428["doc.open",{{"doc":"{document}","client_ids":[]}}]')
    while not (answer := websocket.receive_bytes()).startswith(b"438"):
        pass
    took = time.perf_counter() - began
    assert b'"error"' not in answer[:100], answer[:100]
    websocket.close()
    time.sleep(0.1)
    return took


def _type(server: consilium.Server, histories: dict[int, Scattered], options: argparse.Namespace) -> None:
    timings = {plan: Timings() for plan in histories}
    people = {plan: _people(server, plan, each, timings[plan]) for plan, each in histories.items()}
    crowd = Crowd([person for seated in people.values() for person in seated])
    costs: dict[int, list[float]] = {plan: [] for plan in histories}
    for _round in range(options.rounds):
        for plan, seated in people.items():
            crowd.start_typing(seated, RATE)
            crowd.go_on(WARM_UP)
            edits, before = len(timings[plan].acknowledged), cpu_seconds(server.group)
            crowd.go_on(options.seconds)
            used = cpu_seconds(server.group) - before
            costs[plan].append(used / (len(timings[plan].acknowledged) - edits) * 1e6)
            crowd.stop_typing()
            crowd.go_on(0.5)
    print(f"{PEOPLE} people typing at {RATE:g} keys a second, {options.rounds} turns of {options.seconds:g} s each")
    for plan in histories:
        turns = ", ".join(f"{cost:.0f}" for cost in costs[plan])
        refused = f"   refused {timings[plan].refused}" if timings[plan].refused else ""
        print(
            f"  {NAMES[plan]:24} server {statistics.mean(costs[plan]):5.0f} us an edit ({turns})   "
            f"edit to peer {timings[plan].line()}{refused}"
        )
    print(f"  ratio {statistics.mean(costs[LONG]) / statistics.mean(costs[SHORT]):.2f}")


def _people(server: consilium.Server, plan: int, history: Scattered, timings: Timings) -> list[Person]:
    """Each of them types elsewhere in the text."""
    places = history.places
    people = []
    for seat in range(PEOPLE):
        at = (seat + 1) * len(places) // (PEOPLE + 2)
        between: keys.Between = (places[at], places[at + 1])
        people.append(server.person(plan, seat, timings, between))
    return people
