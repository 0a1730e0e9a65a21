"""Nothing private is in any mail."""

from datetime import date

from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import tasks
from actions.task_drafts import Assignee, Draft
from jobs.post import Post
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.mail.server import MailServer
from tests.mail.talking import Mention, reply
from tests.personas import CORA, DANA, LENA, RAVI, actor, patient_id, user


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
