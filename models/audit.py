"""Who did, saw or was refused what. Rows are only ever added: a trigger refuses everything else, and a chain of seals
shows where somebody got around it."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key
from models.seals import Field, Seals


class Outcome(StrEnum):
    DONE = "done"
    VIEWED = "viewed"
    DENIED = "denied"
    FAILED = "failed"


class AuditEvent(Base):
    """`action` is a permission or a word of sign-in; `thing` is `noun:id`; `detail` never holds clinical text.

    Ids count from 1 without a gap: they are the places in the chain.
    """

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
    seal: Mapped[bytes] = mapped_column(LargeBinary)

    PURPOSE = "audit"

    def sealed_fields(self) -> tuple[Field, ...]:
        """What the seal covers: every column, as it comes back from either database."""
        return (
            self.id,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_id,
            self.session_id,
            self.action,
            self.thing,
            self.patient_id,
            self.outcome,
            json.dumps(self.detail, sort_keys=True, separators=(",", ":")),
        )


class AuditHead(Base):
    """The one row that says how many audit rows there are and how the last is sealed. Who adds rows locks it."""

    __tablename__ = "audit_head"

    id: Mapped[key]
    count: Mapped[int]
    seal: Mapped[bytes] = mapped_column(LargeBinary)

    def append(self, event: AuditEvent, seals: Seals) -> None:
        """Give an event its place behind the last, and seal it there."""
        self.count += 1
        event.id = self.count
        event.seal = seals.link(AuditEvent.PURPOSE, self.seal, *event.sealed_fields())
        self.seal = event.seal
