"""Teams of a clinic and who belongs to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, current, key, user_fk
from models.user import User


class Team(Base):
    __tablename__ = "teams"

    id: Mapped[key]
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Membership(Base):
    """A person in a team from `since` to `until`; `lead` is the team's lead."""

    __tablename__ = "memberships"
    __table_args__ = (
        current("uq_memberships_current", "team_id", "user_id"),
        Index("ix_memberships_user", "user_id", "until"),
    )

    id: Mapped[key]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    user_id: Mapped[user_fk]
    lead: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    team: Mapped[Team] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys="Membership.user_id")
