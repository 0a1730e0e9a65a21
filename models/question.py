"""What a patient asks the team between two meetings, how soon it wants an answer, and what was answered."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key, user_fk
from models.patient import Patient
from models.user import User


class PatientQuestion(Base):
    """A question in the words of `told_by`: the patient, or who speaks for them.

    It came in a `way` (models.publication.AnswerWay): on the patient's page, or told to `told_to` on the day `asked_on`
    and written down by `by`. `is_risk` is the answer to whether it is about harming oneself or an emergency. `text` may
    be empty with a yes alone. `answered_at` is the moment of the first answer; until then it waits.
    """

    __tablename__ = "patient_questions"
    __table_args__ = (
        Index("ix_patient_questions_patient", "patient_id", "id"),
        Index(
            "ix_patient_questions_waiting",
            "patient_id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    text: Mapped[str] = mapped_column(Text)
    is_risk: Mapped[bool]
    way: Mapped[str]
    told_by: Mapped[str]
    told_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_on: Mapped[date]
    asked_at: Mapped[datetime]
    by_id: Mapped[user_fk]
    answered_at: Mapped[datetime | None]

    patient: Mapped[Patient] = relationship()
    told_to: Mapped[User | None] = relationship(foreign_keys="PatientQuestion.told_to_id")
    by: Mapped[User] = relationship(foreign_keys="PatientQuestion.by_id")
    triages: Mapped[list["QuestionTriage"]] = relationship(order_by="QuestionTriage.id")
    answers: Mapped[list["QuestionAnswer"]] = relationship(order_by="QuestionAnswer.id")


class Urgency(StrEnum):
    """How soon a question wants an answer."""

    URGENT = "urgent"
    NOW = "now"
    CONFERENCE = "conference"
    """It waits for the next conference."""


class QuestionTriage(Base):
    """Somebody said how soon a question wants an answer. Rows are added and never changed; the latest holds."""

    __tablename__ = "question_triages"
    __table_args__ = (Index("ix_question_triages_question", "question_id", "id"),)

    id: Mapped[key]
    question_id: Mapped[int] = mapped_column(ForeignKey("patient_questions.id"))
    urgency: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[user_fk]

    by: Mapped[User] = relationship()


class QuestionAnswer(Base):
    """What the patient reads below the question, with name and date. Later words are another answer."""

    __tablename__ = "question_answers"
    __table_args__ = (Index("ix_question_answers_question", "question_id", "id"),)

    id: Mapped[key]
    question_id: Mapped[int] = mapped_column(ForeignKey("patient_questions.id"))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[user_fk]

    by: Mapped[User] = relationship()


class QuestionReminder(Base):
    """Those who answer were told once more of a question that waited past the clinic's limit."""

    __tablename__ = "question_reminders"

    question_id: Mapped[int] = mapped_column(ForeignKey("patient_questions.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
