"""Mails to a real server: what they say, to whom and when, and what becomes of those that are not taken."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import accounts, care_team, comments, notices, tasks, threads
from actions.task_drafts import Assignee, Draft
from jobs.post import Post
from models.base import db
from models.notification import NoticeKind, Notification
from models.patient import CareTeamMember
from models.thread import Comment
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.mail.server import MailServer
from tests.personas import ADAM, AINO, CORA, DANA, LENA, RAVI, Persona, actor, patient_id, user

Mention = Callable[..., int]
Wish = Callable[..., None]


def reply(app: Flask, thread_id: int, by: Persona, body: str = "Yes.") -> None:
    with app.app_context():
        patient = patient_id("Maria Kovač")
        grant = loaders.thread(actor(by), patient, thread_id, Permission.THREAD_WRITE)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            threads.reply(work, grant, body, frozenset())


def waiting(app: Flask) -> int:
    with app.app_context():
        query = db.select(Notification).where(
            Notification.mail_after.is_not(None), Notification.mailed_at.is_(None), Notification.refused_at.is_(None)
        )
        return len(db.session.scalars(query).all())


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


def _leaves(app: Flask, persona: Persona) -> None:
    with app.app_context():
        patient = patient_id("Maria Kovač")
        grant = loaders.patient(actor(CORA), patient, Permission.CARE_TEAM_EDIT)
        member = db.session.scalars(
            db.select(CareTeamMember.id).where(
                CareTeamMember.patient_id == patient, CareTeamMember.user_id == user(persona).id
            )
        ).one()
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            care_team.remove(work, grant, member)


def _is_disabled(app: Flask, persona: Persona) -> None:
    with app.app_context():
        grant = loaders.account(actor(ADAM), user(persona).id, Permission.ACCOUNTS_MANAGE)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            accounts.disable(work, grant, {})


def _sees_it(app: Flask, persona: Persona) -> None:
    with app.app_context(), app.extensions["consilium"].units.begin(actor(persona)) as work:
        notices.see_all(work)


def _is_taken_back(app: Flask, persona: Persona) -> None:
    with app.app_context():
        patient = patient_id("Maria Kovač")
        comment = db.session.scalars(db.select(Comment)).one()
        grant = loaders.comment(actor(DANA), patient, comment.thread_id, comment.id)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            comments.withdraw(work, grant)


@pytest.mark.parametrize("meanwhile", [_leaves, _is_disabled, _sees_it, _is_taken_back])
def test_nothing_is_mailed_that_is_no_longer_so(
    post: Post,
    clock: MovableClock,
    mail_server: MailServer,
    mention: Mention,
    app: Flask,
    meanwhile: Callable[[Flask, Persona], None],
) -> None:
    mention("@Aino ?")
    meanwhile(app, AINO)
    clock.advance(days=2)
    post.send_due()
    assert not mail_server.mails
    assert waiting(app) == 0


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


@both
def test_nothing_private_is_in_any_mail(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    """A string of its own in every private field; none of them in headers or bodies."""
    canary = (f"Canary{number}x" for number in range(100))
    used: list[str] = []

    def secret() -> str:
        used.append(next(canary))
        return used[-1]

    units = app.extensions["consilium"].units
    with app.app_context():
        patient = patient_id("Maria Kovač")
        grant = loaders.patient(actor(DANA), patient, Permission.TASK_WRITE)
        with units.begin(grant.actor) as work:
            draft = Draft(secret(), Assignee(user_id=user(RAVI).id), details=secret())
            given = tasks.make(work, grant, draft, date(2026, 11, 24)).task_id
    thread = mention(f"@Lena {secret()}")
    reply(app, thread, LENA, f"@Dana @Ravi {secret()}")
    reply(app, thread, CORA, secret())
    clock.advance(days=2)
    post.send_due()
    clock.advance(days=2)
    post.send_due()
    assert len(mail_server.mails) >= 5
    assert any(f"/tasks/{given}" in mail.text for mail in mail_server.to(RAVI.email))
    used += ["Maria", "Kovač", "Kova", "C-10482", "1980", "grandson"]
    for mail in mail_server.mails:
        for word in used:
            assert word not in mail.everything, (word, mail.everything)


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
        "6 things wait for you",
    }
