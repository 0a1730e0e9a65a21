"""Sign-off: who signed or declined a frozen version, what was published of it, and what the patient answered."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.discipline import Discipline
from models.plan_record import PlanRecord
from models.thread import Thread
from models.user import User
from models.version import Version


class Signature(PlanRecord, Base):
    """A discipline signed a `sign-off` version: `sha256` is what the signer saw, the version's own."""

    __tablename__ = "signatures"
    __table_args__ = (
        Index("uq_signatures_place", "plan_id", "place", unique=True),
        UniqueConstraint("version_id", "discipline_id"),
    )
    PURPOSE: ClassVar[str] = "signature"
    SEALED: ClassVar[tuple[str, ...]] = ("version_id", "user_id", "discipline_id", "at", "sha256")

    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    discipline_id: Mapped[int] = mapped_column(ForeignKey("disciplines.id"))
    at: Mapped[datetime]
    sha256: Mapped[str]

    version: Mapped[Version] = relationship()
    user: Mapped[User] = relationship()
    discipline: Mapped[Discipline] = relationship()


class DeclinedSignature(PlanRecord, Base):
    """A discipline declined to sign a version, with words, which opened `thread`."""

    __tablename__ = "declined_signatures"
    __table_args__ = (
        Index("uq_declined_signatures_place", "plan_id", "place", unique=True),
        UniqueConstraint("version_id", "discipline_id"),
    )
    PURPOSE: ClassVar[str] = "declined signature"
    SEALED: ClassVar[tuple[str, ...]] = ("version_id", "user_id", "discipline_id", "at", "words", "thread_id")

    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    discipline_id: Mapped[int] = mapped_column(ForeignKey("disciplines.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))

    version: Mapped[Version] = relationship()
    user: Mapped[User] = relationship()
    discipline: Mapped[Discipline] = relationship()
    thread: Mapped[Thread] = relationship()


class Publication(PlanRecord, Base):
    """A signed-off version that the patient reads: the `number`-th of the plan (from 1), with one line of `reason` that
    the patient sees. `sha256` is the version's; `missing` is the canonical JSON of its `missing_disciplines`."""

    __tablename__ = "publications"
    __table_args__ = (
        Index("uq_publications_place", "plan_id", "place", unique=True),
        UniqueConstraint("plan_id", "number"),
    )
    PURPOSE: ClassVar[str] = "publication"
    SEALED: ClassVar[tuple[str, ...]] = ("version_id", "number", "by_id", "at", "reason", "sha256", "missing")

    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), unique=True)
    number: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]
    missing: Mapped[str] = mapped_column(Text)

    version: Mapped[Version] = relationship()
    by: Mapped[User] = relationship()
    missing_disciplines: Mapped[list["MissingDiscipline"]] = relationship(back_populates="publication")
    withdrawal: Mapped["Withdrawal | None"] = relationship(back_populates="publication")


class MissingDiscipline(Base):
    """An involved discipline that did not sign what was published: why, and since when it has not reviewed the plan
    (its last signature on a published version; null when it never signed one)."""

    __tablename__ = "missing_disciplines"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    discipline_id: Mapped[int] = mapped_column(ForeignKey("disciplines.id"), primary_key=True)
    has_declined: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime | None]

    publication: Mapped[Publication] = relationship(back_populates="missing_disciplines")
    discipline: Mapped[Discipline] = relationship()


class Withdrawal(PlanRecord, Base):
    """A publication is not to be followed any more. The patient reads that, and whom to call."""

    __tablename__ = "withdrawals"
    __table_args__ = (Index("uq_withdrawals_place", "plan_id", "place", unique=True),)
    PURPOSE: ClassVar[str] = "withdrawal"
    SEALED: ClassVar[tuple[str, ...]] = ("publication_id", "by_id", "at", "reason")

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)

    publication: Mapped[Publication] = relationship(back_populates="withdrawal")
    by: Mapped[User] = relationship()


class AnswerKind(StrEnum):
    AGREES = "agrees"
    QUESTION = "question"
    DISAGREES = "disagrees"


class AnswerWay(StrEnum):
    """How an answer came."""

    PAGE = "page"
    PHONE = "phone"
    PAPER = "paper"
    IN_PERSON = "in person"


class PatientAnswer(PlanRecord, Base):
    """What the patient (or `told_by` for them) says to a publication, on the day `answered_on`; the latest counts.
    `by` gave it on the patient's page, or recorded it."""

    __tablename__ = "patient_answers"
    __table_args__ = (
        Index("uq_patient_answers_place", "plan_id", "place", unique=True),
        Index("ix_patient_answers_publication", "publication_id", "id"),
    )
    PURPOSE: ClassVar[str] = "patient's answer"
    SEALED: ClassVar[tuple[str, ...]] = (
        "publication_id",
        "kind",
        "words",
        "way",
        "told_by",
        "answered_on",
        "by_id",
        "at",
    )

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"))
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    way: Mapped[str]
    told_by: Mapped[str]
    answered_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    publication: Mapped[Publication] = relationship()
    by: Mapped[User] = relationship()
