"""What every connection to PostgreSQL promises, and what an address may change of it."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from models.base import db
from models.connections import engine_options
from tests.databases.kinds import on_postgresql

pytestmark = on_postgresql


def shown(connection, name: str) -> str:  # type: ignore[no-untyped-def]
    return str(connection.scalar(text(f"SHOW {name}")))


def test_commits_are_durable_times_are_utc_and_waiting_ends(app: Flask, context: None) -> None:
    promised = {
        "synchronous_commit": "on",
        "fsync": "on",
        "timezone": "UTC",
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
        "application_name": "consilium",
    }
    with db.engine.connect() as connection:
        assert {name: shown(connection, name) for name in promised} == promised
        assert connection.dialect.driver == "psycopg"


@pytest.mark.usefixtures("context")
def test_an_address_may_change_a_limit_but_not_that_commits_are_durable(app: Flask) -> None:
    url = db.engine.url.update_query_dict({"options": "-c lock_timeout=10s -c synchronous_commit=off"})
    engine = create_engine(url, **engine_options(url.render_as_string(hide_password=False)))
    with engine.connect() as connection:
        assert shown(connection, "lock_timeout") == "10s"
        assert shown(connection, "synchronous_commit") == "on"
        assert shown(connection, "statement_timeout") == "30s"
    engine.dispose()


def test_a_connection_that_was_cut_is_replaced_before_it_is_used(app: Flask, context: None) -> None:
    with db.engine.connect() as connection:
        cut = connection.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(db.engine.url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": cut})
    other.dispose()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != cut
