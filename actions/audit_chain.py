"""Whether the audit is whole: every row where it was written, as it was written, and none missing.

Three things are compared: the rows with their seals, the head that the database keeps (`audit_head`), and heads that
the log printed. The first shows rows that were changed, moved or taken out; the second a tail that was cut; the third
a tail that was cut together with its head.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from sqlalchemy import Connection, Row, String, Table, bindparam, func, null, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.audit import AuditEvent, AuditHead
from models.seals import BEGINNING, Field, Seals, UnknownKey

_events = cast(Table, AuditEvent.__table__)
_head = cast(Table, AuditHead.__table__)

AT_ONCE = 1000
"""Rows read at a time."""

_AT = "%Y-%m-%d %H:%M:%S.%f"
"""How SQLAlchemy writes a moment into SQLite, which keeps it, like JSON, as text."""

_BETWEEN = select(_events).where(_events.c.id.between(bindparam("first"), bindparam("last"))).order_by(_events.c.id)
_ROWS = {
    True: _BETWEEN.add_columns(
        type_coerce(_events.c.at, String).label("at_text"), type_coerce(_events.c.detail, String).label("detail_text")
    ),
    False: _BETWEEN.add_columns(null().label("at_text"), null().label("detail_text")),
}

Source = Connection | Session


@dataclass(frozen=True, slots=True)
class Head:
    """How many rows there are, and the seal of the last. In words `COUNT:SEAL`, the seal in hex."""

    count: int
    seal: bytes

    def __str__(self) -> str:
        return f"{self.count}:{self.seal.hex()}"

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read `COUNT:SEAL`. Raises ValueError."""
        count, colon, seal = words.strip().partition(":")
        if not colon or not count.isascii() or not count.isdigit():
            raise ValueError(words)
        return cls(int(count), bytes.fromhex(seal))


_NOTHING = Head(0, BEGINNING)


@dataclass(frozen=True, slots=True)
class Problem:
    """The first row that is not as it was written, or None for the head; `str()` is one line for an administrator."""

    row: int | None
    why: str

    def __str__(self) -> str:
        return f"Audit row {self.row} {self.why}." if self.row is not None else f"The audit's head {self.why}."


@dataclass(frozen=True, slots=True)
class Report:
    """`head` is that of the last row that was found good; `problem` what came then, if anything."""

    head: Head
    problem: Problem | None


def current(source: Source) -> Head | None:
    """The head that the database keeps, or None when it keeps none."""
    row = source.execute(select(_head.c.count, _head.c.seal).order_by(_head.c.id)).first()
    return Head(*row) if row is not None else None


def verify(source: Source, seals: Seals, printed: Iterable[Head] = ()) -> Report:
    """Read the audit from its first row, a thousand rows at a time, until the first problem.

    `printed` are heads that the log showed earlier. Rows that are added meanwhile are left for the next time.
    """
    last = select(func.coalesce(func.max(_events.c.id), 0)).scalar_subquery()
    row = source.execute(select(_head.c.count, _head.c.seal, last).order_by(_head.c.id)).first()
    seen: dict[int, set[bytes]] = defaultdict(set)
    for earlier in printed:
        seen[earlier.count].add(earlier.seal)
    if row is None:
        return Report(_NOTHING, Problem(None, "is missing from the database"))
    count, seal, until = row
    if not isinstance(count, int) or not isinstance(seal, bytes) or count < 0:
        return Report(_NOTHING, Problem(None, "cannot be read: it was changed"))
    head, problem = _walk(source, seals, min(count, until), seen)
    problem = problem or _tail_problem(count, seal, until, head) or _printed_problem(seen, head)
    return Report(head, problem)


def _walk(source: Source, seals: Seals, until: int, seen: Mapping[int, set[bytes]]) -> tuple[Head, Problem | None]:
    """Follow the chain to row `until`: the head of its good part, and what is wrong behind it."""
    head, agreed = _NOTHING, 0
    for row_id, row in _rows(source, until):
        number = head.count + 1
        if row_id < number:
            return head, Problem(row_id, "does not belong there: rows are numbered from 1")
        if row_id > number:
            many = f"; {row_id - number} rows are gone before row {row_id}" if row_id > number + 1 else ""
            return head, Problem(number, f"is missing{many}")
        if row is None:
            return head, Problem(number, "cannot be read: it was changed")
        why = _fault(seals, head.seal, row)
        if why is not None:
            return head, Problem(number, why or _changed_or_moved(source, seals, head, until))
        head = Head(number, row.seal)
        if number in seen and seen[number] != {head.seal}:
            return head, Problem(number, f"is not the one that the log printed: row {agreed + 1} or a later one is new")
        agreed = number if number in seen else agreed
    return head, None


