"""Proving again who one is, before what cannot be taken back: signing, publishing, releasing a record."""

from datetime import datetime, timedelta

from sqlalchemy import select

from access.grants import Actor
from actions import sign_in
from actions.unit_of_work import Units
from models.base import db
from models.user import LoginSession

LASTS = timedelta(minutes=10)


class NotConfirmed(Exception):
    """The password was given too long ago."""


def is_fresh(session: LoginSession, now: datetime) -> bool:
    """Whether the person gave the password within the last ten minutes, at sign-in or since."""
    return now - (session.confirmed_at or session.created_at) <= LASTS


def check(actor: Actor, now: datetime) -> None:
    """Raises NotConfirmed."""
    session = db.session.scalar(select(LoginSession).where(LoginSession.id == actor.session_id))
    if session is None or not is_fresh(session, now):
        raise NotConfirmed


def confirm(units: Units, actor: Actor, password: str) -> None:
    """Take the password of the person who is signed in. Raises BadCredentials or Throttled of `sign_in`."""
    sign_in.check_password(units, actor, password)
    with units.begin(actor) as work:
        work.session.get_one(LoginSession, actor.session_id).confirmed_at = work.now
        work.record("confirm", f"session:{actor.session_id}")
