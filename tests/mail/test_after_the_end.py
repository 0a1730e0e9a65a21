"""Of a plan that is closed nothing is mailed, what waited included; after a death nothing to those at home either."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from jobs.post import Post
from models.plan_state import State
from tests.closing import close, pause, reopen
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.mail.server import MailServer
from tests.mail.talking import Mention, waiting
from tests.mail.test_letters import ask
from tests.personas import DANA, GUARDIAN, INES, LENA, MARIA, patient_id

Browser = Callable[..., Any]


@both
@pytest.mark.parametrize("state", [State.DISCHARGED, State.DIED])
def test_what_waited_is_not_mailed_and_stays_unmailed(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask, state: State
) -> None:
    mention("@Lena ?")
    assert waiting(app) == 1
    close(app, state)
    assert waiting(app) == 0
    clock.advance(days=2)
    post.send_due()
    reopen(app)
    clock.advance(days=2)
    post.send_due()
    assert mail_server.mails == []
    mention("@Lena, now?")
    clock.advance(seconds=16)
    post.send_due()
    assert [mail.to for mail in mail_server.mails] == [[LENA.email]]


def test_of_a_plan_that_rests_people_are_still_told_when_somebody_asks_them(
    post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention, app: Flask
) -> None:
    pause(app)
    mention("@Lena ?")
    clock.advance(seconds=16)
    post.send_due()
    assert [mail.to for mail in mail_server.mails] == [[LENA.email]]


def test_after_a_death_nothing_goes_to_those_at_home(
    post: Post, clock: MovableClock, mail_server: MailServer, app: Flask, browser: Browser
) -> None:
    """Neither a link for a new password that waits, nor one asked for later, nor an invitation; others have theirs."""
    with app.app_context():
        maria = patient_id("Maria Kovač")
    invited = {"relation": "guardian", "name": "Aino Salo", "words": "", "way": "mail", "email": "aino@home.example"}
    assert browser(DANA).post(f"/patients/{maria}/access", invited).status_code == 303
    ask(browser, MARIA.email)
    close(app, State.DIED)
    ask(browser, GUARDIAN.email)
    ask(browser, INES.email)
    ask(browser, LENA.email)
    clock.advance(seconds=16)
    post.send_due()
    assert sorted(mail.to[0] for mail in mail_server.mails) == sorted([INES.email, LENA.email])
