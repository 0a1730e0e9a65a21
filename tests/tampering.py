"""What somebody with the database's password may put in the place of a value."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, text


def other(column: Column[Any], value: object) -> object:
    """Something else of the column's kind."""
    if value is None:
        instead: dict[type, object] = {int: 1, str: "x", datetime: datetime(2026, 1, 1, tzinfo=UTC)}
        return instead.get(column.type.python_type, date(2026, 1, 1))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 7000
    if isinstance(value, str):
        return f"{value}."
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, list):
        return [*value, 7000]
    if isinstance(value, dict):
        return {**value, "7000": 7}
    raise TypeError(type(value))


def without_foreign_keys(connection: Connection) -> None:
    """Until the end of this transaction, which is rolled back."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
