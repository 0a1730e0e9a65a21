"""What people do that others are told of."""

from collections.abc import Callable

from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import threads
from models.base import db
from models.notification import Notification
from tests.personas import Persona, actor, patient_id

Mention = Callable[..., int]
"""What the fixture `mention` is."""
Wish = Callable[..., None]


def reply(app: Flask, thread_id: int, by: Persona, body: str = "Yes.") -> None:
    with app.app_context():
        patient = patient_id("Maria Kovač")
        grant = loaders.thread(actor(by), patient, thread_id, Permission.THREAD_WRITE)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            threads.reply(work, grant, body, frozenset())


def waiting(app: Flask) -> int:
    """How many notices wait to be mailed."""
    with app.app_context():
        query = db.select(Notification).where(
            Notification.mail_after.is_not(None), Notification.mailed_at.is_(None), Notification.refused_at.is_(None)
        )
        return len(db.session.scalars(query).all())
