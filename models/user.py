"""People who sign in: accounts, roles, first links, sessions and failed sign-ins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key, user_fk
from models.discipline import Discipline


class Role(StrEnum):
    CLINICIAN = "clinician"
    COORDINATOR = "coordinator"
    ADMIN = "admin"
    PATIENT = "patient"


def initials(name: str) -> str:
    """DO of Dana Osei."""
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


class User(Base):
    """An account. `password_hash` is null until the first link was used.

    `email` is what one signs in with, in lower case: an address, or for a patient who has none a name without `@`.
    """

    __tablename__ = "users"

    id: Mapped[key]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    discipline_id: Mapped[int | None] = mapped_column(ForeignKey("disciplines.id"))
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    disabled_at: Mapped[datetime | None]
    disabled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    discipline: Mapped[Discipline | None] = relationship(lazy="joined")
    role_rows: Mapped[list["UserRole"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", foreign_keys="UserRole.user_id"
    )

    @property
    def takes_mail(self) -> bool:
        """Whether there is an address to write to."""
        return "@" in self.email

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(row.role) for row in self.role_rows)

    @property
    def initials(self) -> str:
        return initials(self.name)


class UserRole(Base):
    """A role a person has, and since when by whom."""

    __tablename__ = "user_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    given_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class SignInLink(Base):
    """A one-time link by which a person sets a password. Only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_links"

    id: Mapped[key]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[user_fk]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginSession(Base):
    """One signed-in browser. It ends by sign-out, revocation, idling or the account being disabled. Its person last
    gave the password again at `confirmed_at`.

    On a device that a patient trusts it does not idle: it ends at `trusted_until`.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (Index("ix_login_sessions_user_open", "user_id", "ended_at"),)

    id: Mapped[key]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[user_fk]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    trusted_until: Mapped[datetime | None]
    user_agent: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SignInFailure(Base):
    """A refused sign-in, counted per email and per address to slow guessing down."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_email_at", "email", "at"),
        Index("ix_sign_in_failures_address_at", "address", "at"),
    )

    id: Mapped[key]
    email: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
