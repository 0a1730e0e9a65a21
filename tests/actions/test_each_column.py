"""Each column of each row that is put on record, changed behind its back: found, and named. The columns come from the
models, so that a new one is tried as soon as it is there."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Table, select, text, update

from actions import plan_records, resealing
from actions.plan_verification import findings
from models.base import Base, db
from models.plan import Plan
from rendering import plan_check
from tests.access import canary
from tests.databases.kinds import both
from tests.personas import DANA
from tests.publishing import ask_of_maria, publish, settle_clinic, withdraw, write
from tests.tampering import other, without_foreign_keys

KINDS = {kind.__tablename__: kind for kind in plan_records.KINDS}
HANGING = {
    "version_texts": ("version_id", "version"),
    "version_tasks": ("version_id", "version"),
    "missing_disciplines": ("publication_id", "publication"),
    "record_release_pieces": ("release_id", "record release"),
}
"""Rows that hang on a record: which column says on which, and what a finding calls that."""


@pytest.fixture
def recorded(app: Flask) -> None:
    """A row of each kind at least: on Maria's plan, and on that of Ines, whose record the canary fills."""
    settle_clinic(app)
    write(app, dict.fromkeys(("understanding", "physiotherapy", "psychology", "pain-management", "flare-up"), "Walk."))
    write(app, {"nutrition": "Eat."})
    ask_of_maria(app, "Walk ten minutes.")
    withdraw(app, publish(app, but=[DANA]))
    canary.plant(app)


def columns() -> Iterator[tuple[Table, Column[Any]]]:
    for name in (*KINDS, *HANGING):
        table = Base.metadata.tables[name]
        for column in table.columns:
            yield table, column


def named(table: Table, row: dict[str, Any], column: Column[Any], new: object) -> set[str]:
    """What a finding may call the row: a record by its id, new or old; else the record that it hangs on."""
    if table.name in HANGING:
        owner, noun = HANGING[table.name]
        return {f"{noun} {row[owner]}"}
    noun = KINDS[table.name].PURPOSE
    return {f"{noun} {row['id']}", f"{noun} {new}"} if column.name == "id" else {f"{noun} {row['id']}"}


@both
def test_each_column_of_each_row_on_record_is_found_when_changed_and_named(app: Flask, recorded: None) -> None:
    seals, tried, missed = app.extensions["consilium"].seals, 0, list[str]()
    with app.app_context():
        assert [str(each) for each in findings(db.session(), seals)] == []
        plans = db.session.scalars(select(Plan.id)).all()
        for table, column in columns():
            session = db.session()
            session.execute(text("UPDATE plans SET revision = revision"))  # opens the transaction that holds it all
            connection = session.connection()
            row = connection.execute(select(table).order_by(*table.primary_key).limit(1)).mappings().first()
            assert row is not None, f"no row of {table.name} to change: let the canary or this fixture make one"
            new = other(column, row[column.name])
            with resealing.unguarded(connection, [table.name]):
                without_foreign_keys(connection)
                mine = [key == row[key.name] for key in table.primary_key]
                assert connection.execute(update(table).where(*mine).values({column.name: new})).rowcount == 1
                session.expire_all()
                lines = [str(each) for each in findings(session, seals)]
                pages = [plan_check.check(session, seals, each) for each in plans]
            session.rollback()
            names = named(table, dict(row), column, new)
            if not any(f": {name} " in line for name in names for line in lines) or all(page.holds for page in pages):
                missed.append(f"{table.name}.{column.name}: {lines}")
            tried += 1
    assert not missed, "\n".join(missed)
    assert tried > 70
