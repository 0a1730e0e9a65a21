"""What becomes of mails that a server does not take, and of all others meanwhile."""

import logging

import pytest
from flask import Flask

from jobs.post import Post
from models.base import db
from models.notification import Notification
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.mail.server import MailServer
from tests.mail.talking import Mention, waiting
from tests.personas import AINO, LENA, RAVI, user


@both
def test_a_server_that_was_away_gets_everything_when_it_is_back(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    mail_server.stop()
    for number in range(3):
        mention(f"@Lena {number}")
    for _minute in range(5):
        clock.advance(minutes=1)
        post.send_due()
    assert waiting(app) == 3
    mail_server.start()
    clock.advance(minutes=10)
    post.send_due()
    assert len({mail.id for mail in mail_server.to(LENA.email)}) == 3
    assert len(mail_server.mails) == 3


def test_one_refused_address_holds_up_nobody_else(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    mail_server.refuse[LENA.email] = "550 No such person"
    mention("@Lena @Ravi @Aino ?")
    clock.advance(minutes=1)
    post.send_due()
    assert {mail.to[0] for mail in mail_server.mails} == {RAVI.email, AINO.email}
    with app.app_context():
        (refused,) = db.session.scalars(db.select(Notification).where(Notification.refused_at.is_not(None))).all()
        assert refused.user_id == user(LENA).id
    clock.advance(days=1)
    post.send_due()
    assert len(mail_server.mails) == 2


def test_not_now_is_tried_again_as_the_same_message(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    mail_server.refuse[LENA.email] = "451 Later"
    mention("@Lena @Ravi ?")
    clock.advance(minutes=1)
    post.send_due()
    assert {mail.to[0] for mail in mail_server.mails} == {RAVI.email}
    with app.app_context():
        fixed = db.session.scalars(
            db.select(Notification.message_id).where(Notification.user_id == user(LENA).id)
        ).one()
    del mail_server.refuse[LENA.email]
    clock.advance(minutes=2)
    post.send_due()
    (mail,) = mail_server.to(LENA.email)
    assert mail.id == f"<{fixed}@plan.clinic.example>"


def test_a_server_that_is_away_fills_no_log(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "consilium.mail")
    mail_server.stop()
    mention("@Lena ?")
    for _minute in range(120):
        clock.advance(minutes=1)
        post.send_due()
    said = [record for record in caplog.records if record.name == "consilium.mail"]
    assert len(said) < 30
    assert not any(record.exc_info for record in said)
    assert said[-1].getMessage() == "the mail server is away: ConnectionRefusedError; next try in 300 s"
    mail_server.start()
    clock.advance(minutes=5)
    post.send_due()
    assert len(mail_server.mails) == 1


STRANGE = ("jörg@clinic.example", "a,b@clinic.example", "<x@clinic.example", '"@clinic.example', "a@b@c", "a@;", "a@[")


@pytest.mark.parametrize("email", STRANGE)
def test_an_address_that_nobody_can_write_to_holds_up_nobody_else(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask, email: str
) -> None:
    with app.app_context():
        user(AINO).email = email
        db.session.commit()
    mention("@Aino @Ravi @Lena ?")
    for _minute in range(4):
        clock.advance(minutes=1)
        post.send_due()
    assert {RAVI.email, LENA.email} == {mail.to[0] for mail in mail_server.mails}
    assert len(mail_server.mails) == 2
    assert waiting(app) == 0
