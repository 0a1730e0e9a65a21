"""Signing in and out, sessions, and one's own password."""

import secrets
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from sqlalchemy import and_, func, or_, select, update

from access.grants import Actor
from access.limits import FAILURES_OF_ADDRESS, FAILURES_OF_EMAIL
from access.permissions import Permission
from access.sessions import IDLE_LIMIT, TRUSTED_FOR, token_digest
from actions import links, passwords
from actions.unit_of_work import Units, Work
from models.audit import Outcome
from models.base import db
from models.patient import Patient
from models.portal import PortalAccess
from models.user import LoginSession, Role, SignInFailure, SignInLink, User

TOUCH_EVERY = timedelta(minutes=1)
"""How often activity is written to the session's row."""
MOST_MISSES = 5
"""So many wrong birth dates, and a patient's one-time link opens nothing any more."""

_TURNS = [threading.Lock() for _ in range(64)]


class BadCredentials(Exception):
    """Email and password do not belong together; nobody is told which was wrong."""


@dataclass
class Throttled(Exception):
    """Too many failed tries: wait `seconds`."""

    seconds: int


class SpentLink(Exception):
    """A one-time link that is unknown, used, replaced or too old."""


class WrongBirthDate(Exception):
    """A patient's link asks for the birth date too: whoever got the mail by mistake does not come in."""


def authenticate(
    units: Units, email: str, password: str, address: str, user_agent: str, *, trusted: bool = False
) -> str:
    """Sign a person in and answer the session's token. Raises BadCredentials or Throttled.

    `trusted` says that the device is the person's own; only a patient's session heeds it.
    """
    user = prove(units, email, password, address)
    with units.begin(None) as work:
        return start_session(work, user, user_agent, trusted=trusted)


def prove(units: Units, email: str, password: str, address: str) -> User:
    """The person whom email and password belong to. Raises BadCredentials or Throttled."""
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
    return user


def start_session(work: Work, user: User, user_agent: str, *, trusted: bool = False) -> str:
    """Begin a session for a person who has proved who they are; answers its token."""
    token = secrets.token_urlsafe(32)
    session = LoginSession(
        token_sha256=token_digest(token),
        user_id=user.id,
        created_at=work.now,
        seen_at=work.now,
        trusted_until=work.now + TRUSTED_FOR if trusted and Role.PATIENT in user.roles else None,
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
    now = units.clock()
    is_active = and_(LoginSession.trusted_until.is_(None), LoginSession.seen_at > now - IDLE_LIMIT)
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(
                LoginSession.user_id == actor.user_id,
                LoginSession.ended_at.is_(None),
                or_(is_active, LoginSession.trusted_until > now),
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
    return _open_link(units, token)[1]


def use_link(
    units: Units, token: str, password: str, user_agent: str, *, born: date | None = None, trusted: bool = False
) -> str:
    """Set the password by a one-time link and sign in; answers the token. Raises SpentLink or WeakPassword.

    A patient's account needs `born`, the birth date of a patient whose plan it reads: raises WrongBirthDate.
    """
    link, user = _open_link(units, token)
    if Role.PATIENT in user.roles and not _is_born(user, born):
        with units.begin(None) as work:
            work.session.add(SignInFailure(email=_misses_of(link), address="link", at=work.now))
            work.record("sign-in", f"user:{user.id}", outcome=Outcome.FAILED, change="birth date")
        raise WrongBirthDate
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
        set_password(work, user, hashed)
        session_token = start_session(work, user, user_agent, trusted=trusted)
        work.record(Permission.ACCOUNT_OWN, f"user:{user.id}", change="password by link")
        return session_token


def set_password(work: Work, user: User, hashed: str) -> None:
    """Put a new password in place of a lost one: no link and no session of before goes on."""
    user.password_hash = hashed
    links.spend(work, user.id)
    end_all_sessions(work, user.id, "signed_out")


def _open_link(units: Units, token: str) -> tuple[SignInLink, User]:
    link = db.session.scalar(select(SignInLink).where(SignInLink.token_sha256 == token_digest(token)))
    if link is None or link.used_at is not None or link.expires_at <= units.clock():
        raise SpentLink
    user = db.session.get_one(User, link.user_id)
    misses = select(func.count()).where(SignInFailure.email == _misses_of(link))
    if user.disabled_at is not None or (db.session.scalar(misses) or 0) >= MOST_MISSES:
        raise SpentLink
    return link, user


def _misses_of(link: SignInLink) -> str:
    """Under what the wrong birth dates of a link are counted: it is no email."""
    return f"link:{link.id}"


def _is_born(user: User, born: date | None) -> bool:
    """Whether somebody whose plan this person reads was born on that day."""
    query = (
        select(PortalAccess.id)
        .join(Patient, Patient.id == PortalAccess.patient_id)
        .where(PortalAccess.user_id == user.id, PortalAccess.until.is_(None), Patient.birth_date == born)
    )
    return db.session.scalar(query.limit(1)) is not None


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
