"""The parts of a patient's full record, read at one moment."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, select

from access.grants import PatientGrant
from actions.exports import sealed
from actions.exports.packing import Packed, pack
from actions.exports.record import history, rows, tables
from actions.exports.record.rows import Names
from actions.exports.sealed import Entry, Format, Part, Written
from actions.exports.withholding import Withholding
from actions.versions import Standing, documents_of
from livedoc.hub import Hub
from livedoc.ports import Runner
from livedoc.verification import one_moment
from models.discipline import Discipline
from models.plan import DocumentKind
from models.seals import Seals
from models.user import User


@dataclass(frozen=True, slots=True)
class About:
    """Whose record, and what the file says on top. `texts` are the live texts by document. `release` is the number of
    the release; None in the clinic's own file."""

    patient_id: int
    patient: str
    born: date
    number: str
    clinic: str
    made_at: datetime
    made_by: str
    texts: Mapping[int, Standing]
    release: int | None = None


def about(grant: PatientGrant, hub: Hub, clinic: str, made_at: datetime) -> About:
    """What a record made now is about, with the texts as they are."""
    texts = {}
    for document_id in documents_of(grant.plan.id):
        now = hub.current(document_id)
        texts[document_id] = Standing(now.epoch, now.seq, now.text)
    return About(
        patient_id=grant.patient.id,
        patient=grant.patient.name,
        born=grant.patient.birth_date,
        number=grant.patient.number,
        clinic=clinic,
        made_at=made_at,
        made_by=grant.actor.name,
        texts=texts,
    )


@dataclass(frozen=True, slots=True)
class Records:
    """Makes records where that holds up nobody."""

    engine: Engine
    seals: Seals
    aside: Runner

    def write(self, into: BinaryIO, whom: About, withheld: Withholding | None = None) -> Written:
        """Write a record; with `withheld` one that may be given away."""

        def make() -> Written:
            with one_moment(self.engine) as connection:
                if withheld is not None:
                    _learn(connection, whom, withheld)
                return sealed.write(
                    into, Format.RECORD, _head(whom, withheld), parts(connection, whom, withheld), self.seals
                )

        return self.aside(make)

    def look(self, whom: About, withheld: Withholding, name: str) -> list[Entry]:
        """A part of the record as it would be given away. All of it is read, so that `withheld.places` says then how
        often each thing is found."""

        def read() -> list[Entry]:
            with one_moment(self.engine) as connection:
                _learn(connection, whom, withheld)
                known, looked_at = rows.names(connection), list[Entry]()
                for each in told(withheld):
                    for entry in _with_texts(connection, whom, each, known):
                        given = withheld.entry(entry)
                        if each == name:
                            looked_at.append(given)
                return looked_at

        return self.aside(read)

    def packed(self, whom: About, withheld: Withholding) -> Packed:
        """The file that is given away, as it is kept."""
        with tempfile.TemporaryFile() as file:
            self.write(file, whom, withheld)
            file.seek(0)
            return self.aside(lambda: pack(file))


def told(withheld: Withholding | None) -> list[str]:
    """The tables of the clinic's own file, or of one that is given away."""
    return [name for name in tables.TOLD if withheld is None or name not in tables.THE_CLINICS_OWN]


def parts(connection: Connection, whom: About, withheld: Withholding | None) -> Iterator[Part]:
    """All parts in order; the people who were named come last."""
    known = rows.names(connection)
    for name in told(withheld):
        yield Part(name, _given(_with_texts(connection, whom, name, known), withheld))
    yield Part("history", history.entries(connection, whom.patient_id, known))
    yield Part("people", _given(_people(connection, known), withheld))


def _given(entries: Iterable[Entry], withheld: Withholding | None) -> Iterable[Entry]:
    return entries if withheld is None else (withheld.entry(each) for each in entries)


def _learn(connection: Connection, whom: About, withheld: Withholding) -> None:
    """Words of entries that are withheld as a whole are looked for everywhere."""
    if not withheld.has_entries:
        return
    known = rows.names(connection)
    for name in told(withheld):
        for each in _with_texts(connection, whom, name, known):
            withheld.learn(each)


def _with_texts(connection: Connection, whom: About, name: str, known: Names) -> Iterator[Entry]:
    found = rows.entries(connection, name, whom.patient_id, known)
    if name == "plain_readings":
        places = _places(connection, whom.patient_id)
        clinical = {place.section_id: number for number, place in places.items() if place.kind == DocumentKind.CLINICAL}
        for each in found:
            section = int(each["section"].partition(":")[2])
            yield {**each, "document": f"documents:{clinical[section]}"} if section in clinical else each
    elif name == "documents":
        yield from _documents(connection, whom, found)
    else:
        yield from found


def _documents(connection: Connection, whom: About, entries: Iterable[Entry]) -> Iterator[Entry]:
    """With the live texts, and what they are."""
    places = _places(connection, whom.patient_id)
    for each in entries:
        number = int(each["id"].partition(":")[2])
        live = whom.texts.get(number)
        found = {key: each[key] for key in each if key != "text_seq"}
        if live is not None:
            found |= {"epoch": live.epoch, "seq": live.seq, "text": live.text}
        yield {**found, "section_title": places[number].title, "kind": places[number].kind}


@dataclass(frozen=True, slots=True)
class _Place:
    section_id: int
    title: str
    kind: str


def _places(connection: Connection, patient_id: int) -> dict[int, _Place]:
    """By document."""
    links, sections = tables.table("section_documents").c, tables.table("sections").c
    query = (
        select(links.document_id, sections.id, sections.title, links.kind)
        .join(tables.table("sections"), sections.id == links.section_id)
        .where(tables.of("section_documents", patient_id))
    )
    return {number: _Place(*row) for number, *row in connection.execute(query)}


def _people(connection: Connection, known: Names) -> Iterator[Entry]:
    """Who was named in the parts before; they must have been written."""
    users, disciplines = User.__table__.c, Discipline.__table__.c
    query = (
        select(users.id, users.name, disciplines.name)
        .outerjoin(Discipline.__table__, disciplines.id == users.discipline_id)
        .order_by(users.id)
    )
    for number, name, discipline in connection.execute(query).all():
        if number in known.met:
            yield {"id": f"people:{number}", "name": name, "discipline": discipline}


def _head(whom: About, withheld: Withholding | None) -> dict[str, Any]:
    head: dict[str, Any] = {
        "clinic": whom.clinic,
        "patient": whom.patient,
        "born": whom.born,
        "number": whom.number,
        "made_at": whom.made_at,
        "made_by": whom.made_by,
    }
    if withheld is not None:
        head["release"] = whom.release
        head["withheld"] = withheld.says
    return head
