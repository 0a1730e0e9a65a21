"""What others changed in one's patients since one last looked (actions/visits.py says since when that is).

Of a text the last change counts: who changed it before, and has it open, saw the others at work.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, null, or_, select, union_all

from access.grants import Actor
from access.reach import open_plans
from actions import visits
from models.base import db
from models.discipline import Discipline
from models.document import Document
from models.notification import PatientSeen
from models.patient import CareTeamMember, Patient, PatientStatement
from models.plan import DocumentKind, Plan, Section, SectionDocument
from models.task import Task, TaskChange
from models.thread import Comment, Thread
from models.user import User

NEWLY = timedelta(weeks=2)
"""So long after joining a care team a plan that one has not opened is new."""


class What(StrEnum):
    JOINED = "joined"
    """One was added to the care team."""
    SECTION = "section"
    COMMENT = "comment"
    TASK_MADE = "task_made"
    TASK_CHANGED = "task_changed"
    STATEMENT = "statement"
    """What matters to the patient."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one person did: `title` is a section's, `count` of how many comments or tasks it tells, `tone` the key of
    their discipline."""

    patient_id: int
    what: What
    by_id: int
    by: str
    tone: str | None
    title: str | None
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """A patient and what changed, latest first. `is_seen`: they looked after the last of it, in this visit."""

    patient_id: int
    name: str
    at: datetime
    is_seen: bool
    changes: Sequence[Change]


def changed(actor: Actor, now: datetime, most: int) -> tuple[Sequence[Changed], int]:
    """At most so many patients, the last changed first, and how many there are; two statements."""
    mine = _mine(actor, now).subquery()
    every = _every(actor, mine, now).subquery()
    latest = func.max(every.c.at)
    rows = db.session.execute(
        select(mine.c.patient_id, mine.c.name, latest.label("at"), mine.c.looked_at, func.count().over().label("total"))
        .join(every, every.c.patient_id == mine.c.patient_id)
        .group_by(mine.c.patient_id, mine.c.name, mine.c.looked_at)
        .order_by(latest.desc(), mine.c.patient_id)
        .limit(most)
    ).all()
    details = _details(actor, now, [row.patient_id for row in rows])
    found = [
        Changed(
            row.patient_id,
            row.name,
            row.at,
            row.looked_at is not None and row.looked_at >= row.at,
            [each for each in details if each.patient_id == row.patient_id],
        )
        for row in rows
    ]
    return found, rows[0].total if rows else 0


def _details(actor: Actor, now: datetime, patient_ids: Collection[int]) -> Sequence[Change]:
    if not patient_ids:
        return []
    mine = _mine(actor, now, patient_ids).subquery()
    every = _every(actor, mine, now).subquery()
    about = (every.c.patient_id, every.c.what, every.c.by_id, User.name, Discipline.key, every.c.title)
    latest = func.max(every.c.at)
    rows = db.session.execute(
        select(*about, func.count(every.c.thing.distinct()), latest)
        .join(User, User.id == every.c.by_id)
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .group_by(*about)
        .order_by(latest.desc(), User.name, every.c.title)
    )
    return [Change(row[0], What(row[1]), *row[2:]) for row in rows]


def _mine(actor: Actor, now: datetime, patient_ids: Collection[int] | None = None) -> Any:
    """The actor's patients, with since when what changed there is new. (`Patient.changed_at` would not do to leave
    some out: it lags behind what is typed.)"""
    seen = and_(PatientSeen.patient_id == CareTeamMember.patient_id, PatientSeen.user_id == CareTeamMember.user_id)
    query = (
        select(
            Patient.id.label("patient_id"),
            Patient.name,
            CareTeamMember.since.label("joined_at"),
            CareTeamMember.added_by_id,
            PatientSeen.at.label("looked_at"),
            visits.since(now).label("since"),
        )
        .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
        .outerjoin(PatientSeen, seen)
        .where(
            CareTeamMember.user_id == actor.user_id,
            CareTeamMember.until.is_(None),
            Patient.id.in_(open_plans(actor)),
        )
    )
    return query if patient_ids is None else query.where(Patient.id.in_(patient_ids))


def _every(actor: Actor, mine: Any, now: datetime) -> Any:
    """A row for each thing that others did: patient, what, by whom, the section's title, the thing's id, and when."""
    me = actor.user_id
    plans = select(Plan.id.label("plan_id"), *mine.c).join(mine, mine.c.patient_id == Plan.patient_id).subquery()
    is_new = and_(mine.c.looked_at.is_(None), mine.c.joined_at > now - NEWLY, mine.c.added_by_id != me)
    is_written = or_(Document.seq > 1, and_(SectionDocument.kind == DocumentKind.PLAIN, Document.seq > 0))
    made = case((TaskChange.kind == "made", What.TASK_MADE.value), else_=What.TASK_CHANGED.value)

    def row(of: Any, what: Any, by: Any, title: Any, thing: Any, at: Any) -> Select[Any]:
        return select(
            of.c.patient_id.label("patient_id"),
            what.label("what"),
            by.label("by_id"),
            title.label("title"),
            thing.label("thing"),
            at.label("at"),
        ).select_from(of)

    return union_all(
        row(mine, literal(What.JOINED.value), mine.c.added_by_id, null(), mine.c.patient_id, mine.c.joined_at).where(
            is_new
        ),
        row(
            plans,
            literal(What.SECTION.value),
            Document.changed_by_id,
            Section.title,
            Section.id,
            Document.changed_at,
        )
        .join(Section, Section.plan_id == plans.c.plan_id)
        .join(SectionDocument, SectionDocument.section_id == Section.id)
        .join(Document, Document.id == SectionDocument.document_id)
        .where(Document.changed_at > plans.c.since, Document.changed_by_id != me, is_written),
        row(plans, literal(What.COMMENT.value), Comment.author_id, null(), Comment.id, Comment.at)
        .join(Thread, Thread.plan_id == plans.c.plan_id)
        .join(Comment, Comment.thread_id == Thread.id)
        .where(
            Thread.changed_at > plans.c.since,
            Comment.at > plans.c.since,
            Comment.author_id != me,
            Comment.withdrawn_at.is_(None),
        ),
        row(plans, made, TaskChange.by_id, null(), Task.id, TaskChange.at)
        .join(Task, Task.plan_id == plans.c.plan_id)
        .join(TaskChange, TaskChange.task_id == Task.id)
        .where(Task.changed_at > plans.c.since, TaskChange.at > plans.c.since, TaskChange.by_id != me),
        row(
            mine,
            literal(What.STATEMENT.value),
            PatientStatement.recorded_by_id,
            null(),
            PatientStatement.id,
            PatientStatement.recorded_at,
        )
        .join(PatientStatement, PatientStatement.patient_id == mine.c.patient_id)
        .where(PatientStatement.recorded_at > mine.c.since, PatientStatement.recorded_by_id != me),
    )
