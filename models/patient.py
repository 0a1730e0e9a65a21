"""Patients, who cares for them, and what they told us."""

import unicodedata
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, current, key, user_fk
from models.discipline import Discipline
from models.team import Team
from models.user import User


def search_key(words: str) -> str:
    """Words as they are compared: without accents, case or doubled spaces."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


class Patient(Base):
    """A patient. `number` is the clinic's ID; `name_key` and `number_key` are what a search compares."""

    __tablename__ = "patients"
    __table_args__ = (
        Index("ix_patients_changed", "changed_at", "id"),
        Index("ix_patients_name", "name_key", "id"),
    )

    id: Mapped[key]
    number: Mapped[str]
    number_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str]
    birth_date: Mapped[date]
    pronouns: Mapped[str]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[user_fk]
    changed_at: Mapped[datetime]

    team: Mapped[Team | None] = relationship()

    def age_on(self, day: date) -> int:
        """Whole years lived on `day`."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)


class Contact(Base):
    """How to reach and speak with a patient. A change adds a row; the former one stays, superseded."""

    __tablename__ = "contacts"
    __table_args__ = (current("uq_contacts_current", "patient_id", ends="superseded_at"),)

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    preferred_name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    interpreter: Mapped[str] = mapped_column(default="")
    communication_needs: Mapped[str] = mapped_column(Text, default="")
    gp: Mapped[str] = mapped_column(Text, default="")
    emergency_contact: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by_id: Mapped[user_fk]
    superseded_at: Mapped[datetime | None]

    by: Mapped[User] = relationship(foreign_keys="Contact.by_id")


class CareTeamMember(Base):
    """A person who may see a patient, in a `function`, from `since` to `until`."""

    __tablename__ = "care_team_members"
    __table_args__ = (
        current("uq_care_team_members_current", "patient_id", "user_id"),
        Index("ix_care_team_members_user", "user_id", "until", "patient_id"),
    )

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    user_id: Mapped[user_fk]
    function: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    added_by_id: Mapped[user_fk]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    user: Mapped[User] = relationship(foreign_keys="CareTeamMember.user_id")


class ResponsibleClinician(Base):
    """The one clinician who answers for a patient's plan; a handover ends one row and begins the next."""

    __tablename__ = "responsible_clinicians"
    __table_args__ = (
        current("uq_responsible_clinicians_current", "patient_id"),
        Index("ix_responsible_clinicians_user", "user_id", "until"),
    )

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    user_id: Mapped[user_fk]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    by_id: Mapped[user_fk]

    user: Mapped[User] = relationship(foreign_keys="ResponsibleClinician.user_id")


class Involvement(Base):
    """A discipline that is expected to write in a patient's plan."""

    __tablename__ = "involvements"
    __table_args__ = (current("uq_involvements_current", "patient_id", "discipline_id"),)

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    discipline_id: Mapped[int] = mapped_column(ForeignKey("disciplines.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    by_id: Mapped[user_fk]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    discipline: Mapped[Discipline] = relationship()


class PatientStatement(Base):
    """What matters to the patient, in their words: told by whom, to whom, on which day. `told_to` is null where
    `told_by`, the patient or who speaks for them, wrote it on the patient's own page."""

    __tablename__ = "patient_statements"
    __table_args__ = (Index("ix_patient_statements_patient", "patient_id", "id"),)

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    text: Mapped[str] = mapped_column(Text)
    told_by: Mapped[str]
    told_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    told_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[user_fk]

    told_to: Mapped[User | None] = relationship(foreign_keys="PatientStatement.told_to_id")
    recorded_by: Mapped[User] = relationship(foreign_keys="PatientStatement.recorded_by_id")
