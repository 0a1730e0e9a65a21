"""A one-time link that goes by mail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key, user_fk
from models.mailed import Mailed
from models.user import SignInLink, User


class LetterKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


class Letter(Mailed, Base):
    """An invitation, or a new password's link, to one person. The link's token follows from `seed` and SECRET_KEY, so
    that the database alone opens nothing."""

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_mail", "mailed_at", "mail_after"),)

    id: Mapped[key]
    user_id: Mapped[user_fk]
    link_id: Mapped[int] = mapped_column(ForeignKey("sign_in_links.id"))
    kind: Mapped[str]
    seed: Mapped[str]
    at: Mapped[datetime]

    user: Mapped[User] = relationship()
    link: Mapped[SignInLink] = relationship()
