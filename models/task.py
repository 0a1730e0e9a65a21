"""Tasks: what somebody is to do about a patient, until it is done or not done for a reason."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from models.base import Base, key, user_fk
from models.discipline import Discipline
from models.user import User


class TaskState(StrEnum):
    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    NOT_DONE = "not_done"
    """Ended with a `reason`."""


ENDED = frozenset({TaskState.DONE, TaskState.NOT_DONE})


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Rhythm(StrEnum):
    """How often the patient is to do a task."""

    ONCE = "once"
    DAILY = "daily"
    EVERY_OTHER_DAY = "every other day"
    WEEKLY = "weekly"
    """`times_a_week` times."""


class Task(Base):
    """A task of a person (`assignee_id`), of a discipline until one of its people takes it, or of the patient.

    `plain_text` is what the patient reads, for the patient's tasks alone; these may come back in a `rhythm`. `due` is a
    day of the clinic. A task that was not made by hand has an `origin`.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN assignee_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN discipline_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN for_patient THEN 1 ELSE 0 END) = 1",
            name="one_assignee",
        ),
        Index("ix_tasks_plan", "plan_id", "state", "due"),
        Index("ix_tasks_assignee", "assignee_id", "state", "due"),
        Index("ix_tasks_discipline", "discipline_id", "state", "due"),
    )

    id: Mapped[key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    title: Mapped[str]
    details: Mapped[str] = mapped_column(Text)
    plain_text: Mapped[str] = mapped_column(Text)
    priority: Mapped[str]
    due: Mapped[date | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    discipline_id: Mapped[int | None] = mapped_column(ForeignKey("disciplines.id"))
    for_patient: Mapped[bool]
    rhythm: Mapped[str] = mapped_column(default=Rhythm.ONCE, server_default=Rhythm.ONCE)
    times_a_week: Mapped[int | None]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[user_fk]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    ticked: Mapped[int | None] = query_expression()
    """On how many days of this week the patient did it, where a list asked for that (actions/task_lists.py)."""
    done_on: Mapped[date | None] = query_expression()
    """The same: the last day on which the patient did it."""
    unsure_on: Mapped[date | None] = query_expression()
    """The same: the last day on which the patient was not sure how, and never did it since."""

    assignee: Mapped[User | None] = relationship(foreign_keys="Task.assignee_id")
    discipline: Mapped[Discipline | None] = relationship()
    created_by: Mapped[User] = relationship(foreign_keys="Task.created_by_id")
    ended_by: Mapped[User | None] = relationship(foreign_keys="Task.ended_by_id")
    origin: Mapped["TaskOrigin | None"] = relationship(back_populates="task")
    changes: Mapped[list["TaskChange"]] = relationship(back_populates="task", order_by="TaskChange.id")


class TaskOrigin(Base):
    """Where a task came from: a thread, or a line of a section's text."""

    __tablename__ = "task_origins"

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))

    task: Mapped[Task] = relationship(back_populates="origin")


class TaskChange(Base):
    """One change of a task: `before` and `after` hold the changed fields by name. Undoing is a change of its own."""

    __tablename__ = "task_changes"

    id: Mapped[key]
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[user_fk]
    kind: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]

    task: Mapped[Task] = relationship(back_populates="changes")
    by: Mapped[User] = relationship()
