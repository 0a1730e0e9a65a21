"""What waits for an administrator: accounts whose first link nobody has used, and teams without a lead."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from access.grants import Actor
from access.permissions import Permission
from models.base import db
from models.team import Membership, Team
from models.user import User


def not_begun(actor: Actor, most: int) -> Sequence[User]:
    """The accounts that wait longest for their person's first sign-in; one more than `most` when there are more."""
    if not actor.may(Permission.ACCOUNTS_MANAGE):
        return []
    waiting = select(User).where(User.password_hash.is_(None), User.disabled_at.is_(None))
    return db.session.scalars(waiting.order_by(User.created_at, User.id).limit(most + 1)).unique().all()


def without_lead(actor: Actor, most: int) -> Sequence[Team]:
    """Teams that nobody leads; one more than `most` when there are more."""
    if not actor.may(Permission.TEAMS_MANAGE):
        return []
    leads = and_(Membership.team_id == Team.id, Membership.until.is_(None), Membership.lead)
    query = select(Team).where(~select(Membership.id).where(leads).exists()).order_by(Team.name).limit(most + 1)
    return db.session.scalars(query).all()
