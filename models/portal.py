"""The patient's own way in: who may read a plan as the patient or for the patient, by which code it began, and what
the patient consents to."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, current, key, user_fk
from models.patient import Patient
from models.user import User


class PortalRelation(StrEnum):
    """What somebody is to the patient whose plan they read."""

    SELF = "self"
    GUARDIAN = "guardian"
    CARER = "carer"


class PortalAccess(Base):
    """Who reads a patient's plan from outside the clinic, given by whom. `words` say who a guardian or carer is."""

    __tablename__ = "portal_accesses"
    __table_args__ = (
        current("uq_portal_accesses_current", "patient_id", "user_id"),
        Index("ix_portal_accesses_user", "user_id", "until", "patient_id"),
    )

    id: Mapped[key]
    user_id: Mapped[user_fk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    relation: Mapped[str]
    words: Mapped[str]
    since: Mapped[datetime]
    by_id: Mapped[user_fk]
    until: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    user: Mapped[User] = relationship(foreign_keys="PortalAccess.user_id")
    by: Mapped[User] = relationship(foreign_keys="PortalAccess.by_id")
    ended_by: Mapped[User | None] = relationship(foreign_keys="PortalAccess.ended_by_id")
    patient: Mapped[Patient] = relationship()


class DeskCode(Base):
    """A code that is read out at the desk and typed at home, once. `code_hash` is argon2id.

    With `user_id` it sets a new password for somebody who reads the plan already; without, it begins an access for
    `name`. It ends used, withdrawn, too old, or after too many wrong tries (`misses`) with the patient's birth date.
    """

    __tablename__ = "desk_codes"
    __table_args__ = (Index("ix_desk_codes_patient", "patient_id", "expires_at"),)

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    relation: Mapped[str]
    words: Mapped[str]
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    by_id: Mapped[user_fk]
    expires_at: Mapped[datetime]
    misses: Mapped[int]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    patient: Mapped[Patient] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys="DeskCode.user_id")
    by: Mapped[User] = relationship(foreign_keys="DeskCode.by_id")


class ConsentKind(StrEnum):
    """What a patient may consent to."""

    TEAM = "team"
    PORTAL = "portal"
    MAIL = "mail"
    GP = "gp"
    RELATIVES = "relatives"


class Consent(Base):
    """A consent given or withdrawn: by whom, told to whom, on which day. Rows are added and never changed; the latest
    of a kind is what holds."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_patient", "patient_id", "id"),)

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[str]
    is_given: Mapped[bool]
    by: Mapped[str]
    words: Mapped[str]
    told_to_id: Mapped[user_fk]
    told_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[user_fk]

    told_to: Mapped[User] = relationship(foreign_keys="Consent.told_to_id")
    recorded_by: Mapped[User] = relationship(foreign_keys="Consent.recorded_by_id")
