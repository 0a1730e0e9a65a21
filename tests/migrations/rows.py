"""What a database holds, as hashes that can be compared."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Engine, Inspector, inspect

from models.search import is_original

Hashes = dict[str, str]
"""`table.column` → SHA-256 over its values, in the order of their rows' keys."""


def tables(inspector: Inspector) -> list[str]:
    """Those with rows of their own: not those of the search index, which is made again from the others."""
    return sorted(name for name in inspector.get_table_names() if name != "alembic_version" and is_original(name))


def hashes(engine: Engine) -> Hashes:
    """Every column of every table, as the driver reads it."""
    found: Hashes = {}
    with engine.connect() as connection:
        inspector = inspect(connection)
        for table in tables(inspector):
            key = ", ".join(f'"{name}"' for name in inspector.get_pk_constraint(table)["constrained_columns"])
            for column in inspector.get_columns(table):
                query = f'SELECT "{column["name"]}" FROM "{table}" ORDER BY {key}'
                found[f"{table}.{column['name']}"] = _hash(row[0] for row in connection.exec_driver_sql(query))
    return found


def _hash(values: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for value in values:
        digest.update(repr(value).encode() + b"\n")
    return digest.hexdigest()


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()
            for table in tables(inspect(connection))
        }
