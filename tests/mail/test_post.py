"""Mails to a real server: what they say, to whom, and when."""

from datetime import UTC, datetime, time

from flask import Flask

from actions import notices
from jobs.post import Post
from models.notification import AT_ONCE, NoticeKind
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.mail.server import MailServer
from tests.mail.talking import Mention, Wish, reply, waiting
from tests.personas import DANA, LENA, RAVI, actor, patient_id, user


@both
def test_a_mention_is_mailed_at_once_and_says_nothing_of_it(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    thread = mention("@Lena Zephyrquartz?")
    post.send_due()
    assert not mail_server.mails  # it could still be undone
    clock.advance(seconds=16)
    post.send_due()
    post.send_due()
    (mail,) = mail_server.mails
    assert mail.to == [LENA.email]
    assert mail.subject == "Dana Osei mentioned you in a discussion"
    assert mail.message["To"] == f"Lena Moreau <{LENA.email}>"
    assert mail.message["From"] == "Spine Clinic <consilium@clinic.example>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["List-Id"] == "Spine Clinic <notices.plan.clinic.example>"
    assert mail.id.endswith("@plan.clinic.example>")
    assert mail.message["In-Reply-To"] == mail.message["References"] == f"<thread.{thread}@plan.clinic.example>"
    with app.app_context():
        patient = patient_id("Maria Kovač")
    link = f"https://plan.clinic.example/patients/{patient}/plan?thread={thread}#thread-{thread}"
    assert link in mail.text
    assert link in mail.html
    assert "Zephyrquartz" not in mail.everything
    assert "Maria" not in mail.everything
    assert waiting(app) == 0


def test_one_discussion_is_one_thread_of_mails(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    thread = mention("@Lena ?")
    reply(app, thread, RAVI, "@Lena @Dana what of the pool?")
    clock.advance(seconds=16)
    post.send_due()
    first, second = mail_server.to(LENA.email)
    assert first.id != second.id
    assert first.message["References"] == second.message["References"]


def test_quiet_hours_hold_a_mail_until_their_end(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention
) -> None:
    clock.now = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)  # 22:00 in Vienna
    mention("@Lena ?")
    clock.now = datetime(2026, 11, 25, 5, 59, tzinfo=UTC)
    post.send_due()
    assert not mail_server.mails
    clock.now = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    post.send_due()
    assert len(mail_server.mails) == 1


def test_a_mail_that_was_late_does_not_break_into_the_quiet(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention
) -> None:
    mail_server.stop()
    mention("@Lena ?")
    clock.advance(hours=1)
    post.send_due()
    mail_server.start()
    clock.now = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    post.send_due()
    assert not mail_server.mails
    clock.now = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    post.send_due()
    assert len(mail_server.mails) == 1


@both
def test_everything_else_comes_once_a_day_at_the_persons_time(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, wish: Wish, app: Flask
) -> None:
    """Over the night in which the clocks change: seven o'clock stays seven o'clock."""
    wish(DANA, timezone="Europe/Vienna", digest_at=time(7, 30))
    clock.now = datetime(2027, 3, 26, 12, 0, tzinfo=UTC)
    sent: list[datetime] = []
    for day in (26, 27, 28):
        clock.now = datetime(2027, 3, day, 12, 0, tzinfo=UTC)
        thread = mention("For myself")
        reply(app, thread, LENA, "Zephyrquartz one")
        reply(app, thread, LENA, "Zephyrquartz two")
        reply(app, mention("Another"), RAVI)
        before = len(mail_server.mails)
        while len(mail_server.mails) == before:
            clock.advance(minutes=10)
            post.send_due()
            assert clock.now < datetime(2027, 3, day + 2, tzinfo=UTC)
        sent.append(clock.now)
        clock.advance(hours=1)
        post.send_due()
        assert len(mail_server.mails) == before + 1
    assert sent == [datetime(2027, 3, day, hour, 30, tzinfo=UTC) for day, hour in ((27, 6), (28, 5), (29, 5))]
    digest = mail_server.mails[-1]
    assert digest.to == [DANA.email]
    assert digest.subject == "3 things wait for you"
    assert "3 answers in discussions" in digest.text
    assert digest.text.count("/plan?thread=") == 2
    assert "https://plan.clinic.example/notices" in digest.text
    assert digest.text.count("\n\n\n") == 0
    assert "Zephyrquartz" not in digest.everything


def test_a_digest_says_only_what_is_still_new(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    first, second = mention("One"), mention("Two")
    reply(app, first, LENA)
    reply(app, second, LENA)
    with app.app_context(), app.extensions["consilium"].units.begin(actor(DANA)) as work:
        notices.see(work, thread_id=first)
    clock.advance(days=1)
    post.send_due()
    (mail,) = mail_server.mails
    assert mail.subject == "One thing waits for you"
    assert f"thread={second}" in mail.text
    assert f"thread={first}" not in mail.text


def test_who_wants_no_mail_at_once_finds_it_in_the_digest(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, wish: Wish
) -> None:
    mention("@Lena ?")
    wish(LENA, mails_at_once=False)
    mention("@Lena again?")
    clock.advance(hours=1)
    post.send_due()
    assert not mail_server.mails
    clock.advance(days=1)
    post.send_due()
    (mail,) = mail_server.mails
    assert "You were mentioned 2 times" in mail.text


def test_who_wants_no_mail_gets_none(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, wish: Wish, app: Flask
) -> None:
    wish(LENA, mails_at_once=False, mails_digest=False)
    mention("@Lena ?")
    clock.advance(days=3)
    post.send_due()
    assert not mail_server.mails
    assert waiting(app) == 0


def test_every_kind_has_its_words(app: Flask, post: Post, clock: MovableClock, mail_server: MailServer) -> None:
    with app.app_context(), app.extensions["consilium"].units.begin(actor(DANA)) as work:
        for kind in NoticeKind:
            notices.tell(work, frozenset({user(LENA).id}), kind, patient_id("Maria Kovač"))
    clock.advance(days=1)
    post.send_due()
    subjects = {mail.subject for mail in mail_server.mails}
    assert subjects == {
        "Dana Osei mentioned you in a discussion",
        "Dana Osei gave you a task",
        "Dana Osei found a patient's question urgent",
        f"{len(set(NoticeKind) - AT_ONCE)} things wait for you",
    }
