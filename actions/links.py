"""One-time links by which a person sets a password; by mail too, where the installation sends any."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from access.sessions import token_digest
from actions.unit_of_work import Units, Work
from models.base import db
from models.letter import Letter, LetterKind
from models.user import SignInLink, User

RESET_LIFE = timedelta(hours=2)
"""How long a link that somebody asked for at the sign-in page works."""


def make(work: Work, user: User, life: timedelta, kind: LetterKind) -> str:
    """A new link, which goes by mail if it can; answers its token."""
    goes = work.mailing.is_on and user.takes_mail
    seed = secrets.token_urlsafe(32)
    token = next(work.mailing.tokens(seed)) if goes else seed
    link = SignInLink(
        token_sha256=token_digest(token),
        user_id=user.id,
        created_at=work.now,
        created_by_id=work.actor.user_id if work.actor else None,
        expires_at=work.now + life,
    )
    work.session.add(link)
    if goes:
        work.session.flush()
        work.session.add(
            Letter(user_id=user.id, link_id=link.id, kind=kind, seed=seed, at=work.now, mail_after=work.now)
        )
        work.mail_at(work.now)
    return token


def spend(work: Work, user_id: int) -> None:
    """None of a person's links works any more."""
    work.session.execute(
        update(SignInLink).where(SignInLink.user_id == user_id, SignInLink.used_at.is_(None)).values(used_at=work.now)
    )


def ask_for_reset(units: Units, email: str) -> None:
    """Mail a link to whoever has this address, if it is anybody. Nothing tells whether it was."""
    address = email.strip().lower()
    user = db.session.execute(select(User).where(User.email == address)).unique().scalar_one_or_none()
    with units.begin(None, fresh=False) as work:
        if user is None or user.disabled_at is not None:
            work.record("password-reset", "user:unknown")
            return
        make(work, user, RESET_LIFE, LetterKind.RESET)
        work.record("password-reset", f"user:{user.id}")
