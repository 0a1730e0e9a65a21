"""What people say to each other about a plan: threads on words, on a task or on the whole plan, and suggestions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key, user_fk
from models.user import User


class ThreadKind(StrEnum):
    DISCUSSION = "discussion"
    QUESTION = "question"
    """For a discipline, `discipline_id`."""
    CONFLICT = "conflict"
    """Between the thread's section and `other_section_id`."""
    SUGGESTION = "suggestion"
    """A replacement of the anchored words: the thread's one `Suggestion` row."""


class Thread(Base):
    """A discussion. On words of a section it has `document_id`, an `anchor` and the `quote`; on a task, `task_id`; on
    the whole plan, none of these.

    `anchor` is what the browser made: two Yjs relative positions, `{"start": …, "end": …}`; the server never reads it.
    `before` and `after` are some words around the quote. Resolved while `resolved_at` is set; the audit has the
    history.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Index("ix_threads_plan", "plan_id", "resolved_at", "id"),
        Index("ix_threads_section", "section_id", "resolved_at"),
    )

    id: Mapped[key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[str]
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    discipline_id: Mapped[int | None] = mapped_column(ForeignKey("disciplines.id"))
    other_section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    anchor: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    quote: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[user_fk]
    changed_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    comments: Mapped[list["Comment"]] = relationship(back_populates="thread", order_by="Comment.id")
    suggestion: Mapped["Suggestion | None"] = relationship(back_populates="thread")
    opened_by: Mapped[User] = relationship(foreign_keys="Thread.opened_by_id")


class Comment(Base):
    """One contribution (Markdown). The first of a thread opens it. A former wording is kept in `CommentEdit`; a
    withdrawn comment keeps its row, and its words are shown to nobody."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_thread", "thread_id", "id"),)

    id: Mapped[key]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    author_id: Mapped[user_fk]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    thread: Mapped[Thread] = relationship(back_populates="comments")
    author: Mapped[User] = relationship()
    mentions: Mapped[list["Mention"]] = relationship(back_populates="comment", cascade="all, delete-orphan")


class CommentEdit(Base):
    """A wording that a comment had until `at`."""

    __tablename__ = "comment_edits"

    id: Mapped[key]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Mention(Base):
    """A comment names a member of the care team, who is told at once."""

    __tablename__ = "mentions"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)

    comment: Mapped[Comment] = relationship(back_populates="mentions")
    user: Mapped[User] = relationship()


class ThreadRead(Base):
    """How far a person has read a thread: up to and with `comment_id`."""

    __tablename__ = "thread_reads"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"))
    at: Mapped[datetime]


class Suggestion(Base):
    """A proposed replacement of the thread's quote. Who may write the section accepts it, which is one edit at
    (`epoch`, `seq`) by them, suggested by the thread's author; or declines it with `words`."""

    __tablename__ = "suggestions"
    __table_args__ = (UniqueConstraint("thread_id"),)

    id: Mapped[key]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    replacement: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    is_accepted: Mapped[bool | None]
    words: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int | None]
    seq: Mapped[int | None]

    thread: Mapped[Thread] = relationship(back_populates="suggestion")
    answered_by: Mapped[User | None] = relationship()
