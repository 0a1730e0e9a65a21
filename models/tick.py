"""Ticks: on which days the patient did a task, or did not and perhaps said why."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, current, key, user_fk
from models.user import User


class TickReason(StrEnum):
    """Why a task was not done; nobody has to say."""

    TOO_SORE = "too sore"
    NO_TIME = "no time"
    NOT_SURE_HOW = "not sure how"
    OTHER = "other"
    """In `words`."""


class Tick(Base):
    """A task on a day of the clinic: done, or not done with a `reason` (a TickReason, or empty) and `words`.

    `told_by` names whose words these are; `told_to` is the member of staff who heard them, and null where they come
    from the patient's own page. `by` put it there. Rows are added and withdrawn, never changed; one of a task and day
    holds.
    """

    __tablename__ = "ticks"
    __table_args__ = (
        current("uq_ticks_current", "task_id", "day", ends="withdrawn_at"),
        Index("ix_ticks_task", "task_id", "day"),
    )

    id: Mapped[key]
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    day: Mapped[date]
    is_done: Mapped[bool]
    reason: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    told_by: Mapped[str]
    told_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    by_id: Mapped[user_fk]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    told_to: Mapped[User | None] = relationship(foreign_keys="Tick.told_to_id")
    by: Mapped[User] = relationship(foreign_keys="Tick.by_id")
