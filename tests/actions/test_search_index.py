"""The index is what the rows say, whoever changed them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from access import loaders
from access.permissions import Permission
from actions import comments, search_index, threads
from actions.openings import Opening
from models.base import db
from models.document import Document
from models.search import Kind, entries, stale
from models.task import Task
from models.thread import Comment, Suggestion, Thread, ThreadKind
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.migrations.talk import talk
from tests.personas import DANA, actor, documents_of, patient_id

pytestmark = [pytest.mark.usefixtures("context"), both]

WATCHED = {
    Kind.SECTION: (Document.text,),
    Kind.THREAD: (Thread.quote, Comment.body, Comment.withdrawn_at, Suggestion.replacement, Suggestion.words),
    Kind.TASK: (Task.title, Task.details, Task.plain_text, Task.reason),
}
"""What things are found by."""


@pytest.fixture
def talked(app: Flask, context: None) -> Iterator[None]:
    with app.extensions["consilium"].units.begin(actor(DANA)) as work:
        talk(work, patient_id("Maria Kovač"), documents_of("Maria Kovač")[0])
    search_index.catch_up(db.engine)
    yield
    db.session.remove()


def indexed(kind: Kind) -> dict[int, str]:
    with db.engine.connect() as connection:
        table = entries[kind]
        return {row.thing_id: row.words for row in connection.execute(select(table))}


def marks() -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.scalars(select(stale.c.kind)))


@pytest.mark.usefixtures("talked")
def test_every_column_that_is_searched_marks_what_changes_whatever_the_statement() -> None:
    assert marks() == []
    for kind, columns in WATCHED.items():
        for column in columns:
            with db.engine.begin() as connection:
                value = None if column is Comment.withdrawn_at else "anew"
                connection.execute(update(column.class_.__table__).values({column.key: value}))
            assert set(marks()) == {kind}, column
            search_index.catch_up(db.engine)
            assert marks() == []
    assert "anew" in "".join(indexed(Kind.SECTION).values())


@pytest.mark.usefixtures("talked")
def test_rows_that_a_bulk_statement_adds_or_deletes_are_marked() -> None:
    with db.engine.begin() as connection:
        row = connection.execute(select(Comment.__table__)).first()
        assert row is not None
        added = {**row._mapping, "id": row.id + 1000, "body": "Marigold"}
        connection.execute(insert(Comment.__table__).values(added))
    search_index.catch_up(db.engine)
    assert any("marigold" in words for words in indexed(Kind.THREAD).values())
    with db.engine.begin() as connection:
        connection.execute(delete(Comment.__table__).where(Comment.id == row.id + 1000))
    search_index.catch_up(db.engine)
    assert not any("marigold" in words for words in indexed(Kind.THREAD).values())


def test_what_is_withdrawn_or_reworded_is_no_longer_found(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    who = actor(DANA)
    grant = loaders.patient(who, patient_id("Maria Kovač"), Permission.THREAD_WRITE)
    with units.begin(who) as work:
        opened = threads.open_thread(work, grant, Opening(ThreadKind.DISCUSSION, None, body="Marigold"))
    assert indexed(Kind.THREAD)[opened.thread_id] == "marigold"
    own = loaders.comment(who, grant.patient.id, opened.thread_id, opened.comment_id)
    with units.begin(who) as work:
        comments.edit(work, own, "Tulip", frozenset())
    assert indexed(Kind.THREAD)[opened.thread_id] == "tulip"
    own = loaders.comment(who, grant.patient.id, opened.thread_id, opened.comment_id)
    with units.begin(who) as work:
        threads.withdraw(work, own)
    assert opened.thread_id not in indexed(Kind.THREAD)
    own = loaders.comment(who, grant.patient.id, opened.thread_id, opened.comment_id)
    with units.begin(who) as work:
        threads.put_back(work, own)
    assert indexed(Kind.THREAD)[opened.thread_id] == "tulip"


@pytest.mark.usefixtures("talked")
def test_a_rebuilt_index_is_the_same() -> None:
    search_index.catch_up(db.engine)
    before = {kind: indexed(kind) for kind in Kind}
    assert all(before.values())
    with db.engine.begin() as connection:
        connection.execute(delete(entries[Kind.SECTION]))
        connection.execute(update(entries[Kind.TASK]).values(words="wrong"))
    assert search_index.rebuild(db.engine) == {kind: len(before[kind]) for kind in Kind}
    assert {kind: indexed(kind) for kind in Kind} == before
    assert marks() == []
