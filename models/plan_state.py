"""Whether a plan is worked on, rests, or has ended: each state a row with its witness."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, current, key, user_fk
from models.user import User


class State(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    """It rests: nothing reminds, and everyone writes as before."""
    DISCHARGED = "discharged"
    TRANSFERRED = "transferred"
    DIED = "died"


CLOSED = frozenset({State.DISCHARGED, State.TRANSFERRED, State.DIED})
"""The plan has ended and is read-only."""


class PlanState(Base):
    """A state of a plan from `since` to `until`, and who brought it about. A plan without a row is active since the
    patient was added.

    `reason` says why it was paused or goes on. Of a closed plan `outcome` is how things stand in the team's words,
    `plain_words` the same for the patient, `call` whom to call from now on, `transferred_to` who cares now.
    """

    __tablename__ = "plan_states"
    __table_args__ = (
        current("uq_plan_states_current", "plan_id"),
        Index("ix_plan_states_plan", "plan_id", "id"),
    )

    id: Mapped[key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    plain_words: Mapped[str] = mapped_column(Text)
    call: Mapped[str] = mapped_column(Text)
    transferred_to: Mapped[str] = mapped_column(Text)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("versions.id"))
    since: Mapped[datetime]
    by_id: Mapped[user_fk]
    until: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    by: Mapped[User] = relationship(foreign_keys="PlanState.by_id")

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED
