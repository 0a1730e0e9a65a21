"""A row of a table as an entry: its columns by name; people by number and name, other rows by the ids of their
entries, bytes in hex."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, select

from actions.exports.record import tables
from actions.exports.sealed import Entry
from models.discipline import Discipline
from models.team import Team
from models.user import User

AT_ONCE = 200


@dataclass(slots=True)
class Names:
    """Who and what is referred to by number. `met` are the people that were named."""

    people: Mapping[int, str]
    disciplines: Mapping[int, str]
    teams: Mapping[int, str]
    met: set[int] = field(default_factory=set)

    def person(self, number: int) -> dict[str, Any]:
        self.met.add(number)
        return {"person": number, "name": self.people[number]}


def names(connection: Connection) -> Names:
    def known(of: Any) -> dict[int, str]:
        return {row.id: row.name for row in connection.execute(select(of.id, of.name))}

    return Names(known(User.__table__.c), known(Discipline.__table__.c), known(Team.__table__.c))


def entries(connection: Connection, name: str, patient_id: int, known: Names) -> Iterator[Entry]:
    """All rows of a told table that are the patient's, in the order they were made."""
    table = tables.table(name)
    columns = [column for column in table.columns if f"{name}.{column.name}" not in tables.LEFT_OUT_COLUMNS]
    query = select(*columns).where(tables.of(name, patient_id)).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}).mappings():
        told: dict[str, Any] = {"id": f"{name}:{'/'.join(str(row[each]) for each in table.primary_key.columns)}"}
        for column in columns:
            if column.name != "id":
                key, value = _told(column, row, known)
                told[key] = value
        yield told


def _told(column: Column[Any], row: RowMapping, known: Names) -> tuple[str, Any]:
    value = row[column]
    above = next((key.column.table.name for key in column.foreign_keys), None)
    if above is None:
        return column.name, value.hex() if isinstance(value, bytes) else value
    key = column.name.removesuffix("_id")
    if value is None:
        return key, None
    if above == "users":
        return key, known.person(value)
    if above == "disciplines":
        return key, known.disciplines[value]
    if above == "teams":
        return key, known.teams[value]
    return key, f"{above}:{value}"
