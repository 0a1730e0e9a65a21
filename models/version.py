"""Versions: the whole plan as it stood at a moment, never changed afterwards."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.discipline import Discipline
from models.patient import PatientStatement
from models.plan_record import PlanRecord
from models.user import User


class VersionKind(StrEnum):
    AUTOMATIC = "automatic"
    """Taken after a quiet half hour with changes; it has no author."""
    NAMED = "named"
    CONFERENCE = "conference"
    SIGN_OFF = "sign-off"
    """Put before the involved disciplines to sign."""


class Version(PlanRecord, Base):
    """A state of the plan. `sha256` is the hash (hex) of its canonical content: actions/version_content.py."""

    __tablename__ = "versions"
    __table_args__ = (
        Index("uq_versions_place", "plan_id", "place", unique=True),
        Index("ix_versions_plan", "plan_id", "kind", "id"),
    )
    PURPOSE: ClassVar[str] = "version"
    SEALED: ClassVar[tuple[str, ...]] = ("kind", "label", "reason", "author_id", "at", "statement_id", "sha256")

    kind: Mapped[str]
    label: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("patient_statements.id"))
    sha256: Mapped[str]

    author: Mapped[User | None] = relationship()
    statement: Mapped[PatientStatement | None] = relationship()
    texts: Mapped[list["VersionText"]] = relationship(
        back_populates="version", order_by="(VersionText.position, VersionText.kind)"
    )
    tasks: Mapped[list["VersionTask"]] = relationship(back_populates="version", order_by="VersionTask.task_id")


class VersionText(Base):
    """A document of the plan at (`epoch`, `seq`), with its section as it was called then. `kind`: clinical or plain."""

    __tablename__ = "version_texts"
    __table_args__ = (Index("ix_version_texts_document", "document_id", "version_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    section_key: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    position: Mapped[int]
    discipline_id: Mapped[int | None] = mapped_column(ForeignKey("disciplines.id"))
    epoch: Mapped[int]
    seq: Mapped[int]
    text: Mapped[str] = mapped_column(Text)

    version: Mapped[Version] = relationship(back_populates="texts")
    discipline: Mapped[Discipline | None] = relationship()


class VersionTask(Base):
    """A task for the patient that had not ended: what the patient reads under *This week*."""

    __tablename__ = "version_tasks"

    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    title: Mapped[str]
    plain_text: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None]
    rhythm: Mapped[str]
    times_a_week: Mapped[int | None]

    version: Mapped[Version] = relationship(back_populates="tasks")
