"""Who did, saw or was refused what. Rows are only ever added: a trigger refuses everything else."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key


class Outcome(StrEnum):
    DONE = "done"
    VIEWED = "viewed"
    DENIED = "denied"
    FAILED = "failed"


class AuditEvent(Base):
    """`action` is a permission or a word of sign-in; `thing` is `noun:id`; `detail` never holds clinical text."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_repeat", "session_id", "thing", "action", "at"),
        Index("ix_audit_events_patient", "patient_id", "at"),
    )

    id: Mapped[key]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("login_sessions.id"))
    action: Mapped[str]
    thing: Mapped[str]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"))
    outcome: Mapped[str]
    detail: Mapped[dict[str, Any]]
