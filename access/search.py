"""Finding sections, threads and tasks by their words, with the rights inside each query.

What a person may not read is no row of any statement here, so that a word found only there is answered like one found
nowhere. Patients are found by access/directory.py, as in their list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from access.grants import Actor
from access.reach import readable
from models.base import db
from models.discipline import Discipline
from models.document import Document
from models.patient import Patient
from models.plan import Section, SectionDocument
from models.search import Kind, entries, matches, words_of
from models.task import Task
from models.thread import Comment, Suggestion, Thread

MOST_WORDS = 8
"""Words of a query that count."""
FEW = 400
"""Of so many patients SQLite reads every entry, which takes no longer than an index over everybody's would."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked for: each of `beginnings` begins a word of the text, each of `whole` is one. No terms, no hits."""

    beginnings: tuple[str, ...]
    whole: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.beginnings or self.whole)


def terms_of(query: str) -> Terms:
    """A single digit must be a whole word ("8 kg"); a single letter is only the beginning of typing."""
    words = words_of(query)[:MOST_WORDS]
    return Terms(
        tuple(word for word in words if len(word) > 1),
        tuple(word for word in words if len(word) == 1 and word.isdigit()),
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """The patient beside a hit."""

    id: int
    name: str
    birth_date: date
    number: str


@dataclass(frozen=True, slots=True)
class SectionHit:
    patient: Whose
    section_key: str
    title: str
    tone: str
    icon: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ThreadHit:
    """`section` is None for the whole plan; `proposed` is what a suggestion says instead."""

    patient: Whose
    id: int
    kind: str
    section: str | None
    quote: str
    proposed: str
    is_resolved: bool


@dataclass(frozen=True, slots=True)
class TaskHit:
    patient: Whose
    id: int
    title: str
    details: str
    plain_text: str
    reason: str
    state: str
    due: date | None


def is_of_few(actor: Actor) -> bool:
    """Whether the actor reads the records of few patients, which decides how SQLite goes about it."""
    if db.session.get_bind().dialect.name != "sqlite":
        return False
    some = readable(actor).limit(FEW + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) <= FEW


def sections(actor: Actor, terms: Terms, limit: int, *, few: bool) -> Sequence[SectionHit]:
    """What changed last first, in one statement; so do the others."""
    hits = _hits(actor, Kind.SECTION, terms, limit, few=few)
    query = (
        _beside(hits, Section.key, Section.title, Discipline.key, Section.icon, SectionDocument.kind, Document.text)
        .join(Document, Document.id == hits.c.thing_id)
        .join(SectionDocument, SectionDocument.document_id == Document.id)
        .join(Section, Section.id == SectionDocument.section_id)
        .outerjoin(Discipline, Discipline.id == Section.discipline_id)
    )
    return [
        SectionHit(Whose(*row[:4]), key, title, discipline or "shared", icon, kind, text)
        for row in db.session.execute(query)
        for key, title, discipline, icon, kind, text in [row[4:]]
    ]


def threads(actor: Actor, terms: Terms, limit: int, *, few: bool) -> Sequence[ThreadHit]:
    hits = _hits(actor, Kind.THREAD, terms, limit, few=few)
    query = (
        _beside(hits, Thread.id, Thread.kind, Section.title, Thread.quote, Suggestion.replacement, Thread.resolved_at)
        .join(Thread, Thread.id == hits.c.thing_id)
        .outerjoin(Section, Section.id == Thread.section_id)
        .outerjoin(Suggestion, Suggestion.thread_id == Thread.id)
    )
    return [
        ThreadHit(Whose(*row[:4]), thread_id, kind, title, quote, proposed or "", resolved_at is not None)
        for row in db.session.execute(query)
        for thread_id, kind, title, quote, proposed, resolved_at in [row[4:]]
    ]


def comments_of(found: Sequence[ThreadHit]) -> dict[int, list[str]]:
    """The comments that stand in threads that were found, the oldest first."""
    query = select(Comment.thread_id, Comment.body).where(
        Comment.thread_id.in_([hit.id for hit in found]), Comment.withdrawn_at.is_(None)
    )
    said: dict[int, list[str]] = {}
    for thread_id, body in db.session.execute(query.order_by(Comment.id)) if found else ():
        said.setdefault(thread_id, []).append(body)
    return said


def tasks(actor: Actor, terms: Terms, limit: int, *, few: bool) -> Sequence[TaskHit]:
    hits = _hits(actor, Kind.TASK, terms, limit, few=few)
    query = _beside(hits, Task.id, Task.title, Task.details, Task.plain_text, Task.reason, Task.state, Task.due).join(
        Task, Task.id == hits.c.thing_id
    )
    return [TaskHit(Whose(*row[:4]), *row[4:]) for row in db.session.execute(query)]


def _beside(hits: FromClause, *columns: Any) -> Select[Any]:
    """Hits with their patients, in the order in which they were found."""
    return (
        select(Patient.id, Patient.name, Patient.birth_date, Patient.number, *columns)
        .select_from(hits)
        .join(Patient, Patient.id == hits.c.patient_id)
        .order_by(hits.c.id.desc())
    )


def _hits(actor: Actor, kind: Kind, terms: Terms, limit: int, *, few: bool) -> FromClause:
    """The newest entries that the actor may read and that have all terms."""
    entry = entries[kind]
    query = select(entry.c.id, entry.c.thing_id, entry.c.patient_id)
    mine = readable(actor)
    if db.session.get_bind().dialect.name == "postgresql":
        found = literal_column("vector").op("@@")(cast(literal(_tsquery(terms)), TSQUERY))
        query = query.where(found, entry.c.patient_id.in_(mine))
    elif few:
        query = query.where(_reads(entry.c.words, terms), entry.c.patient_id.in_(mine))
    else:
        index = matches[kind]
        query = query.join(index, entry.c.id == index.c.rowid).where(
            index.c[index.name].op("MATCH")(_fts5(terms)),
            (entry.c.patient_id + 0).in_(mine),  # the sum keeps SQLite from beginning with the patients
        )
        return query.order_by(index.c.rowid.desc()).limit(limit).subquery("hits")
    return query.order_by(entry.c.id.desc()).limit(limit).subquery("hits")


def _tsquery(terms: Terms) -> str:
    """Words are letters and digits alone, so that quotes are all they need."""
    return " & ".join([*(f"'{word}':*" for word in terms.beginnings), *(f"'{word}'" for word in terms.whole)])


def _fts5(terms: Terms) -> str:
    return " AND ".join([*(f'"{word}" *' for word in terms.beginnings), *(f'"{word}"' for word in terms.whole)])


def _reads(words: ColumnElement[str], terms: Terms) -> ColumnElement[bool]:
    spaced = literal(" ") + words + literal(" ")
    wanted = [*(f" {word}" for word in terms.beginnings), *(f" {word} " for word in terms.whole)]
    return and_(*(func.instr(spaced, each) > 0 for each in wanted))
