"""What the clinic says of itself: its settings, and its own words for the words of the trade."""

import re
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, current, key, user_fk
from models.user import User


def dialled(number: str) -> str:
    """What a telephone dials for a number as people write it: +43 (0)1 234-56 → +43123456.

    Between 3 and 15 digits (the most that ITU-T E.164 allows), with a plus in front at most; spaces, dots, hyphens,
    slashes and brackets do not count. Raises ValueError for anything else, so for letters and extensions too.
    """
    plain = re.sub(r"[ \u00a0./()\u2010-\u2013-]", "", re.sub(r"^(\+.*?)\(0\)", r"\1", number.strip()))
    if not re.fullmatch(r"\+?[0-9]{3,15}", plain):
        raise ValueError(f"{number!r} cannot be dialled")
    return plain


class ClinicSettings(Base):
    """The clinic's settings as one person left them. A change adds a row; the last one holds, all others are kept.

    Texts that are not set are empty. An alarm that nobody took care of goes further after `escalation_minutes`,
    anything else that waits for somebody after `escalation_working_days`.
    """

    __tablename__ = "clinic_settings"

    id: Mapped[key]
    name: Mapped[str]
    timezone: Mapped[str]
    team_phone: Mapped[str]
    team_hours: Mapped[str]
    emergency_number: Mapped[str]
    crisis_line: Mapped[str]
    escalation_minutes: Mapped[int]
    escalation_working_days: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[user_fk]

    by: Mapped[User] = relationship(foreign_keys="ClinicSettings.by_id")


class GlossaryTerm(Base):
    """Plain words for a word of the trade. Other words end the row and begin the next; `term_key` is compared."""

    __tablename__ = "glossary_terms"
    __table_args__ = (current("uq_glossary_terms_current", "term_key"),)

    id: Mapped[key]
    term: Mapped[str]
    term_key: Mapped[str]
    plain_words: Mapped[str]
    since: Mapped[datetime]
    by_id: Mapped[user_fk]
    until: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    by: Mapped[User] = relationship(foreign_keys="GlossaryTerm.by_id")
    ended_by: Mapped[User | None] = relationship(foreign_keys="GlossaryTerm.ended_by_id")
