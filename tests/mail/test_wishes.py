"""The page on which one says how one wants mail: what cannot be is said beside its field, what was typed stays."""

import re
from typing import Any

import pytest
from flask import Flask

from actions import mail_wishes
from actions.mail_times import Wishes
from jobs.post import Post
from models.base import db
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.mail.server import MailServer
from tests.mail.talking import Mention
from tests.personas import LENA, RAVI, user

PAGE = "/account/notifications"
GOOD = {
    "mails_at_once": "y",
    "digest_at": "6:45",
    "quiet_from": "18.30",
    "quiet_until": "08:00",
    "timezone": "Europe/Lisbon",
}


def wishes_of(app: Flask, persona: Any) -> Wishes:
    with app.app_context():
        return mail_wishes.current(db.session(), user(persona).id, "Europe/Vienna")


@both
def test_what_is_chosen_is_kept_and_shown(app: Flask, browser: Any) -> None:
    lena = browser(LENA)
    answer = lena.post(PAGE, GOOD, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Saved." in page
    assert 'value="18:30"' in page
    kept = wishes_of(app, LENA)
    assert (kept.mails_at_once, kept.mails_digest) == (True, False)
    assert [f"{each:%H:%M}" for each in (kept.digest_at, kept.quiet_from, kept.quiet_until)] == [
        "06:45",
        "18:30",
        "08:00",
    ]
    assert kept.timezone == "Europe/Lisbon"
    assert wishes_of(app, RAVI) == Wishes("Europe/Vienna")


TIME = "Write a time like 07:00."
ZONE = "There is no such time zone."


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("digest_at", "", TIME),
        ("digest_at", "noon", TIME),
        ("quiet_from", "24:00", TIME),
        ("quiet_from", "7:60", TIME),
        ("quiet_until", "-1:00", TIME),
        ("quiet_until", "１２:00", TIME),
        ("timezone", "", "Please fill this in."),
        ("timezone", "Europe/Atlantis", ZONE),
        ("timezone", "../../etc/passwd", ZONE),
        ("timezone", "x" * 61, "At most 60 characters."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    app: Flask, browser: Any, field: str, typed: str, message: str
) -> None:
    answer = browser(LENA).post(PAGE, {**GOOD, field: typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Nothing is saved yet: one field needs you." in page
    control = re.search(rf'<input[^>]*id="{field}"[^>]*>', page)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert f"{field}-error" in control[0]
    said = re.search(rf'id="{field}-error">([^<]+)<', page)
    assert said is not None
    assert said[1].startswith(message)
    assert f'value="{typed}"' in control[0] or not typed
    kept = {name: words for name, words in GOOD.items() if name not in (field, "mails_at_once")}
    for name, words in kept.items():
        assert re.search(rf'<input[^>]*id="{name}"[^>]*value="{words}"', page), name
    assert re.search(r'name="mails_at_once" value="y" checked', page)
    assert wishes_of(app, LENA) == Wishes("Europe/Vienna")


def test_a_zone_may_be_written_in_small_letters(app: Flask, browser: Any) -> None:
    assert browser(LENA).post(PAGE, {**GOOD, "timezone": " america/new york "}).status_code == 303
    assert wishes_of(app, LENA).timezone == "America/New_York"


def test_what_waits_already_follows_the_new_wishes(
    app: Flask, browser: Any, post: Post, clock: MovableClock, mail_server: MailServer, mention: Mention
) -> None:
    mention("@Lena ?")
    browser(LENA).post(PAGE, {**GOOD, "quiet_from": "08:00", "quiet_until": "20:00"})
    clock.advance(hours=1)
    post.send_due()
    assert not mail_server.mails
    clock.advance(hours=11)
    post.send_due()
    assert len(mail_server.to(LENA.email)) == 1
