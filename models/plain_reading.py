"""What the team's text said when somebody last saw to the patient's text beside it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key, user_fk
from models.user import User


class ReadingKind(StrEnum):
    EDITED = "edited"
    """Somebody wrote in the patient's text: noted by the house soon after."""
    CONFIRMED = "confirmed"
    """Somebody said that the patient's text is still right."""


class PlainReading(Base):
    """The last row of a section holds, as long as the patient's text stands where it says. A sitting of writing moves
    its own row along; what was confirmed stays as it is."""

    __tablename__ = "plain_readings"
    __table_args__ = (Index("ix_plain_readings_section", "section_id", "id"),)

    id: Mapped[key]
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    kind: Mapped[str]
    plain_epoch: Mapped[int]
    plain_seq: Mapped[int]
    clinical_epoch: Mapped[int]
    clinical_seq: Mapped[int]
    clinical_text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[user_fk]

    by: Mapped[User] = relationship(foreign_keys="PlainReading.by_id")