def _fault(seals: Seals, previous: bytes, row: Row[Any]) -> str | None:
    """None for a sound row, else what is known of its fault without looking at others: often nothing."""
    try:
        is_sound = seals.is_link(row.seal, AuditEvent.PURPOSE, previous, *_fields(row)) and _is_as_written(row)
        return None if is_sound else ""
    except UnknownKey as unknown:
        return f"is sealed with key {unknown}, which is not among the integrity keys: changed, or the key is missing"
    except (TypeError, ValueError, AttributeError):
        return "cannot be read: it was changed"


def _changed_or_moved(source: Source, seals: Seals, head: Head, until: int) -> str:
    """A row that does not fit its place: does the one that belongs there stand elsewhere?"""
    number = head.count + 1
    for row_id, row in _rows(source, until, after=number):
        if row is not None and _is_moved(seals, head.seal, number, row):
            return f"was moved: it stands in place of row {row_id}"
    return "was changed, or another was put in its place"


def _is_moved(seals: Seals, previous: bytes, number: int, row: Row[Any]) -> bool:
    try:
        return seals.is_link(row.seal, AuditEvent.PURPOSE, previous, number, *_fields(row)[1:])
    except (UnknownKey, TypeError, ValueError, AttributeError):
        return False


def _fields(row: Row[Any]) -> tuple[Field, ...]:
    return AuditEvent.sealed_fields(cast(AuditEvent, row))


def _is_as_written(row: Row[Any]) -> bool:
    """Whether a time and details that read the same also stand there as they were written."""
    return row.at_text is None or (row.at_text, row.detail_text) == (f"{row.at:{_AT}}", json.dumps(row.detail))


def _tail_problem(count: int, seal: bytes, last: int, head: Head) -> Problem | None:
    """`count` and `seal` are the database's head, `last` the highest id, `head` where the chain was followed to."""
    if last < count:
        return Problem(last + 1, f"is missing: the audit was cut there, and its head counts {count} rows")
    if last > count:
        return Problem(count + 1, f"is not counted by the audit's head, which was changed: {last} rows are there")
    if seal != head.seal:
        return Problem(None, f"does not carry the seal of row {count}: it was changed")
    return None


def _printed_problem(seen: Mapping[int, set[bytes]], head: Head) -> Problem | None:
    missing = min((count for count in seen if count > head.count), default=None)
    if missing is None:
        return None
    return Problem(head.count + 1, f"is missing: the log printed a head of {missing} rows")


def _rows(source: Source, until: int, after: int | None = None) -> Iterator[tuple[int, Row[Any] | None]]:
    """Rows by id, up to `until`: the id and the row, or None for one that cannot be read."""
    while True:
        ids = select(_events.c.id).where(_events.c.id <= until).order_by(_events.c.id).limit(AT_ONCE)
        found = list(source.execute(ids if after is None else ids.where(_events.c.id > after)).scalars())
        if not found:
            return
        after = found[-1]
        rows = _read(source, found[0], after)
        if rows is not None:
            yield from ((row.id, row) for row in rows)
        else:
            yield from ((each, row[0] if (row := _read(source, each, each)) else None) for each in found)


def _read(source: Source, first: int, last: int) -> list[Row[Any]] | None:
    """Rows by id, both ends included, or None when a value among them cannot be."""
    try:
        return list(source.execute(_ROWS[_is_sqlite(source)], {"first": first, "last": last}))
    except (ValueError, TypeError):
        return None
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.DatabaseError):
            return None  # text that is no UTF-8, or a damaged page
        raise


def _is_sqlite(source: Source) -> bool:
    bind = source.get_bind() if isinstance(source, Session) else source
    return bind.dialect.name == "sqlite"
