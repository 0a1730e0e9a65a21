"""Whatever is done to the audit behind the application's back, the first row at fault is named."""

import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from access import loaders
from access.permissions import Permission
from actions import audit, audit_chain
from actions.audit_chain import Head, Report
from models.audit import AuditEvent, AuditHead, Outcome
from models.base import db
from tests.databases.kinds import both, on_sqlite
from tests.personas import DANA, actor, patient_id

pytestmark = pytest.mark.usefixtures("context")

COLUMNS = "at, actor_id, session_id, action, thing, patient_id, outcome, detail, seal"

Tamper = Callable[..., None]


def check(app: Flask, *printed: Head) -> Report:
    db.session.remove()
    return audit_chain.verify(db.session(), app.extensions["consilium"].seals, printed)


@pytest.fixture
def tamper(app: Flask, instance: Path) -> Tamper:
    """Run statements as somebody with the database's file or password would: the guard is taken away first."""

    def run(*statements: str, **values: object) -> None:
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            with closing(sqlite3.connect(instance / "consilium.db")) as connection, connection:
                connection.execute("DROP TRIGGER IF EXISTS audit_events_no_update")
                connection.execute("DROP TRIGGER IF EXISTS audit_events_no_delete")
                for statement in statements:
                    connection.execute(statement, values)
            return
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
            for statement in statements:
                connection.execute(text(statement), values)

    return run


@both
def test_a_sound_audit_is_whole_and_its_head_is_that_of_the_last_row(app: Flask) -> None:
    grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.BOARD_VIEW)
    before = check(app)
    audit.record_view(app.extensions["consilium"].units, grant.actor, Permission.BOARD_VIEW, "plan:1", grant.patient.id)
    after = check(app, before.head)
    assert (before.problem, after.problem) == (None, None)
    assert after.head.count == before.head.count + 1
    assert after.head == audit_chain.current(db.session())
    assert Head.parse(str(after.head)) == after.head


@both
def test_an_audit_that_grows_meanwhile_is_whole(app: Flask) -> None:
    units, done = app.extensions["consilium"].units, threading.Event()
    before = check(app).head.count

    def write() -> None:
        with app.app_context():
            while not done.is_set():
                with units.begin(None) as work:
                    work.record("sign-in", "user:unknown", outcome=Outcome.FAILED)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [check(app) for _ in range(40)]
    finally:
        done.set()
        writer.join(60)
    assert [report.problem for report in reports] == [None] * 40
    assert check(app, *(report.head for report in reports)).head.count > before


@both
@pytest.mark.parametrize(
    "change",
    [
        "thing = 'patient:99'",
        "outcome = 'denied'",
        "action = 'sign-out'",
        "actor_id = (SELECT max(id) FROM users)",
        "actor_id = NULL",
        "session_id = NULL, patient_id = (SELECT max(id) FROM patients)",
        "detail = '{\"a\": 1}'",
        "at = :later",
    ],
)
def test_a_changed_row_is_named(app: Flask, tamper: Tamper, change: str) -> None:
    row = random.Random(change).randrange(2, check(app).head.count - 1)
    tamper(
        f"UPDATE audit_events SET {change} WHERE id = {row}", **({"later": moment(app)} if ":later" in change else {})
    )
    report = check(app)
    assert report.problem is not None
    assert (report.problem.row, report.head.count) == (row, row - 1), str(report.problem)
    assert str(report.problem) == f"Audit row {row} was changed, or another was put in its place."


def write_seal(tamper: Tamper, row: int, seal: bytes) -> None:
    tamper("UPDATE audit_events SET seal = :seal WHERE id = :row", seal=seal, row=row)


def moment(app: Flask) -> object:
    later = app.extensions["consilium"].units.clock() + timedelta(seconds=1)
    return str(later.replace(tzinfo=None)) if db.engine.dialect.name == "sqlite" else later


@both
def test_every_byte_of_a_seal_counts(app: Flask, tamper: Tamper) -> None:
    row = 7
    seal = db.session.scalar(select(AuditEvent.seal).where(AuditEvent.id == row))
    assert seal is not None
    for place in (0, 1, 17, len(seal) - 1):
        flipped = seal[:place] + bytes([seal[place] ^ 1]) + seal[place + 1 :]
        write_seal(tamper, row, flipped)
        problem = check(app).problem
        assert problem is not None
        assert problem.row == row
        assert ("which is not among the integrity keys" in str(problem)) == (place == 0)
    write_seal(tamper, row, b"")
    assert str(check(app).problem).startswith(f"Audit row {row} ")
    write_seal(tamper, row, seal)
    assert check(app).problem is None


@both
def test_rows_taken_out_of_the_middle_are_named_even_if_the_rest_is_numbered_anew(app: Flask, tamper: Tamper) -> None:
    tamper("DELETE FROM audit_events WHERE id = 4")
    assert str(check(app).problem) == "Audit row 4 is missing."
    tamper("DELETE FROM audit_events WHERE id IN (5, 6)")
    assert str(check(app).problem) == "Audit row 4 is missing; 3 rows are gone before row 7."
    count = check_count(app)
    for row in range(7, count + 1):
        tamper(f"UPDATE audit_events SET id = {row - 3} WHERE id = {row}")
    tamper(f"UPDATE audit_head SET count = {count - 3}")
    problem = check(app).problem
    assert problem is not None
    assert problem.row == 4


