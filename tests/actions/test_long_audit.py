"""An audit of years is verified while somebody waits."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, update

from actions import audit_chain
from models.audit import AuditEvent, AuditHead
from models.base import db

pytestmark = pytest.mark.usefixtures("context")


def test_a_long_audit_takes_seconds(app: Flask) -> None:
    """Thirty thousand rows, as fast as a hundred thousand in ten seconds at the least."""
    seals, rows = app.extensions["consilium"].seals, 30_000
    head = audit_chain.verify(db.session(), seals).head
    db.session.remove()
    with db.engine.begin() as connection:
        seal, batch = head.seal, []
        for number in range(head.count + 1, head.count + rows + 1):
            row = {
                "id": number,
                "at": datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=number),
                "actor_id": 1,
                "session_id": None,
                "action": "board:view",
                "thing": f"plan:{number % 97}",
                "patient_id": None,
                "outcome": "viewed",
                "detail": {"number": number},
            }
            row["seal"] = seal = seals.link(AuditEvent.PURPOSE, seal, *AuditEvent(**row).sealed_fields())
            batch.append(row)
        connection.execute(insert(AuditEvent.__table__), batch)  # type: ignore[arg-type]
        connection.execute(update(AuditHead).values(count=number, seal=seal))
    began = time.perf_counter()
    report = audit_chain.verify(db.session(), seals)
    assert (report.problem, report.head.count) == (None, head.count + rows)
    assert time.perf_counter() - began < 30
