"""A plan's history where a section has 200,000 edits: the page with its list, differences at the first look and later,
who wrote what, and the moments of a replay; and whether those who type in another plan notice.

Run as `python -m bench versions [--requests 40]`. The list is measured where nothing differs from now. The first look
at a difference works it out, once; the very first one begins the process that does.
"""

import argparse
import re
import statistics
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from actions import versions
from actions.versions import Standing
from bench import clinic, consilium
from bench.authorship import asked
from bench.history import tell
from bench.load import Crowd, Timings, ms
from bench.processes import cpu_seconds
from cli.demo.large.histories import InRuns
from jobs import authorship
from livedoc.ports import run_here
from models.base import db
from models.document import Document
from models.plan import Plan
from models.version import VersionKind
from tests import personas
from tests.realtime.people import Place
from wire.connection import sign_in

PEOPLE, RATE = 4, 8.0
QUIET, WARM_UP = 5.0, 2.0
EDITS, VERSIONS = 200_000, 25
LONG, OTHER = 0, 1
"""The plan with the history, and the one that people type in meanwhile."""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench versions")
    parser.add_argument("--requests", type=int, default=40, help="of each page")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        server = consilium.Server(Path(folder), 2, text="")
        tell(Path(folder), LONG, InRuns(EDITS, 4))
        ids = freeze(Path(folder))
        with server:
            _measure(server, ids, options.requests)


def freeze(instance: Path) -> list[int]:
    """Versions at even distances of the history, the last of them as it is now; their ids."""
    place, made = Place(instance, f"Bench {LONG}"), list[int]()
    document = int(place.document("understanding"))
    app = clinic.application(instance)
    with app.app_context():
        house = app.extensions["consilium"]
        plan = db.session.scalars(select(Plan.id).where(Plan.patient_id == int(place.patient))).one()
        epoch, last = db.session.execute(select(Document.epoch, Document.seq).where(Document.id == document)).one()
        while authorship.catch_up(house.hub.log, run_here):  # as a serving process does
            pass
        for number in range(1, VERSIONS + 1):
            seq = last * number // VERSIONS
            text = house.attribution.who_wrote(document, (epoch, seq)).text
            with house.units.begin(None) as work:
                standing = {**versions.kept(work, plan), document: Standing(epoch, seq, text)}
                made.append(versions.freeze(work, plan, VersionKind.AUTOMATIC, standing).id)
        house.shutdown()
    return made


def _measure(server: consilium.Server, ids: list[int], requests: int) -> None:
    cookie = sign_in(server.process.url, personas.DANA.email, personas.PASSWORD)
    timings = Timings()
    people = [server.person(OTHER, seat, timings) for seat in range(PEOPLE)]
    crowd = Crowd(people)
    crowd.start_typing(people, RATE)
    crowd.go_on(WARM_UP)
    timings.clear()
    before = _used(server)
    crowd.go_on(QUIET)
    print(
        f"{PEOPLE} people typing elsewhere, alone: acknowledged p50 {ms(timings.acknowledged, 50):.1f} "
        f"p95 {ms(timings.acknowledged, 95):.1f} ms, edit to peer {timings.line()}"
    )
    alone = _Alone(ms(timings.acknowledged, 95), (_used(server) - before) / QUIET)
    place = Place(server.process.instance, f"Bench {LONG}")
    document = place.document("understanding")
    at = f"{server.process.url}/patients/{place.patient}/history"
    near = [f"{at}?since={one}&until={other}" for one, other in pairwise(ids)]
    far = [f"{at}?since={ids[number]}&until={ids[-1 - number]}" for number in range(len(ids) // 2)]
    (began,) = asked(crowd, near.pop(), cookie, 1)
    print(f"very first look, with a process begun for it: {began * 1000:.0f} ms")
    look = _Look(server, crowd, timings, cookie, alone)
    look.at("first look, neighbours", near)
    look.at("first look, far apart", far)
    look.at("first look, a version and now", [f"{at}?since={each}&until=now" for each in ids[1:-1:2]])
    look.at("list", [at] * requests)
    look.at("a difference looked at before", [near[-1]] * requests)
    look.at("who wrote what", [f"{at}/who-wrote-what/{document}"] * requests)
    look.at("a moment of the replay", _moments(at, document, cookie))


def _moments(at: str, document: str, cookie: str) -> list[str]:
    """Every third moment, as a browser asks for it."""
    request = urllib.request.Request(f"{at}/replay/{document}", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=120) as answer:
        page = answer.read().decode()
    found = re.findall(r"moment=([0-9.]+)\" data-number", page)
    print(f"a replay of {len(found)} moments")
    return [f"{at}/replay/{document}?moment={each}&part=moment" for each in found[1::3]]


@dataclass(frozen=True)
class _Alone:
    """What it is like while nobody asks: milliseconds in which edits were acknowledged (p95), and the processor time
    of a second."""

    acknowledged: float
    processor: float


@dataclass(frozen=True)
class _Look:
    """Somebody who looks at one address after the other while others type."""

    server: consilium.Server
    crowd: Crowd
    timings: Timings
    cookie: str
    alone: _Alone

    def at(self, name: str, urls: list[str]) -> None:
        self.timings.clear()
        before, began = _used(self.server), time.perf_counter()
        took = [asked(self.crowd, url, self.cookie, 1)[0] for url in urls]
        used = _used(self.server) - before - self.alone.processor * (time.perf_counter() - began)
        p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
        busy = ms(self.timings.acknowledged, 95)
        print(
            f"{name:30} {len(took):3}: p50 {p50 * 1000:5.0f}  p95 {p95 * 1000:5.0f} ms, processor "
            f"{used / len(took) * 1000:4.0f} ms; edits elsewhere acknowledged: "
            f"p50 {ms(self.timings.acknowledged, 50):4.1f}  p95 {busy:5.1f} ms, "
            f"{busy / self.alone.acknowledged:4.1f} times alone"
        )
        self.crowd.go_on(0.5)


def _used(server: consilium.Server) -> float:
    """Processor time of the server and of the process that works differences out, in seconds."""
    return cpu_seconds(server.group, with_ended=True)
