"""Search on the large demo clinic: how long the palette's answer takes, and in how many statements.

Run as `python -m bench search [INSTANCE_DIR]`: over a clinic that `flask demo load --size large` made there, or over
one that is made now, which takes minutes. The application answers in-process; what is timed is the whole request.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select

from actions import search_index, sign_in
from app import create_app
from cli.demo.load import load
from config import Settings
from models.base import db
from models.patient import CareTeamMember
from models.search import stale
from models.user import User
from tests import personas
from tests.statements import counted

REQUESTS = 100
QUERIES = ("", "mari", "okafor", "s", "as", "assess", "plan", "plan progress", "swim", "hydro", "graded exp", "qqqqqq")


def main(arguments: Sequence[str] = ()) -> None:
    if arguments:
        _measure(Path(arguments[0]))
        return
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    app = create_app(
        Settings.from_environment(
            {"INSTANCE_DIR": str(folder), **personas.KEYS, "ASYNC_MODE": "threading", "LOG_LEVEL": "error", "DEMO": "1"}
        )
    )
    with app.app_context():
        upgrade()
        db.session.remove()
    load(app, large=True)
    with app.app_context():
        _index()
        people = _people()
    for what, user_id, patients in people:
        print(f"{what}, in {patients:,} care teams:")
        client = _signed_in(app, user_id)
        for query in QUERIES:
            _report(query, app, client)
    app.extensions["consilium"].shutdown()


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
    """Whoever cares for the most patients, and for the fewest."""
    count = func.count().label("count")
    rows = db.session.execute(
        select(User.name, User.id, count)
        .join(CareTeamMember, CareTeamMember.user_id == User.id)
        .where(CareTeamMember.until.is_(None), User.disabled_at.is_(None))
        .group_by(User.name, User.id)
        .order_by(count.desc())
    ).all()
    return [(name, user_id, patients) for name, user_id, patients in (rows[0], rows[len(rows) // 2], rows[-1])]


def _report(query: str, app: Flask, client: FlaskClient) -> None:
    base = app.extensions["consilium"].settings.public_url

    def ask() -> bytes:
        answer = client.get("/search/palette", query_string={"q": query}, base_url=base)
        assert answer.status_code == 200
        return bytes(answer.data)

    for _warm_up in range(3):
        ask()
    with counted(app) as statements:
        found = ask().count(b'role="option"')
    times = []
    for _request in range(REQUESTS):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(times, n=20)[18]
    print(
        f"  {query or '(nothing)':14} {found:3} hits {len(statements):3} statements"
        f"   p50 {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms"
    )


def _signed_in(app: Flask, user_id: int) -> FlaskClient:
    with app.app_context(), app.extensions["consilium"].units.begin(None) as work:
        token = sign_in.start_session(work, db.session.get_one(User, user_id), "bench")
    client = app.test_client()
    with client.session_transaction(base_url=app.extensions["consilium"].settings.public_url) as session:
        session["_user_id"] = token
    return client
