"""One commit per change, publishing only after it, and a write gate that yields."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from access import loaders
from access.permissions import Permission
from actions import about, audit
from actions.unit_of_work import Units
from models import write_gate
from models.audit import AuditEvent, Outcome
from models.base import db
from models.plan import Plan
from tests.conftest import MovableClock
from tests.databases.kinds import both, on_sqlite
from tests.personas import DANA, OTTO, actor, patient_id

pytestmark = pytest.mark.usefixtures("context")


class Heard:
    """A publisher that remembers what it was told, and whether the commit was visible by then."""

    def __init__(self) -> None:
        self.boards: list[tuple[int, list[str], int]] = []

    def board_changed(self, plan_id, fragments, revision):  # type: ignore[no-untyped-def]
        self.boards.append((plan_id, list(fragments), revision))
        assert db.session.scalar(text("SELECT revision FROM plans WHERE id = :id"), {"id": plan_id}) == revision

    def access_changed(self, patient_id, user_id):  # type: ignore[no-untyped-def]
        pass

    def session_ended(self, session_ids, reason):  # type: ignore[no-untyped-def]
        pass


@both
def test_rows_audit_and_revision_commit_together_and_are_then_published(app: Flask, clock: MovableClock) -> None:
    heard = Heard()
    units = Units(clock, heard, seals=app.extensions["consilium"].seals)
    grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.ABOUT_EDIT)
    before = grant.plan.revision
    with units.begin(grant.actor) as work:
        about.change(work, grant, about.ContactDetails(phone="0123"))
        assert heard.boards == []
    assert heard.boards == [(grant.plan.id, ["banner"], before + 1)]
    row = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (row.action, row.patient_id, row.outcome) == (Permission.ABOUT_EDIT, grant.patient.id, Outcome.DONE)
    assert "0123" not in str(row.detail)


@both
def test_a_change_that_fails_leaves_nothing_and_tells_nobody(app: Flask, clock: MovableClock) -> None:
    heard, undone = Heard(), []
    grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.ABOUT_EDIT)
    revision, rows = grant.plan.revision, len(db.session.scalars(select(AuditEvent.id)).all())
    with (
        pytest.raises(RuntimeError),
        Units(clock, heard, seals=app.extensions["consilium"].seals).begin(grant.actor) as work,
    ):
        work.after_rollback(lambda: undone.append(True))
        about.change(work, grant, about.ContactDetails(phone="0123"))
        raise RuntimeError
    assert heard.boards == []
    assert undone == [True]
    assert about.current(grant) is None
    assert db.session.get(Plan, grant.plan.id).revision == revision
    assert len(db.session.scalars(select(AuditEvent.id)).all()) == rows


@both
def test_the_database_refuses_to_change_or_remove_an_audit_row(app: Flask) -> None:
    for statement in ("UPDATE audit_events SET outcome = 'x'", "DELETE FROM audit_events"):
        with pytest.raises(DatabaseError, match="only ever added"):
            db.session.execute(text(statement))
        db.session.rollback()


@both
def test_views_and_denials_are_one_row_per_session_thing_and_ten_minutes(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    dana, maria = actor(DANA), patient_id("Maria Kovač")

    def views() -> int:
        query = select(AuditEvent.id).where(AuditEvent.outcome == Outcome.VIEWED, AuditEvent.patient_id == maria)
        return len(db.session.scalars(query).all())

    for minutes, expected in ((0, 1), (9, 1), (2, 2)):
        clock.advance(minutes=minutes)
        audit.record_view(units, dana, Permission.BOARD_VIEW, f"patient:{maria}", maria)
        assert views() == expected
    audit.record_view(units, actor(OTTO), Permission.BOARD_VIEW, f"patient:{maria}", maria)


@on_sqlite
def test_a_writer_waits_for_the_one_before_it(app: Flask) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        with app.app_context():
            inside.wait(30)
            with write_gate.write_gate(db.engine):
                order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with write_gate.write_gate(db.engine):
        inside.set()
        thread.join(0.2)
        order.append("first")
    thread.join(60)
    assert order == ["first", "second"]


@on_sqlite
def test_a_writer_of_another_process_is_waited_for_and_then_reported(app: Flask, instance) -> None:  # type: ignore[no-untyped-def]
    import sqlite3

    other = sqlite3.connect(instance / "consilium.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(write_gate.DatabaseBusy):
        write_gate.begin_immediate(lambda: db.session.execute(text("BEGIN IMMEDIATE")), patience=0.3)
    db.session.rollback()
    other.execute("ROLLBACK")
    other.close()
    write_gate.begin_immediate(lambda: db.session.execute(text("BEGIN IMMEDIATE")), patience=0.3)
    db.session.rollback()
