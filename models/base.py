"""The declarative base, the one database handle, and how its connections behave."""

import sqlite3
from datetime import date, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Date, Engine, ForeignKey, Index, MetaData, String, event, text
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from models.types import UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

key = Annotated[int, mapped_column(primary_key=True)]
"""An integer primary key."""

user_fk = Annotated[int, mapped_column(ForeignKey("users.id"))]
"""The person who is witness of a state."""


class Base(DeclarativeBase):
    """Every mapped class; constraints carry predictable names so that migrations can address them."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime(),
            date: Date(),
            dict[str, Any]: JSON(),
            list[int]: JSON(),
            str: String(),
        },
    )


db = SQLAlchemy(model_class=Base)


def current(name: str, *columns: str, ends: str = "until") -> Index:
    """A unique index over rows that have not ended: at most one of them is current."""
    not_ended = text(f"{ends} IS NULL")
    return Index(name, *columns, unique=True, sqlite_where=not_ended, postgresql_where=not_ended)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Durable and strict on every connection.

    Reads open no transaction and the first write begins IMMEDIATE: a deferred transaction that turns into a
    write fails at once with SQLITE_BUSY_SNAPSHOT. The short busy timeout keeps SQLite's own wait, which holds
    the whole process under gevent, below a twentieth of a second; callers retry with a yielding sleep.
    """
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = "IMMEDIATE"
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=50",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
