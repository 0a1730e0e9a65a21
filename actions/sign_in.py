"""Signing in and out, sessions, and one's own password."""

import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlalchemy import func, select, update

from access.grants import Actor
from access.limits import FAILURES_OF_ADDRESS, FAILURES_OF_EMAIL
from access.permissions import Permission
from access.sessions import IDLE_LIMIT, token_digest
from actions import links, passwords
from actions.unit_of_work import Units, Work
from models.audit import Outcome
from models.base import db
from models.user import LoginSession, SignInFailure, SignInLink, User

TOUCH_EVERY = timedelta(minutes=1)
"""How often activity is written to the session's row."""


_TURNS = [threading.Lock() for _ in range(64)]


class BadCredentials(Exception):
    """Email and password do not belong together; nobody is told which was wrong."""


@dataclass
class Throttled(Exception):
    """Too many failed tries: wait `seconds`."""

    seconds: int


class SpentLink(Exception):
    """A one-time link that is unknown, used, replaced or too old."""


def authenticate(units: Units, email: str, password: str, address: str, user_agent: str) -> str:
    """Sign a person in and answer the session's token. Raises BadCredentials or Throttled."""
    email = email.strip().lower()
    with _turn(email):
        _throttle(units, email, address)
        user = db.session.execute(select(User).where(User.email == email)).unique().scalar_one_or_none()
        fits = passwords.matches(password, user.password_hash if user else None)
        if user is None or not fits or user.disabled_at is not None:
            with units.begin(None) as work:
                work.session.add(SignInFailure(email=email, address=address, at=work.now))
                work.record("sign-in", f"user:{user.id}" if user else "user:unknown", outcome=Outcome.FAILED)
            raise BadCredentials
    with units.begin(None) as work:
        return start_session(work, user, user_agent)


def start_session(work: Work, user: User, user_agent: str) -> str:
    """Begin a session for a person who has proved who they are; answers its token."""
    token = secrets.token_urlsafe(32)
    session = LoginSession(
        token_sha256=token_digest(token),
        user_id=user.id,
        created_at=work.now,
        seen_at=work.now,
        user_agent=user_agent[:300],
    )
    work.session.add(session)
    work.session.flush()
    work.actor = Actor(user.id, user.name, user.roles, None, session.id)
    work.record("sign-in", f"user:{user.id}")
    return token


def sign_out(work: Work) -> None:
    assert work.actor is not None
    work.record("sign-out", f"user:{work.actor.user_id}")
    if work.actor.session_id is not None:
        end_sessions(work, [work.actor.session_id], "signed_out")


def touch(units: Units, session: LoginSession) -> None:
    """Note activity on a session, at most once a minute."""
    now = units.clock()
    if now - session.seen_at < TOUCH_EVERY:
        return
    with units.begin(None, fresh=False) as work:
        work.session.execute(
            update(LoginSession)
            .where(LoginSession.id == session.id, LoginSession.ended_at.is_(None))
            .values(seen_at=now)
        )


def open_sessions(actor: Actor, units: Units) -> list[LoginSession]:
    """One's own sessions that still carry one, latest activity first."""
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(
                LoginSession.user_id == actor.user_id,
                LoginSession.ended_at.is_(None),
                LoginSession.seen_at > units.clock() - IDLE_LIMIT,
            )
            .order_by(LoginSession.seen_at.desc())
        ).unique()
    )


def revoke(work: Work, session_ids: list[int]) -> None:
    """End sessions of one's own; ids of other people's are passed over."""
    own = work.session.scalars(
        select(LoginSession.id).where(LoginSession.id.in_(session_ids), LoginSession.user_id == work.actor_id)
    ).all()
    for session_id in own:
        work.record(Permission.ACCOUNT_OWN, f"session:{session_id}", change="revoked")
    end_sessions(work, list(own), "signed_out")


