"""The board page and the list of patients with 10,000 patients in the database: statements and latency.

Run as `python -m bench pages`. The application serves in-process; what is timed is the whole request.
"""

import gc
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert

from actions import sign_in
from app import create_app
from config import Settings
from models.base import db
from models.patient import CareTeamMember, Patient, search_key
from models.plan import Plan
from tests import personas
from tests.statements import counted

PATIENTS = 10_000
REQUESTS = 200
FAMILY = ("Nagy", "Duarte", "Hall", "Okafor", "Lind", "Marek", "Silva", "Weber", "Rossi", "Novak")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = clinic(Path(folder))
        with app.app_context():
            _crowd()
            board = f"/patients/{personas.patient_id('Maria Kovač')}/plan"
            client = signed_in(app)
        print(f"{PATIENTS:,} patients, {REQUESTS} requests each, in-process")
        for name, path in (
            ("board of a full plan", board),
            ("patients, by last change", "/patients"),
            ("patients, search by name", "/patients?q=okafor"),
            ("patients, by name", "/patients?order=name"),
        ):
            report(name, app, client, path)
        app.extensions["consilium"].shutdown()


def report(name: str, app: Flask, client: FlaskClient, path: str) -> None:
    base = app.extensions["consilium"].settings.public_url
    for _warm_up in range(5):
        assert client.get(path, base_url=base).status_code == 200, path
    with counted(app) as statements:
        client.get(path, base_url=base)
    times: list[Took] = []
    for _request in range(REQUESTS):
        began, used = time.perf_counter(), time.process_time()
        client.get(path, base_url=base)
        times.append(((time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000))
    print(f"  {name:36} {len(statements):3} statements   {summary(times)}")


Took = tuple[float, float]
"""Milliseconds of the clock, and of the processor, which a busy machine changes less."""


def summary(times: Sequence[Took]) -> str:
    clock, processor = [each for each, _used in times], [used for _each, used in times]
    (p95, used_p95) = (statistics.quantiles(each, n=20)[18] for each in (clock, processor))
    return (
        f"p50 {statistics.median(clock):6.1f} ms   p95 {p95:6.1f} ms"
        f"   (processor p50 {statistics.median(processor):5.1f}, p95 {used_p95:5.1f})"
    )


def clinic(folder: Path) -> Flask:
    app = create_app(
        Settings.from_environment(
            {"INSTANCE_DIR": str(folder), **personas.KEYS, "ASYNC_MODE": "threading", "LOG_LEVEL": "error"}
        )
    )
    with app.app_context():
        upgrade()
        personas.settle(app.extensions["consilium"].units)
        _fill_the_plan(app)
    settle()
    return app


def settle() -> None:
    """As a worker does that serves: gunicorn.conf.py."""
    gc.collect()
    gc.freeze()


def _fill_the_plan(app: Flask) -> None:
    """Two kilobytes in every text of Maria's plan, through the server's own edits."""
    from livedoc import edits

    house = app.extensions["consilium"]
    words = "## Assessment\n\n" + "- Walks ten minutes without stopping, **twice a day**, and rests between.\n" * 28
    ids = personas.documents_of("Maria Kovač")
    with house.units.begin(personas.actor(personas.DANA), ids) as work:
        for document_id in ids:
            current = house.hub.current(document_id)
            edits.replace(work, house.hub, document_id, current.epoch, current.seq, words, work.actor_id)


def _crowd() -> None:
    """Many patients in bulk, a hundred of them in Dana's care."""
    now, dana = datetime.now(UTC), personas.user(personas.DANA).id
    patients = []
    for number in range(PATIENTS):
        name = f"Person{number} {FAMILY[number % len(FAMILY)]}"
        patients.append(
            {
                "name": name,
                "name_key": search_key(name),
                "number": f"L-{number:05}",
                "number_key": f"l-{number:05}",
                "birth_date": date(1950, 1, 1) + timedelta(days=number),
                "pronouns": "",
                "created_at": now,
                "created_by_id": dana,
                "changed_at": now - timedelta(minutes=number),
            }
        )
    session = db.session
    ids = list(session.scalars(insert(Patient).returning(Patient.id), patients))
    session.execute(insert(Plan), [{"patient_id": patient_id, "revision": 1} for patient_id in ids])
    session.execute(
        insert(CareTeamMember),
        [
            {"patient_id": patient_id, "user_id": dana, "function": "Physiotherapy", "since": now, "added_by_id": dana}
            for patient_id in ids[::100]
        ],
    )
    session.commit()


def signed_in(app: Flask) -> FlaskClient:
    units = app.extensions["consilium"].units
    with units.begin(None) as work:
        token = sign_in.start_session(work, personas.user(personas.DANA), "bench")
    client = app.test_client()
    with client.session_transaction(base_url=app.extensions["consilium"].settings.public_url) as session:
        session["_user_id"] = token
    return client


if __name__ == "__main__":
    main()
