"""Where a task comes from: a thread of the plan, or a line of a section."""

from dataclasses import dataclass

from sqlalchemy import select

from access.grants import Hidden, PatientGrant
from access.permissions import Permission
from models.base import db
from models.plan import Section
from models.task import TaskOrigin
from models.thread import Comment, Thread


@dataclass(frozen=True, slots=True)
class Origin:
    """`title` is a proposal for the task's title; `words` are those it came from."""

    thread_id: int | None
    section_id: int | None
    section_title: str
    words: str
    title: str

    def row(self) -> TaskOrigin:
        return TaskOrigin(thread_id=self.thread_id, section_id=self.section_id)


def find(grant: PatientGrant, thread: str, section: str) -> Origin | None:
    """The thread with this id or the section with this key, as an address names them; None when it names none.

    Raises Hidden when the plan has no such thread or section.
    """
    if not thread and not section:
        return None
    known = thread.isascii() and thread.isdigit() and len(thread) < 10
    found = _of_thread(grant, int(thread)) if known else _of_section(grant, section)
    if found is None:
        raise Hidden(grant.actor, Permission.TASK_WRITE, f"thread:{thread}" if thread else "section", grant.patient.id)
    return found


def _of_thread(grant: PatientGrant, thread_id: int) -> Origin | None:
    row = db.session.scalar(select(Thread).where(Thread.id == thread_id, Thread.plan_id == grant.plan.id))
    if row is None:
        return None
    first = db.session.scalar(
        select(Comment.body)
        .where(Comment.thread_id == thread_id, Comment.withdrawn_at.is_(None))
        .order_by(Comment.id)
        .limit(1)
    )
    words = row.quote or first or ""
    return Origin(row.id, None, "", words, _one_line(words))


def _of_section(grant: PatientGrant, key: str) -> Origin | None:
    if "\0" in key:
        return None
    row = db.session.scalar(select(Section).where(Section.plan_id == grant.plan.id, Section.key == key))
    return None if row is None else Origin(None, row.id, row.title, "", "")


def _one_line(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 200 else line[:199].rsplit(" ", 1)[0] + "…"