def check_count(app: Flask) -> int:
    head = audit_chain.current(db.session())
    assert head is not None
    return head.count


@both
def test_rows_in_another_order_are_told_from_changed_ones(app: Flask, tamper: Tamper) -> None:
    tamper(
        "UPDATE audit_events SET id = -1 WHERE id = 5",
        "UPDATE audit_events SET id = 5 WHERE id = 9",
        "UPDATE audit_events SET id = 9 WHERE id = -1",
    )
    assert str(check(app).problem) == "Audit row 5 was moved: it stands in place of row 9."


@both
def test_a_cut_tail_is_noticed_by_the_head_and_with_its_head_by_the_log(app: Flask, tamper: Tamper) -> None:
    printed = check(app).head
    kept = printed.count - 3
    tamper(f"DELETE FROM audit_events WHERE id > {kept}")
    assert str(check(app).problem).startswith(f"Audit row {kept + 1} is missing: the audit was cut there")
    seal = f"(SELECT seal FROM audit_events WHERE id = {kept})"
    tamper(f"UPDATE audit_head SET count = {kept}, seal = {seal}")
    assert check(app).problem is None
    assert str(check(app, printed).problem) == (
        f"Audit row {kept + 1} is missing: the log printed a head of {printed.count} rows."
    )


@both
def test_a_head_that_was_changed_is_told(app: Flask, tamper: Tamper) -> None:
    count = check(app).head.count
    tamper("UPDATE audit_head SET seal = (SELECT seal FROM audit_events WHERE id = 3)")
    assert str(check(app).problem) == f"The audit's head does not carry the seal of row {count}: it was changed."
    tamper(f"UPDATE audit_head SET count = {count - 2}")
    assert str(check(app).problem).startswith(f"Audit row {count - 1} is not counted by the audit's head")
    tamper("DELETE FROM audit_head")
    assert str(check(app).problem) == "The audit's head is missing from the database."


@both
def test_a_row_that_was_added_without_the_key_is_named(app: Flask, tamper: Tamper) -> None:
    count = check(app).head.count
    tamper(
        f"INSERT INTO audit_events (id, {COLUMNS}) SELECT {count + 1}, {COLUMNS} FROM audit_events WHERE id = {count}",
        f"UPDATE audit_head SET count = {count + 1}",
    )
    problem = check(app).problem
    assert problem is not None
    assert problem.row == count + 1


@both
def test_a_history_written_anew_by_somebody_with_the_key_differs_from_the_log(app: Flask, tamper: Tamper) -> None:
    printed = check(app).head
    agreed = Head(4, db.session.scalars(select(AuditEvent.seal).where(AuditEvent.id == 4)).one())
    seals = app.extensions["consilium"].seals
    tamper("UPDATE audit_events SET thing = 'patient:99' WHERE id = 6")
    previous = db.session.scalars(select(AuditEvent.seal).where(AuditEvent.id == 5)).one()
    for row in range(6, printed.count + 1):
        event = db.session.get_one(AuditEvent, row)
        previous = seals.link(AuditEvent.PURPOSE, previous, *event.sealed_fields())
        write_seal(tamper, row, previous)
    with db.engine.begin() as connection:
        connection.execute(update(AuditHead).values(seal=previous))
    assert check(app).problem is None
    assert str(check(app, agreed, printed).problem) == (
        f"Audit row {printed.count} is not the one that the log printed: row 5 or a later one is new."
    )


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        "at = 'yesterday'",
        "at = 7",
        "detail = 'no json'",
        "detail = x'ff'",
        "thing = CAST(x'ff41' AS TEXT)",
        "thing = x'41'",
        "actor_id = 'one'",
        "actor_id = 1.5",
        "seal = 'short'",
        "seal = 5",
        "outcome = ''",
    ],
)
def test_a_row_that_cannot_even_be_read_is_named(app: Flask, tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE audit_events SET {change} WHERE id = 8")
    problem = check(app).problem
    assert problem is not None
    assert problem.row == 8


@on_sqlite
def test_any_flipped_bit_of_any_row_is_noticed(app: Flask, instance: Path, tamper: Tamper) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    draw, count = random.Random(seed), check(app).head.count
    tamper()
    for _ in range(60):
        row, column = draw.randint(1, count), draw.choice(COLUMNS.split(", "))
        with closing(sqlite3.connect(instance / "consilium.db")) as connection, connection:
            query = f"SELECT {column}, CAST({column} AS BLOB), typeof({column}) FROM audit_events WHERE id = ?"
            ((before, raw, kind),) = connection.execute(query, (row,))
            if not raw:
                continue
            place = draw.randrange(len(raw))
            flipped = raw[:place] + bytes([raw[place] ^ 1 << draw.randrange(8)]) + raw[place + 1 :]
            stored = "?" if kind == "blob" else f"CAST(? AS {kind})"
            connection.execute(f"UPDATE audit_events SET {column} = {stored} WHERE id = ?", (flipped, row))
        problem = check(app).problem
        assert problem is not None, (row, column, place, flipped)
        assert problem.row == row
        tamper(f"UPDATE audit_events SET {column} = :before WHERE id = {row}", before=before)
    assert check(app).problem is None


@on_sqlite
@pytest.mark.parametrize("change", ["count = 'many'", "count = -4", "count = 2.5", "seal = 'x'"])
def test_a_head_that_cannot_be_read_is_told(app: Flask, tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE audit_head SET {change}")
    assert str(check(app).problem).startswith("The audit's head ")
