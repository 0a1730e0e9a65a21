"""Every minute the audit's head goes to the log, with nothing else in it."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from actions import audit_chain
from jobs import audit_head
from jobs.background import AUDIT_HEAD_EVERY
from jobs.ticker import Job, Ticker
from models.base import db
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, patient_id


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def kept() -> Iterator[list[logging.LogRecord]]:
    handler = Kept()
    audit_head.log.addHandler(handler)
    yield handler.records
    audit_head.log.removeHandler(handler)


@both
def test_each_minute_has_its_line_and_each_line_is_a_head_to_compare_with(
    app: Flask, browser, clock: MovableClock, kept: list[logging.LogRecord]
) -> None:
    with app.app_context():
        engine, maria = db.engine, patient_id("Maria Kovač")
    ticker = Ticker(clock, [Job("audit head", AUDIT_HEAD_EVERY, partial(audit_head.announce, engine))])
    assert timedelta(minutes=1) == AUDIT_HEAD_EVERY
    dana = browser(DANA)
    for minute in range(3):
        ticker.round()
        dana.get(f"/patients/{maria}/plan")
        dana.get("/patients/987654")
        clock.advance(minutes=11 if minute == 1 else 1)
    lines = [record.fields for record in kept]  # type: ignore[attr-defined]
    assert [set(line) for line in lines] == [{"count", "head"}] * 3
    counts = [line["count"] for line in lines]
    assert counts[0] < counts[1] <= counts[2]
    with app.app_context():
        heads = [audit_chain.Head.parse(line["head"]) for line in lines]
        report = audit_chain.verify(db.session(), app.extensions["consilium"].seals, heads)
    assert report.problem is None
    assert report.head.count > counts[2]


def test_an_audit_without_rows_says_nothing(app: Flask, kept: list[logging.LogRecord]) -> None:
    with app.app_context():
        audit_head.announce(db.engine)
        assert len(kept) == 1
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE audit_head SET count = 0")
        audit_head.announce(db.engine)
    assert len(kept) == 1
