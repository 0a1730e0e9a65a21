"""The rows of discussions, in as many statements for five hundred threads as for one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from access.grants import PatientGrant
from models.base import db
from models.discipline import Discipline
from models.plan import Section
from models.thread import Comment, Mention, Suggestion, Thread, ThreadKind, ThreadRead
from models.user import User

SHOWN = 25
"""Threads of a list, before one asks for more."""
MOST_SHOWN = 1000
LAST = 5
"""Comments of a thread in a list: its first and the last ones; the thread's own page has all."""


_PEOPLE = (aliased(User), aliased(User), aliased(User))
_SIDES = (aliased(Discipline), aliased(Section, name="other"), aliased(Discipline, name="asked"))
"""Made once: what SQLAlchemy works out about an alias it keeps with it."""


class Show(StrEnum):
    OPEN = "open"
    MINE = "mine"
    """Open ones that one opened or wrote in, and questions to one's discipline."""
    MENTIONS = "mentions"
    """Open ones that mention the reader."""
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which threads to list, newest first: at most `shown`, in the section of that key, and `thread` in any case.

    Whoever asks has those of `known` as they are: of them only the place in the list is answered.
    """

    show: Show = Show.OPEN
    section: str = ""
    shown: int = SHOWN
    thread: int | None = None
    known: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CommentRow:
    id: int
    thread_id: int
    author_id: int
    author: str
    tone: str
    body: str
    at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    number: int
    """1 for the first of its thread."""
    of: int
    mentions: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """`thread` has its columns loaded and nothing else."""

    thread: Thread
    opened_by: str
    resolved_by: str | None
    section: Section | None
    owner: str | None
    other: Section | None
    discipline: Discipline | None
    suggestion: Suggestion | None
    answered_by: str | None
    read_up_to: int | None
    comments: Sequence[CommentRow]


def listed(grant: PatientGrant, wanted: Filter) -> tuple[Sequence[ThreadRow], bool]:
    """The threads of a list with their first and last comments, known ones without, and whether there are more."""
    query = _query(grant).where(_matches(grant, wanted)).order_by(Thread.id.desc()).limit(wanted.shown + 1)
    rows: list[Any] = list(db.session.execute(query).all())
    more, rows = len(rows) > wanted.shown, rows[: wanted.shown]
    if wanted.thread is not None and all(row[0].id != wanted.thread for row in rows):
        rows = list(db.session.execute(_query(grant).where(Thread.id == wanted.thread)).all()) + rows
    return _with_comments(rows, LAST, wanted.known), more


def one(grant: PatientGrant, thread_id: int, last: int = LAST) -> ThreadRow | None:
    """One thread of the plan, with its first and `last` comments."""
    rows = db.session.execute(_query(grant).where(Thread.id == thread_id)).all()
    return next(iter(_with_comments(rows, last)), None)


def titled(grant: PatientGrant, key: str) -> str:
    """The title of a section of the plan, or nothing."""
    query = select(Section.title).where(Section.plan_id == grant.plan.id, Section.key == key)
    return db.session.scalar(query) or ""


def _query(grant: PatientGrant) -> Any:
    opened_by, resolved_by, answered_by = _PEOPLE
    owner, other, asked = _SIDES
    return (
        select(
            Thread,
            opened_by.name.label("opened_by"),
            resolved_by.name.label("resolved_by"),
            Section,
            owner.key.label("owner"),
            other,
            asked,
            Suggestion,
            answered_by.name.label("answered_by"),
            ThreadRead.comment_id.label("read_up_to"),
        )
        .join(opened_by, opened_by.id == Thread.opened_by_id)
        .outerjoin(resolved_by, resolved_by.id == Thread.resolved_by_id)
        .outerjoin(Section, Section.id == Thread.section_id)
        .outerjoin(owner, owner.id == Section.discipline_id)
        .outerjoin(other, other.id == Thread.other_section_id)
        .outerjoin(asked, asked.id == Thread.discipline_id)
        .outerjoin(Suggestion, Suggestion.thread_id == Thread.id)
        .outerjoin(answered_by, answered_by.id == Suggestion.answered_by_id)
        .outerjoin(ThreadRead, and_(ThreadRead.thread_id == Thread.id, ThreadRead.user_id == grant.actor.user_id))
        .where(Thread.plan_id == grant.plan.id)
    )


def _matches(grant: PatientGrant, wanted: Filter) -> ColumnElement[bool]:
    me = grant.actor.user_id
    is_open = Thread.resolved_at.is_(None)
    found: ColumnElement[bool]
    standing = and_(Comment.thread_id == Thread.id, Comment.withdrawn_at.is_(None))
    match wanted.show:
        case Show.OPEN:
            found = is_open
        case Show.RESOLVED:
            found = Thread.resolved_at.is_not(None) & exists().where(standing)
        case Show.MENTIONS:
            found = is_open & exists().where(standing, Mention.comment_id == Comment.id, Mention.user_id == me)
        case Show.MINE:
            asked = select(Discipline.id).where(Discipline.key == grant.actor.discipline).scalar_subquery()
            found = is_open & or_(
                Thread.opened_by_id == me,
                exists().where(standing, Comment.author_id == me),
                and_(Thread.kind == ThreadKind.QUESTION, Thread.discipline_id == asked),
            )
    if not wanted.section:
        return found
    section = (
        select(Section.id).where(Section.plan_id == grant.plan.id, Section.key == wanted.section).scalar_subquery()
    )
    return found & or_(Thread.section_id == section, Thread.other_section_id == section)


def _with_comments(rows: Sequence[Any], last: int, known: frozenset[int] = frozenset()) -> Sequence[ThreadRow]:
    found: dict[int, list[CommentRow]] = {row[0].id: [] for row in rows}
    for comment in _comments(found.keys() - known, last):
        found[comment.thread_id].append(comment)
    return [
        ThreadRow(
            thread=row.Thread,
            opened_by=row.opened_by,
            resolved_by=row.resolved_by,
            section=row.Section,
            owner=row.owner,
            other=row.other,
            discipline=row.asked,
            suggestion=row.Suggestion,
            answered_by=row.answered_by,
            read_up_to=row.read_up_to,
            comments=found[row.Thread.id],
        )
        for row in rows
    ]


def _comments(thread_ids: Collection[int], last: int) -> Sequence[CommentRow]:
    if not thread_ids:
        return []
    number = func.row_number().over(partition_by=Comment.thread_id, order_by=Comment.id)
    of = func.count().over(partition_by=Comment.thread_id)
    numbered = (
        select(Comment.id, number.label("number"), of.label("of")).where(Comment.thread_id.in_(thread_ids)).subquery()
    )
    query = (
        select(
            Comment.id,
            Comment.thread_id,
            Comment.author_id,
            User.name,
            func.coalesce(Discipline.key, ""),
            Comment.body,
            Comment.at,
            Comment.edited_at,
            Comment.withdrawn_at,
            numbered.c.number,
            numbered.c.of,
        )
        .join(numbered, numbered.c.id == Comment.id)
        .join(User, User.id == Comment.author_id)
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .where(or_(numbered.c.number == 1, numbered.c.number > numbered.c.of - last))
        .order_by(Comment.id)
    )
    rows = [CommentRow(*row) for row in db.session.execute(query)]
    mentions = _mentions([row.id for row in rows])
    return [replace(row, mentions=mentions[row.id]) if row.id in mentions else row for row in rows]


def _mentions(comment_ids: Sequence[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    rows = db.session.execute(
        select(Mention.comment_id, Mention.user_id, User.name)
        .join(User, User.id == Mention.user_id)
        .where(Mention.comment_id.in_(comment_ids))
        .order_by(Mention.user_id)
    )
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for comment_id, user_id, name in rows:
        found[comment_id] = (*found.get(comment_id, ()), (user_id, name))
    return found
