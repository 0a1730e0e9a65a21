"""Keeping the database from taking an edit, as a slow disk or another writer would."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from models.write_gate import write_gate


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
