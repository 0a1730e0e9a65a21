"""A plan's history where a section has 200,000 edits: the page with its list, and the difference of two versions.

Run as `python -m bench versions [--requests 40]`. A few people type in another plan meanwhile. The first look at a
difference works it out, once. The list is measured where nothing differs from now.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from sqlalchemy import select

from actions import versions
from actions.versions import Standing
from bench import clinic, consilium
from bench.authorship import asked
from bench.history import tell
from bench.load import Crowd, Timings
from cli.demo.large.histories import InRuns
from livedoc.replica import Replica
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
        for number in range(1, VERSIONS + 1):
            seq = last * number // VERSIONS
            text = Replica(house.hub.log.state(document, epoch, seq).updates).text()
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
    crowd.go_on(QUIET)
    print(f"{PEOPLE} people typing elsewhere, alone: edit to peer {timings.line()}")
    place = Place(server.process.instance, f"Bench {LONG}")
    at = f"{server.process.url}/patients/{place.patient}/history"
    looks = {
        "list": at,
        "two versions beside each other": f"{at}?since={ids[-2]}&until={ids[-1]}",
        "two versions far apart": f"{at}?since={ids[0]}&until={ids[-1]}",
    }
    for name, url in looks.items():
        timings.clear()
        (first,) = asked(crowd, url, cookie, 1)
        took = asked(crowd, url, cookie, requests)
        p95 = statistics.quantiles(took, n=20)[18]
        print(
            f"{name:32} first {first * 1000:6.0f} ms, then p50 {statistics.median(took) * 1000:5.0f}  "
            f"p95 {p95 * 1000:5.0f} ms   those who type: {timings.line()}"
        )
    timings.clear()
    pairs = [f"{at}?since={one}&until={other}" for one, other in zip(ids[:12], ids[1:13], strict=True)]
    firsts = sorted(asked(crowd, url, cookie, 1)[0] for url in pairs)
    print(
        f"first look at each of {len(pairs)} differences: p50 {statistics.median(firsts) * 1000:.0f} "
        f"p95 {firsts[-2] * 1000:.0f} ms   those who type: {timings.line()}"
    )
