"""Discussions of My work: those that wait for an answer of the person who looks.

An open thread waits for them, for the first of these reasons that holds:

- *suggestion*: it proposes other words for a section they write, and nobody has answered it;
- *question*: it asks their discipline, and the last word is not the discipline's (nor their own);
- *conflict*: it is between sections of which they write one as their discipline's, or which are both shared, and the
  last word is not theirs;
- *mention*: a comment names them, and they have written nothing since;
- *reply*: they opened it or wrote in it, and have not read the last word.

A coordinator sees beside these the questions that no one of the discipline has answered (*unanswered*).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from access.grants import Actor
from access.reach import open_plans
from models.base import db
from models.discipline import Discipline
from models.patient import Patient
from models.plan import Plan, Section
from models.thread import Comment, Mention, Suggestion, Thread, ThreadKind, ThreadRead
from models.user import Role, User


class Why(StrEnum):
    SUGGESTION = "suggestion"
    QUESTION = "question"
    CONFLICT = "conflict"
    MENTION = "mention"
    REPLY = "reply"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread with its last word; `asked` is the discipline that a question is for, `total` how many there are."""

    thread_id: int
    patient_id: int
    patient: str
    why: Why
    section: str | None
    asked: str | None
    quote: str
    author: str
    tone: str | None
    body: str
    at: datetime
    opened_at: datetime
    replacement: str | None
    place: int
    total: int


_other, _last, _author, _of_author, _asked = (
    aliased(Section),
    aliased(Comment),
    aliased(User),
    aliased(Discipline),
    aliased(Discipline),
)
_MINE = aliased(Comment)


def waiting(actor: Actor, most: int) -> tuple[Sequence[Waiting], Sequence[Waiting]]:
    """What waits for the actor, last said first, and what is unanswered, oldest first: at most so many of each."""
    found = _found(actor).subquery()
    is_unanswered = found.c.why == Why.UNANSWERED
    oldest_first = case((is_unanswered, found.c.opened_at))
    order = [oldest_first, found.c.at.desc(), found.c.thread_id.desc()]
    numbered = (
        select(
            *found.c,
            func.row_number().over(partition_by=is_unanswered, order_by=order).label("place"),
            func.count().over(partition_by=is_unanswered).label("total"),
        )
        .where(found.c.why.is_not(None))
        .subquery()
    )
    rows = db.session.execute(select(*numbered.c).where(numbered.c.place <= most).order_by(numbered.c.place))
    every = [Waiting(**{**row, "why": Why(row["why"])}) for row in rows.mappings()]
    return (
        [each for each in every if each.why is not Why.UNANSWERED],
        [each for each in every if each.why is Why.UNANSWERED],
    )


def _found(actor: Actor) -> Any:
    """Every open thread of the actor's patients with its last standing comment, and why it waits, if it does."""
    last = (
        select(func.max(Comment.id))
        .where(Comment.thread_id == Thread.id, Comment.withdrawn_at.is_(None))
        .correlate(Thread)
        .scalar_subquery()
    )
    return (
        select(
            Thread.id.label("thread_id"),
            Patient.id.label("patient_id"),
            Patient.name.label("patient"),
            _why(actor).label("why"),
            Section.title.label("section"),
            _asked.name.label("asked"),
            Thread.quote,
            _author.name.label("author"),
            _of_author.key.label("tone"),
            _last.body,
            _last.at.label("at"),
            Thread.opened_at.label("opened_at"),
            Suggestion.replacement,
        )
        .join(Plan, Plan.id == Thread.plan_id)
        .join(Patient, Patient.id == Plan.patient_id)
        .join(_last, _last.id == last)
        .join(_author, _author.id == _last.author_id)
        .outerjoin(_of_author, _of_author.id == _author.discipline_id)
        .outerjoin(Section, Section.id == Thread.section_id)
        .outerjoin(_other, _other.id == Thread.other_section_id)
        .outerjoin(_asked, _asked.id == Thread.discipline_id)
        .outerjoin(Suggestion, Suggestion.thread_id == Thread.id)
        .where(Thread.resolved_at.is_(None), Plan.patient_id.in_(open_plans(actor)))
    )


def _why(actor: Actor) -> ColumnElement[str]:
    me = actor.user_id
    by_others = _last.author_id != me
    unanswered = and_(
        Thread.kind == ThreadKind.QUESTION,
        or_(_author.discipline_id.is_distinct_from(Thread.discipline_id), _last.author_id == Thread.opened_by_id),
    )
    reasons: list[tuple[ColumnElement[bool], str]] = []
    if Role.CLINICIAN in actor.roles:
        own = select(Discipline.id).where(Discipline.key == (actor.discipline or "")).scalar_subquery()
        theirs = or_(Section.discipline_id == own, Section.discipline_id.is_(None))
        both_shared = and_(Section.discipline_id.is_(None), _other.discipline_id.is_(None))
        touched = or_(Section.discipline_id == own, _other.discipline_id == own, both_shared)
        suggested = and_(Suggestion.answered_at.is_(None), Thread.opened_by_id != me, theirs)
        reasons = [
            (and_(Thread.kind == ThreadKind.SUGGESTION, suggested), Why.SUGGESTION.value),
            (and_(unanswered, Thread.discipline_id == own, by_others), Why.QUESTION.value),
            (and_(Thread.kind == ThreadKind.CONFLICT, touched, by_others), Why.CONFLICT.value),
        ]
    reasons += [(_mentioned(me), Why.MENTION.value), (and_(by_others, _unread(me)), Why.REPLY.value)]
    if Role.COORDINATOR in actor.roles:
        reasons.append((unanswered, Why.UNANSWERED.value))
    return case(*reasons)


def _wrote(me: int) -> ColumnElement[bool]:
    return and_(_MINE.thread_id == Thread.id, _MINE.author_id == me, _MINE.withdrawn_at.is_(None))


def _mentioned(me: int) -> ColumnElement[bool]:
    """A standing comment of the thread names them, and none of theirs stands after it."""
    return (
        exists()
        .where(
            Comment.thread_id == Thread.id,
            Comment.withdrawn_at.is_(None),
            Mention.comment_id == Comment.id,
            Mention.user_id == me,
            ~exists().where(_wrote(me), _MINE.id > Comment.id).correlate(Thread, Comment),
        )
        .correlate(Thread)
    )


def _unread(me: int) -> ColumnElement[bool]:
    takes_part = or_(Thread.opened_by_id == me, exists().where(_wrote(me)).correlate(Thread))
    has_read = exists().where(
        ThreadRead.thread_id == Thread.id, ThreadRead.user_id == me, ThreadRead.comment_id >= _last.id
    )
    return and_(takes_part, ~has_read.correlate(Thread, _last))
