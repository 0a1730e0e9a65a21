"""What the head of a section says of its discussions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from models.base import db
from models.discipline import Discipline
from models.plan import Section
from models.thread import Thread, ThreadKind


@dataclass(frozen=True, slots=True)
class OpenThreads:
    """Open threads of one kind about the same; `newest` is the id of the last one."""

    kind: str
    section_id: int | None
    section: str | None
    other_id: int | None
    other: str | None
    discipline_id: int | None
    discipline: str | None
    count: int
    newest: int


@dataclass(frozen=True, slots=True)
class Mark:
    """`count` questions or conflicts that wait; `about` is who is asked, or the other section, of the newest one."""

    count: int
    newest: int
    about: str


@dataclass(frozen=True, slots=True)
class Talk:
    open: int = 0
    question: Mark | None = None
    conflict: Mark | None = None


_OTHER = aliased(Section)
"""Made once: what SQLAlchemy works out about an alias it keeps with it."""


def open_threads(plan_id: int) -> Sequence[OpenThreads]:
    """All open threads of a plan, counted by what they are about; one statement."""
    about = (Thread.kind, Section.id, Section.title, _OTHER.id, _OTHER.title, Discipline.id, Discipline.name)
    query = (
        select(*about, func.count(), func.max(Thread.id))
        .select_from(Thread)
        .outerjoin(Section, Section.id == Thread.section_id)
        .outerjoin(_OTHER, _OTHER.id == Thread.other_section_id)
        .outerjoin(Discipline, Discipline.id == Thread.discipline_id)
        .where(Thread.plan_id == plan_id, Thread.resolved_at.is_(None))
        .group_by(*about)
    )
    return [OpenThreads(*row) for row in db.session.execute(query)]


def of_section(section: Section, found: Sequence[OpenThreads]) -> Talk:
    """What concerns a section: threads on its words, questions to who writes it, conflicts with it."""
    questions = [each for each in found if each.kind == ThreadKind.QUESTION and _asks(section, each)]
    conflicts = [each for each in found if each.kind == ThreadKind.CONFLICT and _touches(section, each)]
    return Talk(
        open=sum(each.count for each in found if each.section_id == section.id),
        question=_mark(questions, lambda each: each.discipline),
        conflict=_mark(conflicts, lambda each: each.other if each.section_id == section.id else each.section),
    )


def _asks(section: Section, each: OpenThreads) -> bool:
    return each.section_id == section.id or section.discipline_id == each.discipline_id


def _touches(section: Section, each: OpenThreads) -> bool:
    return section.id in (each.section_id, each.other_id)


def _mark(found: Sequence[OpenThreads], about: Callable[[OpenThreads], str | None]) -> Mark | None:
    if not found:
        return None
    last = max(found, key=lambda each: each.newest)
    return Mark(sum(each.count for each in found), last.newest, about(last) or "")
