"""The index that searches use: which words are in which text. All of it can be made again from the rows it is about.

Triggers of the database mark in `stale` whatever text changed, in the same transaction and whoever changed it;
actions/search_index.py takes the marks and writes `entries`. Texts and queries are folded here, so that both
databases compare the same words. The tables are not mapped: they differ by database (migration 0004).
"""

from enum import StrEnum

from sqlalchemy import Column, Integer, MetaData, Table, Text, table
from sqlalchemy import column as column_of

from models.patient import search_key

PREFIX = "search_"
"""How every table of the index is named."""
LONGEST = 40
"""Letters of a word that are kept; a query is cut likewise."""


def is_original(name: str | None, kind: str = "table", _parents: object = None) -> bool:
    """Whether a table of the database is not of the index; also alembic's `include_name`."""
    return kind != "table" or name is None or not name.startswith(PREFIX)


class Kind(StrEnum):
    """What can be found by its words. A section's thing is a live document of it."""

    SECTION = "section"
    THREAD = "thread"
    TASK = "task"


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: folded, runs of letters and digits, each once, in their order."""
    key = search_key(text)
    spaced = key if key.isalnum() else "".join(letter if letter.isalnum() else " " for letter in key)
    return list(dict.fromkeys(word[:LONGEST] for word in spaced.split()))


_metadata = MetaData()

stale = Table(
    f"{PREFIX}stale",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text),
    Column("thing_id", Integer),
)


def _entries(kind: Kind) -> Table:
    return Table(
        f"{PREFIX}{kind}s",
        _metadata,
        Column("id", Integer, primary_key=True),
        Column("thing_id", Integer),
        Column("patient_id", Integer),
        Column("words", Text),
    )


entries = {kind: _entries(kind) for kind in Kind}
"""One row a thing; a change makes a new row, so that the highest id is what changed last. `words` are separated by
single spaces. PostgreSQL has them as a `vector` too."""

matches = {
    kind: table(f"{PREFIX}{kind}s_words", column_of("rowid", Integer), column_of(f"{PREFIX}{kind}s_words", Text))
    for kind in Kind
}
"""SQLite's FTS5 tables over the entries, by the entries' ids."""