def end_sessions(work: Work, session_ids: list[int], reason: str) -> None:
    work.session.execute(
        update(LoginSession)
        .where(LoginSession.id.in_(session_ids), LoginSession.ended_at.is_(None))
        .values(ended_at=work.now, ended_reason=reason)
    )
    work.session_ended(session_ids, reason)


def end_all_sessions(work: Work, user_id: int, reason: str, keep: int | None = None) -> None:
    """End every session of a person but `keep`."""
    found = work.session.scalars(
        select(LoginSession.id).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    )
    end_sessions(work, [session_id for session_id in found if session_id != keep], reason)


def check_password(units: Units, actor: Actor, password: str) -> User:
    """The account of the person who is signed in and gave their password. Raises BadCredentials or Throttled."""
    user = db.session.get_one(User, actor.user_id)
    with _turn(user.email):
        _throttle(units, user.email, f"session:{actor.session_id}")
        if not passwords.matches(password, user.password_hash):
            with units.begin(actor) as work:
                work.session.add(SignInFailure(email=user.email, address=f"session:{actor.session_id}", at=work.now))
                work.record(Permission.ACCOUNT_OWN, f"user:{user.id}", outcome=Outcome.FAILED, change="password")
            raise BadCredentials
    return user


def change_password(units: Units, actor: Actor, current: str, new: str) -> None:
    """Set one's own password and end one's other sessions. Raises BadCredentials, Throttled or WeakPassword."""
    user = check_password(units, actor, current)
    passwords.check_strength(new, email=user.email, name=user.name)
    hashed = passwords.hash_password(new)
    with units.begin(actor) as work:
        work.session.get_one(User, actor.user_id).password_hash = hashed
        work.record(Permission.ACCOUNT_OWN, f"user:{user.id}", change="password")
        end_all_sessions(work, user.id, "signed_out", keep=actor.session_id)


def person_of_link(units: Units, token: str) -> User:
    """Whose one-time link this is. Raises SpentLink."""
    link = db.session.scalar(select(SignInLink).where(SignInLink.token_sha256 == token_digest(token)))
    if link is None or link.used_at is not None or link.expires_at <= units.clock():
        raise SpentLink
    user = db.session.get_one(User, link.user_id)
    if user.disabled_at is not None:
        raise SpentLink
    return user


def use_link(units: Units, token: str, password: str, user_agent: str) -> str:
    """Set the password by a one-time link and sign in; answers the token. Raises SpentLink or WeakPassword."""
    user = person_of_link(units, token)
    passwords.check_strength(password, email=user.email, name=user.name)
    hashed = passwords.hash_password(password)
    with units.begin(None) as work:
        spent = work.session.execute(
            update(SignInLink)
            .where(SignInLink.token_sha256 == token_digest(token), SignInLink.used_at.is_(None))
            .values(used_at=work.now)
            .returning(SignInLink.id)
        )
        if spent.first() is None:
            raise SpentLink
        user.password_hash = hashed
        links.spend(work, user.id)
        end_all_sessions(work, user.id, "signed_out")
        session_token = start_session(work, user, user_agent)
        work.record(Permission.ACCOUNT_OWN, f"user:{user.id}", change="password by link")
        return session_token


def _turn(email: str) -> threading.Lock:
    """Tries of one account come one after another: many at once would all be counted before any has failed."""
    return _TURNS[hash(email) % len(_TURNS)]


def _throttle(units: Units, email: str, address: str) -> None:
    now = units.clock()
    for column, value, limit in (
        (SignInFailure.email, email, FAILURES_OF_EMAIL),
        (SignInFailure.address, address, FAILURES_OF_ADDRESS),
    ):
        window = timedelta(seconds=limit.seconds)
        count, oldest = db.session.execute(
            select(func.count(), func.min(SignInFailure.at)).where(column == value, SignInFailure.at > now - window)
        ).one()
        if count >= limit.count:
            raise Throttled(max(1, ceil((oldest + window - now).total_seconds())))
