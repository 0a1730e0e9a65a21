"""Nothing of any patient in any mail, and no mail of one whom its reader no longer treats."""

from datetime import timedelta

import pytest
from flask import Flask

from actions import links
from jobs.post import Post
from models.base import db
from models.notification import NoticeKind, Notification
from tests.access import canary
from tests.conftest import MovableClock
from tests.mail.server import MailServer
from tests.personas import AINO, DANA, OTTO, Persona, user


@pytest.fixture
def told(app: Flask, clock: MovableClock) -> canary.Canary:
    """Dana and Otto, who treats her, are told of everything of Ines there is to be told; Aino was, and has left."""
    planted = canary.plant(app)
    with app.app_context():
        latest = db.session.query(Notification).filter_by(patient_id=planted.patient_id).order_by(Notification.id).all()
        for persona in (OTTO, DANA):
            db.session.add_all(_every_kind(persona, latest[-1], clock))
        db.session.commit()
    return planted


def _every_kind(persona: Persona, like: Notification, clock: MovableClock) -> list[Notification]:
    ids = {"patient_id": like.patient_id, "thread_id": like.thread_id, "task_id": like.task_id, "by_id": user(AINO).id}
    who = user(persona).id
    return [Notification(user_id=who, kind=each, at=clock(), mail_after=clock(), **ids) for each in NoticeKind]


def test_no_mail_has_a_word_of_a_patient(
    app: Flask, told: canary.Canary, post: Post, clock: MovableClock, mail_server: MailServer
) -> None:
    with app.app_context():
        links.ask_for_reset(app.extensions["consilium"].units, OTTO.email)
    for _hour in range(26):
        post.send_due()
        clock.now += timedelta(hours=1)
    assert {address for mail in mail_server.mails for address in mail.to} == {OTTO.email}
    subjects = " · ".join(mail.subject for mail in mail_server.mails)
    for said in ("mentioned you", "gave you a task", "things wait for you", "new password"):
        assert said in subjects
    for mail in mail_server.mails:
        assert told.found_in(f"{mail.message}\n{mail.everything}") == set()
