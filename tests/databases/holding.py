"""Keeping the database from taking an edit, as a slow disk or another writer would."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine, text

from models.write_gate import write_gate
from tests.databases import address


@contextmanager
def held(engine: Engine, document_id: int) -> Iterator[None]:
    """Hold what a commit to a document needs: the gate on SQLite, the document's row on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        with write_gate(engine):
            yield
        return
    with engine.connect() as other:
        other.execute(text("SELECT 1 FROM documents WHERE id = :id FOR UPDATE"), {"id": document_id})
        yield
        other.rollback()


@contextmanager
def held_by_another_process(instance: Path) -> Iterator[None]:
    """Let nobody else write an edit, as a long transaction of another program would; reading goes on."""
    url = address.url_of(instance)
    if url.startswith("postgresql"):
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE documents, document_updates IN EXCLUSIVE MODE")
            yield
            other.rollback()
        return
    writer = sqlite3.connect(instance / "consilium.db", isolation_level=None, timeout=5)
    writer.execute("BEGIN IMMEDIATE")
    yield
    writer.execute("ROLLBACK")
    writer.close()
