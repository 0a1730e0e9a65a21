"""From a browser's token to the person behind it."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from access.grants import Actor
from models.base import db
from models.user import LoginSession, User

IDLE_LIMIT = timedelta(minutes=60)
"""A session without activity for this long is over, unless its device is trusted."""
TRUSTED_FOR = timedelta(days=30)
"""How long a patient may stay signed in on a device that they trust."""


def token_digest(token: str) -> str:
    """SHA-256 in hex: all that is kept of a token, which itself has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(session: LoginSession, now: datetime) -> bool:
    """Whether a session still carries its person: not ended, not idle for too long, account not disabled."""
    if session.ended_at is not None or session.user.disabled_at is not None:
        return False
    if session.trusted_until is not None:
        return now < session.trusted_until
    return now - session.seen_at <= IDLE_LIMIT


def actor_of(user: User, session_id: int | None) -> Actor:
    return Actor(user.id, user.name, user.roles, user.discipline.key if user.discipline else None, session_id)


def find(token: str) -> LoginSession | None:
    """The session row of a token, open or not."""
    query = (
        select(LoginSession)
        .where(LoginSession.token_sha256 == token_digest(token))
        .options(joinedload(LoginSession.user).joinedload(User.role_rows))
    )
    return db.session.execute(query).unique().scalar_one_or_none()


def resume(token: str, now: datetime) -> Actor | None:
    """The person of an open session, or None."""
    session = find(token)
    return actor_of(session.user, session.id) if session is not None and is_open(session, now) else None
