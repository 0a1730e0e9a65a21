"""What a person is told: in the application at once, by mail at once or in the daily digest."""

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key
from models.mailed import Mailed
from models.patient import Patient
from models.user import User


class NoticeKind(StrEnum):
    MENTION = "mention"
    ASSIGNMENT = "assignment"
    REPLY = "reply"
    """In a thread one opened, wrote in or was mentioned in."""
    QUESTION = "question"
    """For one's discipline."""
    CONFLICT = "conflict"
    """About a section that one writes."""
    SUGGESTION = "suggestion"
    """To a section that one writes."""
    ANSWER = "answer"
    """One's suggestion was accepted or declined."""
    TASK_ENDED = "task_ended"
    """A task that one gave is done, or not done."""
    TO_SIGN = "to_sign"
    """A version waits for the signature of one's discipline."""
    DECLINED = "declined"
    """A discipline declined to sign."""
    PUBLISHED = "published"
    """The patient reads another version."""
    WITHDRAWN = "withdrawn"
    """The patient's plan is withdrawn."""
    PATIENT_ANSWER = "patient_answer"
    """The patient answered the plan."""
    PATIENT_QUESTION = "patient_question"
    """The patient asks the team something."""
    URGENT_QUESTION = "urgent_question"
    """Somebody found a patient's question urgent."""
    LATE_QUESTION = "late_question"
    """A patient's question waits longer than it should."""
    ALERT = "alert"
    """Somebody has to see to a patient at once."""
    LATE_ALERT = "late_alert"
    """Nobody recorded yet what was done about an alert."""
    ALERT_ELSEWHERE = "alert_elsewhere"
    """The same, for leads and administrators who do not read this patient's record: it names no patient."""


ALARMS = frozenset({NoticeKind.ALERT, NoticeKind.LATE_ALERT, NoticeKind.ALERT_ELSEWHERE})
"""Mailed at once whatever the hour and whatever a person wished, until it is on record what was done."""
AT_ONCE = frozenset({NoticeKind.MENTION, NoticeKind.ASSIGNMENT, NoticeKind.URGENT_QUESTION}) | ALARMS
"""Mailed at once; everything else waits for the digest."""


class Notification(Mailed, Base):
    """One thing for one person. It names where to look and nothing of what is there."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user", "user_id", "seen_at", "id"),
        Index("ix_notifications_mail", "mailed_at", "mail_after"),
        Index("ix_notifications_alert", "alert_id"),
    )

    id: Mapped[key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("patient_questions.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys="Notification.user_id")
    by: Mapped[User | None] = relationship(foreign_keys="Notification.by_id")
    patient: Mapped[Patient] = relationship()


class NotificationSettings(Base):
    """How a person wants mail. Without a row: at once for mentions and assignments, the digest at 07:00 of the
    clinic's zone, quiet from 19:00 to 07:00."""

    __tablename__ = "notification_settings"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    mails_at_once: Mapped[bool]
    mails_digest: Mapped[bool]
    digest_at: Mapped[time] = mapped_column(Time)
    timezone: Mapped[str]
    quiet_from: Mapped[time] = mapped_column(Time)
    quiet_until: Mapped[time] = mapped_column(Time)
    changed_at: Mapped[datetime]


class PatientSeen(Base):
    """When a person last looked at a patient's board (`at`), and until when they had looked before this visit began
    (`since`; null in the first one), for what changed meanwhile: actions/visits.py."""

    __tablename__ = "patients_seen"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    at: Mapped[datetime]
    since: Mapped[datetime | None]
