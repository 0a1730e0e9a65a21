"""From a key pressed to a peer's screen, committed before it is acknowledged, and what it costs the server.

Run as `python -m bench edits [--plans 1 --people 4 --typing 4 --rate 8 --seconds 10]`. The server runs in its own
process on one core, the load on another; `rate` is keys a second of each who types.
"""

import argparse
import os
import random
import selectors
import shutil
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from flask_migrate import upgrade

from actions import patients
from app import create_app
from bench.participant import Participant, Timings
from config import Settings
from tests import personas
from tests.personas import AINO, DANA, LENA, RAVI
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess
from wire.connection import sign_in

WARM_UP = 2.0


def main(arguments: list[str]) -> None:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        _settle(instance, options.plans)
        server = ServerProcess(instance)
        _pin(0)
        server.start()
        _pin(1)
        try:
            _measure(server, instance, options)
        finally:
            server.kill()
            shutil.rmtree(instance, ignore_errors=True)
            instance.mkdir()


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench edits")
    parser.add_argument("--plans", type=int, default=1)
    parser.add_argument("--people", type=int, default=4, help="in each plan")
    parser.add_argument("--typing", type=int, default=4, help="of them")
    parser.add_argument("--rate", type=float, default=8, help="keys a second of each who types")
    parser.add_argument("--seconds", type=float, default=10)
    return parser


def _settle(instance: Path, plans: int) -> None:
    app = create_app(
        Settings.from_environment(
            {"INSTANCE_DIR": str(instance), "SECRET_KEY": "k" * 40, "ASYNC_MODE": "threading", "LOG_LEVEL": "error"}
        )
    )
    with app.app_context():
        upgrade()
        house = app.extensions["consilium"]
        personas.settle(house.units)
        for number in range(plans):
            who = patients.Identity(f"Bench {number}", date(1970, 1, 1), f"B-{number}")
            personas.take_in(house.units, DANA, who, personas.SPINE)
        house.shutdown()


def _measure(server: ServerProcess, instance: Path, options: argparse.Namespace) -> None:
    cookies = [sign_in(server.url, who.email, personas.PASSWORD) for who in (DANA, LENA, RAVI, AINO)]
    timings = Timings()
    everyone: list[Participant] = []
    typists: list[Participant] = []
    for number in range(options.plans):
        place = Place(instance, f"Bench {number}")
        document = place.document("understanding")
        for seat in range(options.people):
            client_id = 1_000_000 + number * 1000 + seat
            cookie = cookies[seat % len(cookies)]
            person = Participant(server.url, cookie, place.plan, document, client_id, timings)
            everyone.append(person)
            if seat < options.typing:
                typists.append(person)
    _run(everyone, typists, options.rate, WARM_UP)
    timings.sent.clear()
    timings.heard.clear()
    timings.acknowledged.clear()
    before = cpu_seconds(server)
    _run(everyone, typists, options.rate, options.seconds)
    used = cpu_seconds(server) - before
    _report(options, timings, used)


def _run(everyone: list[Participant], typists: list[Participant], rate: float, seconds: float) -> None:
    """Keep everyone reading and each typist at its rate, out of step with the others."""
    selector = selectors.DefaultSelector()
    for person in everyone:
        selector.register(person.socket, selectors.EVENT_READ, person)
    rng = random.Random(1)
    began = time.perf_counter()
    due = [(began + rng.random() / rate, person) for person in typists]
    while (now := time.perf_counter()) < began + seconds:
        wait = max(0.0, min((at for at, _person in due), default=now + 0.05) - now)
        for key, _events in selector.select(min(wait, 0.05)):
            key.data.receive()
        now = time.perf_counter()
        for index, (at, person) in enumerate(due):
            if at <= now:
                person.type()
                due[index] = (max(at + 1 / rate, now), person)
    settle_until = time.perf_counter() + 0.3
    while time.perf_counter() < settle_until:
        for key, _events in selector.select(0.05):
            key.data.receive()
    selector.close()


def _report(options: argparse.Namespace, timings: Timings, used: float) -> None:
    peers, acks = timings.to_peers(), timings.acknowledged
    edits = len(acks)
    load = (
        f"{options.plans} plan(s) x {options.people} people, {options.typing} typing at {options.rate:g} keys a second"
    )
    print(f"{load}, {options.seconds:g} s: {edits} edits ({edits / options.seconds:.0f}/s), {len(peers)} deliveries")
    for name, times in (("edit to acknowledgement", acks), ("edit to peer", peers)):
        print(f"  {name:24} p50 {_ms(times, 50):6.2f}   p95 {_ms(times, 95):6.2f}   p99 {_ms(times, 99):6.2f} ms")
    each, delivered = used / edits * 1e6, used / max(1, len(peers)) * 1e6
    print(f"  server CPU {used:.2f} s: {each:.0f} us an edit, {delivered:.0f} us a delivery")
    if timings.refused:
        print(f"  refused: {len(timings.refused)} ({', '.join(sorted(set(timings.refused)))})")


def _ms(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1] * 1000


def cpu_seconds(server: ServerProcess) -> float:
    """User and system time of the server's processes so far."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[2]) == server.pid:
                total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def _pin(core: int) -> None:
    """Keep this process, and those it starts from now on, on one core, if there are two."""
    cores = sorted(os.sched_getaffinity(os.getppid()))
    os.sched_setaffinity(0, {cores[core % len(cores)]})
