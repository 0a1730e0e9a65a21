"""What somebody has to see to at once, until it is on record what was done about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key, user_fk
from models.patient import Patient
from models.user import User


class AlertKind(StrEnum):
    """What raised it. Who is told, and how long it may wait, follows from the kind: actions/alert_circles.py."""

    AT_RISK = "at risk"
    """A yes where a form asks whether a question is about harming oneself or an emergency; `origin_id` is the
    question's."""


class Alert(Base):
    """Raised by what `raised_by` did, and open until `acknowledged_by` recorded in `action` what was done."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_patient", "patient_id", "id"),
        Index(
            "ix_alerts_open",
            "patient_id",
            sqlite_where=text("acknowledged_at IS NULL"),
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
    )

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[str]
    origin_id: Mapped[int]
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[user_fk]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(Text, default="")

    patient: Mapped[Patient] = relationship()
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys="Alert.acknowledged_by_id")


class AlertEscalation(Base):
    """Nobody recorded in time what was done: the `step`-th time (from 1) that an alert went further."""

    __tablename__ = "alert_escalations"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
