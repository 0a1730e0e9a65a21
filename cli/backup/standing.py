"""What a restore must know of the database that it replaces, read without the application: it may be damaged."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Standing:
    """`people` is None for a database that cannot be read; `epoch` is the highest that its clients may hold."""

    people: int | None = 0
    epoch: int = 0
    enabled: frozenset[str] = field(default_factory=frozenset)
    disabled: frozenset[str] = field(default_factory=frozenset)


def standing(database: Path) -> Standing:
    """Look at a database file, which need not exist."""
    if not database.exists():
        return Standing()
    try:
        connection = sqlite3.connect(database, timeout=1)
        try:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'users'").fetchone() is None:
                return Standing()
            accounts = connection.execute("SELECT email, disabled_at IS NULL FROM users").fetchall()
            epoch = connection.execute("SELECT max(epoch) FROM documents").fetchone()[0] or 0
        finally:
            connection.close()
    except sqlite3.Error:
        return Standing(people=None)
    enabled = frozenset(email for email, is_open in accounts if is_open)
    return Standing(len(accounts), epoch, enabled, frozenset(email for email, _ in accounts) - enabled)
