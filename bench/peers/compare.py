"""Ours beside Hocuspocus, which stores nothing: the same load, in turns within one run, so that the ratio is fair.

Run as `python -m bench peers [--plans 20 --people 10 --typing 5 --rate 8 --seconds 8 --rounds 3]`. Each server has
core 0 for itself during its turns, everybody stays connected, and a turn is counted once it is under way.
"""

import argparse
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bench import consilium
from bench.load import Crowd, Person, Timings
from bench.peers import hocuspocus
from bench.processes import cpu_seconds

WARM_UP, BREAK = 2.0, 1.0
"""Seconds of typing before a turn is counted, and of quiet after it."""


@dataclass
class Side:
    """One server and what was measured of it."""

    name: str
    server: consilium.Server | hocuspocus.Server
    timings: Timings = field(default_factory=Timings)
    people: list[Person] = field(default_factory=list)
    typists: list[Person] = field(default_factory=list)
    cpu: float = 0.0
    edits: int = 0
    deliveries: int = 0
    turns: list[float] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Server CPU of one delivered edit, in microseconds."""
        return self.cpu / self.deliveries * 1e6


def main(arguments: list[str]) -> None:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        sides = [
            Side("Consilium, tried and committed", consilium.Server(Path(folder), options.plans)),
            Side("Hocuspocus 4.7, nothing stored", hocuspocus.Server()),
        ]
        try:
            for side in sides:
                side.server.start()
                _seat(side, options)
            busy = _take_turns(sides, options)
        finally:
            for side in sides:
                side.server.stop()
    _report(sides, options, busy)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench peers")
    parser.add_argument("--plans", type=int, default=20)
    parser.add_argument("--people", type=int, default=10, help="in each plan")
    parser.add_argument("--typing", type=int, default=5, help="of them")
    parser.add_argument("--rate", type=float, default=8, help="keys a second of each who types")
    parser.add_argument("--seconds", type=float, default=8, help="of a turn")
    parser.add_argument("--rounds", type=int, default=3)
    return parser


def _seat(side: Side, options: argparse.Namespace) -> None:
    for plan in range(options.plans):
        for seat in range(options.people):
            person = side.server.person(plan, seat, side.timings)
            side.people.append(person)
            if seat < options.typing:
                side.typists.append(person)


def _take_turns(sides: list[Side], options: argparse.Namespace) -> float:
    """Answers the largest share of its core that the load itself needed."""
    crowd, busiest = Crowd([person for side in sides for person in side.people]), 0.0
    for _round in range(options.rounds):
        for side in sides:
            crowd.start_typing(side.typists, options.rate)
            crowd.go_on(WARM_UP)
            edits, deliveries = len(side.timings.acknowledged), len(side.timings.to_peers)
            before = cpu_seconds(side.server.group)
            busiest = max(busiest, crowd.go_on(options.seconds))
            used = cpu_seconds(side.server.group) - before
            new = len(side.timings.to_peers) - deliveries
            side.cpu += used
            side.edits += len(side.timings.acknowledged) - edits
            side.deliveries += new
            side.turns.append(used / new * 1e6)
            crowd.stop_typing()
            crowd.go_on(BREAK)
    return busiest


def _report(sides: list[Side], options: argparse.Namespace, busy: float) -> None:
    seconds = options.seconds * options.rounds
    print(
        f"{options.plans} documents x {options.people} people, {options.typing} typing at {options.rate:g} keys a "
        f"second, {options.rounds} turns of {options.seconds:g} s each, steady state; load busy {busy:.0%} at most"
    )
    for side in sides:
        print(
            f"  {side.name:32} {side.edits / seconds:5.0f} edits/s {side.deliveries / seconds:6.0f} deliveries/s   "
            f"server {side.cpu / seconds:5.1%} of a core, {side.cost:5.1f} us a delivered edit "
            f"({', '.join(f'{turn:.1f}' for turn in side.turns)})   edit to peer {side.timings.line()}"
            + (f"   refused {side.timings.refused}" if side.timings.refused else "")
        )
    middle = [statistics.median(side.turns) for side in sides]
    print(f"  ratio {sides[0].cost / sides[1].cost:.2f}, of the middle turns {middle[0] / middle[1]:.2f}")
