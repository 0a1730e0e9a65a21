"""Keeps the search index at what the rows say.

What people write in threads and tasks is indexed in the transaction that writes it: a unit of work calls `follow`
before it commits. The text of a section follows when the live documents keep it, which is outside any unit of work:
a job calls `catch_up` every second. Both take what the database's triggers marked, so that nothing is forgotten, and
what a bulk statement changed is found by the job at the latest.
"""

import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, delete, event, func, insert, literal, select
from sqlalchemy.orm import Session

from models.document import Document
from models.plan import Plan, Section, SectionDocument
from models.search import Kind, entries, stale, words_of
from models.task import Task
from models.thread import Comment, Suggestion, Thread
from models.write_gate import take_turn, write_gate

AT_ONCE = 25
"""Things of one transaction of the job: a few milliseconds, for which writers wait."""
PAUSE = 0.01
"""Seconds between two such, for writers that wait."""

OWN = 200
"""Marks that a unit of work takes, the newest: its own; the job takes what more there is."""

_TALK = (Thread, Comment, Suggestion, Task)
_MARK = "search_follows"

Texts = Mapping[int, tuple[int, str]]
"""Thing id → its patient's id, and all that it is found by."""


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: object) -> None:
    """Rows of talk were written. The sets are those before the flush."""
    if any(isinstance(row, _TALK) for rows in (session.new, session.dirty, session.deleted) for row in rows):
        session.info[_MARK] = True


def begin(session: Session) -> None:
    """Forget what a transaction that was rolled back had written."""
    session.info.pop(_MARK, None)


def follow(session: Session) -> None:
    """Index what this transaction wrote of threads and tasks; one that wrote none costs no statement."""
    session.flush()
    if session.info.pop(_MARK, False):
        _take(session, (Kind.THREAD, Kind.TASK), stale.c.id.desc(), OWN)


def catch_up(engine: Engine, at_once: int = AT_ONCE, pause: float = PAUSE) -> int:
    """Index all that is behind, in turns with whoever else writes; answers how much was marked."""
    count = 0
    while taken := _turn(engine, at_once):
        count += taken
        time.sleep(pause)
    return count


def rebuild(engine: Engine) -> dict[Kind, int]:
    """Make the index anew, while people work; answers how many things of each kind are in it."""
    with write_gate(engine), Session(engine) as session:
        take_turn(session)
        session.execute(delete(stale))
        for kind, things in _all():
            session.execute(delete(entries[kind]))
            session.execute(insert(stale).from_select(["kind", "thing_id"], things))
        session.commit()
    catch_up(engine, 500)
    return sizes(engine)


def sizes(engine: Engine) -> dict[Kind, int]:
    with engine.connect() as connection:
        return {
            kind: connection.scalars(select(func.count()).select_from(table)).one() for kind, table in entries.items()
        }


def _all() -> Iterator[tuple[Kind, Select[Any, int]]]:
    """Everything there is, what changed last at the end."""
    for kind, row in ((Kind.SECTION, Document), (Kind.THREAD, Thread), (Kind.TASK, Task)):
        yield kind, select(literal(kind.value), row.id).order_by(row.changed_at, row.id)


def _turn(engine: Engine, at_once: int) -> int:
    with Session(engine) as session:
        if session.scalar(select(stale.c.id).limit(1)) is None:
            return 0
        session.rollback()
        with write_gate(engine):
            take_turn(session)
            taken = _take(session, tuple(Kind), stale.c.id, at_once)
            session.commit()
        return taken


def _take(session: Session, kinds: Collection[Kind], first: ColumnElement[int], most: int) -> int:
    """Index what is marked, in the caller's transaction, which holds the turn to write; answers how many marks."""
    query = select(stale.c.id, stale.c.kind, stale.c.thing_id).where(stale.c.kind.in_(kinds))
    marks = sorted(session.execute(query.order_by(first).limit(most)))
    for kind in kinds:
        things = list(dict.fromkeys(mark.thing_id for mark in marks if mark.kind == kind))
        if things:
            _renew(session, kind, things)
    if marks:
        session.execute(delete(stale).where(stale.c.id.in_([mark.id for mark in marks])))
    return len(marks)


def _renew(session: Session, kind: Kind, things: Collection[int]) -> None:
    table = entries[kind]
    found = _TEXTS[kind](session, things)
    session.execute(delete(table).where(table.c.thing_id.in_(things)))
    rows = [
        {"thing_id": thing, "patient_id": found[thing][0], "words": " ".join(words)}
        for thing in things
        if thing in found and (words := words_of(found[thing][1]))
    ]
    if rows:
        session.execute(insert(table), rows)


def _sections(session: Session, ids: Collection[int]) -> Texts:
    query = (
        select(Document.id, Plan.patient_id, Document.text)
        .join(SectionDocument, SectionDocument.document_id == Document.id)
        .join(Section, Section.id == SectionDocument.section_id)
        .join(Plan, Plan.id == Section.plan_id)
        .where(Document.id.in_(ids))
    )
    return {document_id: (patient_id, text) for document_id, patient_id, text in session.execute(query)}


def _threads(session: Session, ids: Collection[int]) -> Texts:
    """The quote, the comments that stand, and what was suggested; nothing of a thread of which nothing stands."""
    comments = select(Comment.thread_id, Comment.body).where(Comment.thread_id.in_(ids), Comment.withdrawn_at.is_(None))
    said: dict[int, list[str]] = {}
    for thread_id, body in session.execute(comments.order_by(Comment.id)):
        said.setdefault(thread_id, []).append(body)
    query = (
        select(Thread.id, Plan.patient_id, Thread.quote, Suggestion.replacement, Suggestion.words)
        .join(Plan, Plan.id == Thread.plan_id)
        .outerjoin(Suggestion, Suggestion.thread_id == Thread.id)
        .where(Thread.id.in_(ids))
    )
    return {
        thread_id: (patient_id, "\n".join(filter(None, (quote, *said[thread_id], replacement, words))))
        for thread_id, patient_id, quote, replacement, words in session.execute(query)
        if thread_id in said
    }


def _tasks(session: Session, ids: Collection[int]) -> Texts:
    query = (
        select(Task.id, Plan.patient_id, Task.title, Task.details, Task.plain_text, Task.reason)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Task.id.in_(ids))
    )
    return {row[0]: (row[1], "\n".join(row[2:])) for row in session.execute(query)}


_TEXTS = {Kind.SECTION: _sections, Kind.THREAD: _threads, Kind.TASK: _tasks}
