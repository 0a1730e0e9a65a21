"""Search on the large demo clinic: how long the palette's answer takes, and in how many statements.

Run as `python -m bench search [--postgresql] [INSTANCE_DIR]`: over a clinic that `flask demo load --size large` made
there, or over one that is made now, which takes minutes; `--postgresql` makes it in a cluster of its own. Comments and
tasks are added first. The application answers in-process; what is timed is the whole request, once by the clock and
once by the processor's time of this process.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select

from actions import search_index, sign_in
from app import create_app
from bench import chatter
from bench.pages import Took, settle, summary
from cli.demo.load import load
from config import Settings
from models.base import db
from models.patient import CareTeamMember
from models.search import stale
from models.user import User
from tests import personas
from tests.databases.cluster import Cluster
from tests.statements import counted

REQUESTS = 100
QUERIES = {
    "nothing": ("",),
    "one letter": ("s", "p", "8"),
    "a name": ("mari", "okafor"),
    "a common word, as it is typed": ("th", "pl", "plan", "as", "assess", "walk"),
    "a rare word": ("swim", "hydro"),
    "several words": ("plan progress", "graded exp", "walks ten minutes without stopping"),
    "no word there": ("qqqqqq",),
}


def main(arguments: Sequence[str] = ()) -> None:
    folders = [each for each in arguments if not each.startswith("--")]
    with tempfile.TemporaryDirectory() as made, _database("--postgresql" in arguments) as database:
        _measure(Path(folders[0] if folders else made), database)


@contextmanager
def _database(is_postgresql: bool) -> Iterator[dict[str, str]]:
    """What the environment says of the database."""
    if not is_postgresql:
        yield {}
        return
    cluster = Cluster().start()
    try:
        yield {"DATABASE_URL": cluster.create("bench")}
    finally:
        cluster.remove()


def _measure(folder: Path, database: dict[str, str]) -> None:
    own = {"INSTANCE_DIR": str(folder), "ASYNC_MODE": "threading", "LOG_LEVEL": "error", "DEMO": "1"}
    app = create_app(Settings.from_environment({**own, **personas.KEYS, **database}))
    with app.app_context():
        upgrade()
        db.session.remove()
    load(app, large=True)
    settle()
    with app.app_context():
        chatter.add()
        _index()
        people = _people()
    for what, user_id, patients in people:
        print(f"{what}, in {patients:,} care teams:")
        client = _signed_in(app, user_id)
        everything = [took for queries in QUERIES.values() for query in queries for took in _report(query, app, client)]
        print(f"  all of them: {summary(everything)}")
    app.extensions["consilium"].shutdown()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _index() -> None:
    behind = db.session.scalar(select(func.count()).select_from(stale))
    db.session.rollback()
    began = time.perf_counter()
    search_index.catch_up(db.engine, 500, 0)
    print(f"{behind:,} texts were not indexed yet: {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    found = search_index.rebuild(db.engine)
    print(
        f"index made anew in {time.perf_counter() - began:.1f} s: {', '.join(f'{n:,} {k}s' for k, n in found.items())}"
    )


def _people() -> list[tuple[str, int, int]]:
    """Whoever cares for the most patients, for a middling number and for the fewest."""
    count = func.count().label("count")
    rows = db.session.execute(
        select(User.name, User.id, count)
        .join(CareTeamMember, CareTeamMember.user_id == User.id)
        .where(CareTeamMember.until.is_(None), User.disabled_at.is_(None))
        .group_by(User.name, User.id)
        .order_by(count.desc())
    ).all()
    return [(name, user_id, patients) for name, user_id, patients in (rows[0], rows[len(rows) // 2], rows[-1])]


def _report(query: str, app: Flask, client: FlaskClient) -> list[Took]:
    base = app.extensions["consilium"].settings.public_url

    def ask() -> bytes:
        answer = client.get("/search/palette", query_string={"q": query}, base_url=base)
        assert answer.status_code == 200
        return bytes(answer.data)

    for _warm_up in range(3):
        ask()
    with counted(app) as statements:
        found = ask().count(b'role="option"')
    times: list[Took] = []
    for _request in range(REQUESTS):
        began, used = time.perf_counter(), time.process_time()
        ask()
        times.append(((time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000))
    print(f"  {query or '(nothing)':36} {found:3} hits {len(statements):3} statements   {summary(times)}")
    return times


def _signed_in(app: Flask, user_id: int) -> FlaskClient:
    with app.app_context(), app.extensions["consilium"].units.begin(None) as work:
        token = sign_in.start_session(work, db.session.get_one(User, user_id), "bench")
    client = app.test_client()
    with client.session_transaction(base_url=app.extensions["consilium"].settings.public_url) as session:
        session["_user_id"] = token
    return client
