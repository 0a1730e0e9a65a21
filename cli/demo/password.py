"""The one password of all demo accounts: DEMO_PASSWORD, or one that is made and kept beside the database."""

import os
import secrets
from pathlib import Path

from sqlalchemy import select, update

from actions.passwords import hash_password, matches
from actions.unit_of_work import Units, Work
from cli.demo.content import DOMAIN
from config import Settings
from models.base import db
from models.user import SignInLink, User

_SYLLABLES = (
    "ba be bo da de do fa fi ga go ka ki ko la le li lo ma me mi mo na ne no pa pi po ra re ri ro sa ta ti to va"
)


def settled(settings: Settings) -> str:
    """The password that is to hold: the setting, else the one kept before, else a new one, kept from now on."""
    if settings.demo_password:
        return settings.demo_password
    kept = _file(settings)
    try:
        handle = os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return kept.read_text(encoding="utf-8").strip()
    made = _made()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(made + "\n")
    return made


def _file(settings: Settings) -> Path:
    return settings.instance_dir / "demo-password"


def _made() -> str:
    """Four words that can be said and typed; about 60 bits."""
    syllables = _SYLLABLES.split()
    return "-".join("".join(secrets.choice(syllables) for _ in range(3)) for _ in range(4))


def give(work: Work, password: str) -> None:
    """Every demo account has this password, and no first link is left open."""
    ours = select(User.id).where(User.email.endswith(f"@{DOMAIN}", autoescape=True))
    hashed = hash_password(password)
    work.session.execute(update(User).where(User.id.in_(ours)).values(password_hash=hashed))
    work.session.execute(
        update(SignInLink).where(SignInLink.user_id.in_(ours), SignInLink.used_at.is_(None)).values(used_at=work.now)
    )
    work.record("demo", "clinic:1", change="password")


def make_true(units: Units, password: str) -> None:
    """Give the accounts this password when DEMO_PASSWORD has changed, or its file is gone."""
    first = db.session.scalars(
        select(User).where(User.email.endswith(f"@{DOMAIN}", autoescape=True)).order_by(User.id).limit(1)
    ).first()
    if first is not None and not matches(password, first.password_hash):
        with units.begin(None) as work:
            give(work, password)
