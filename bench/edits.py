"""From a key pressed to a peer's screen, committed before it is acknowledged, and what it costs the server.

Run as `python -m bench edits [--plans 1 --people 4 --typing 4 --rate 8 --seconds 10]`. The server runs in its own
process on one core, the load on another; `rate` is keys a second of each who types.
"""

import argparse
import tempfile
from pathlib import Path

from bench import consilium
from bench.load import Crowd, Timings, ms
from bench.processes import cpu_seconds

WARM_UP = 2.0


def main(arguments: list[str]) -> None:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, consilium.Server(Path(folder), options.plans) as server:
        _measure(server, options)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench edits")
    parser.add_argument("--plans", type=int, default=1)
    parser.add_argument("--people", type=int, default=4, help="in each plan")
    parser.add_argument("--typing", type=int, default=4, help="of them")
    parser.add_argument("--rate", type=float, default=8, help="keys a second of each who types")
    parser.add_argument("--seconds", type=float, default=10)
    return parser


def _measure(server: consilium.Server, options: argparse.Namespace) -> None:
    timings = Timings()
    people = [[server.person(plan, seat, timings) for seat in range(options.people)] for plan in range(options.plans)]
    crowd = Crowd([person for plan in people for person in plan])
    crowd.start_typing([person for plan in people for person in plan[: options.typing]], options.rate)
    crowd.go_on(WARM_UP)
    timings.clear()
    before = cpu_seconds(server.group)
    crowd.go_on(options.seconds)
    _report(options, timings, cpu_seconds(server.group) - before)


def _report(options: argparse.Namespace, timings: Timings, used: float) -> None:
    edits, peers = len(timings.acknowledged), len(timings.to_peers)
    load = (
        f"{options.plans} plan(s) x {options.people} people, {options.typing} typing at {options.rate:g} keys a second"
    )
    print(f"{load}, {options.seconds:g} s: {edits} edits ({edits / options.seconds:.0f}/s), {peers} deliveries")
    for name, times in (("edit to acknowledgement", timings.acknowledged), ("edit to peer", timings.to_peers)):
        print(f"  {name:24} p50 {ms(times, 50):6.2f}   p95 {ms(times, 95):6.2f}   p99 {ms(times, 99):6.2f} ms")
    each, delivered = used / edits * 1e6, used / max(1, peers) * 1e6
    print(f"  server CPU {used:.2f} s: {each:.0f} us an edit, {delivered:.0f} us a delivery")
    if timings.refused:
        print(f"  refused: {timings.refused}")
