"""Where an instance folder of a test keeps its data: SQLite inside it, unless a file of it names another database."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg

FILE = "database-url"


def keep(instance: Path, url: str) -> None:
    """Let everything that is started over this folder use another database."""
    (instance / FILE).write_text(url)


def environment(instance: Path) -> dict[str, str]:
    """What a server over this folder needs in its environment."""
    named = instance / FILE
    return {"DATABASE_URL": named.read_text()} if named.exists() else {}


def url_of(instance: Path) -> str:
    return environment(instance).get("DATABASE_URL", f"sqlite:///{instance / 'consilium.db'}")


def rows(instance: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Read past the application, on a connection of its own. Values stand as `?`."""
    url = url_of(instance)
    if url.startswith("postgresql"):
        with psycopg.connect(url) as connection:
            return connection.execute(query.replace("?", "%s"), values or None).fetchall()
    reader = sqlite3.connect(f"file:{instance / 'consilium.db'}?mode=ro", uri=True, timeout=10)
    try:
        return reader.execute(query, values).fetchall()
    finally:
        reader.close()


def execute(instance: Path, statement: str, *values: object) -> int:
    """Write past the application, as a thief of the disk would; answers how many rows changed."""
    url = url_of(instance)
    if url.startswith("postgresql"):
        with psycopg.connect(url) as connection:
            return connection.execute(statement.replace("?", "%s"), values or None).rowcount
    writer = sqlite3.connect(instance / "consilium.db", timeout=10)
    try:
        with writer:
            return writer.execute(statement, values).rowcount
    finally:
        writer.close()
