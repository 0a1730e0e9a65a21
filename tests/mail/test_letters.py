"""One-time links that go by mail: invitations, and new passwords for those who forgot theirs."""

import re
from typing import Any

import pytest
from flask import Flask

from access.grants import AccountGrant
from access.limits import RESETS_OF_ADDRESS, RESETS_OF_EMAIL
from actions import accounts
from app import create_app
from jobs.post import Post
from models.base import db
from models.letter import Letter
from models.user import SignInLink
from tests.conftest import MovableClock, close, settings_in
from tests.databases.kinds import both
from tests.mail.conftest import post_to
from tests.mail.server import MailServer, Received
from tests.personas import ADAM, DANA, KEYS, LENA, actor, patient_id, user

NEW = "a sentence of mine"
NILS = {"name": "Nils Berg", "email": "nils@clinic.example", "roles": ["coordinator"], "discipline": "0", "team": "0"}


def link_in(mail: Received) -> str:
    """The path that a mail leads to, the same in its text and in its HTML."""
    found = re.search(r"https://plan\.clinic\.example(/welcome/\S+)", mail.text)
    assert found is not None
    assert f'href="https://plan.clinic.example{found[1]}"' in mail.html
    return found[1]


def ask(browser: Any, email: str) -> Any:
    return browser().post("/forgot", {"email": email})


@both
def test_a_forgotten_password_is_replaced_once_and_ends_every_session(
    app: Flask, browser: Any, post: Post, mail_server: MailServer
) -> None:
    before = browser(LENA)
    assert "Forgot your password?" in browser().get("/login").get_data(as_text=True)
    assert ask(browser, f"  {LENA.email.upper()} ").status_code == 200
    post.send_due()
    (mail,) = mail_server.mails
    assert mail.to == [LENA.email]
    assert "works once, for two hours" in mail.text
    assert "List-Unsubscribe" not in mail.message
    link = link_in(mail)
    lena = browser()
    assert "Lena Moreau" in lena.get(link).get_data(as_text=True)
    assert lena.post(link, {"password": "short"}).status_code == 422
    assert before.get("/patients").status_code == 200
    assert lena.post(link, {"password": NEW}).status_code == 303
    assert lena.get("/patients").status_code == 200
    assert before.get("/patients").status_code == 303
    assert browser().get(link).status_code == 404
    assert browser().post(link, {"password": "another sentence"}).status_code == 404
    assert browser().post("/login", {"email": LENA.email, "password": NEW}).status_code == 303
    with app.app_context():
        token = link.rsplit("/", 1)[1]
        for row in (*db.session.scalars(db.select(Letter)), *db.session.scalars(db.select(SignInLink))):
            assert token not in str(vars(row))


def test_the_answer_tells_nobody_who_has_an_account(
    app: Flask, browser: Any, post: Post, mail_server: MailServer
) -> None:
    with app.app_context():
        grant = AccountGrant(actor(ADAM), user(DANA))
        with app.extensions["consilium"].units.begin(actor(ADAM)) as work:
            accounts.disable(work, grant, {patient_id("Maria Kovač"): user(LENA).id})
    pages = set()
    for email in (LENA.email, DANA.email, "nobody@clinic.example"):
        answer = ask(browser, email)
        page = answer.get_data(as_text=True).replace(email, "…")
        pages.add((answer.status_code, re.sub(r'(nonce|content|value)="[^"]*"', "", page)))
    assert len(pages) == 1
    post.send_due()
    assert [mail.to for mail in mail_server.mails] == [[LENA.email]]


def test_a_link_is_too_old_after_two_hours_and_is_not_mailed_then(
    browser: Any, post: Post, clock: MovableClock, mail_server: MailServer
) -> None:
    ask(browser, LENA.email)
    post.send_due()
    link = link_in(mail_server.mails[0])
    clock.advance(hours=1, minutes=59)
    assert browser().get(link).status_code == 200
    clock.advance(minutes=1)
    assert browser().get(link).status_code == 404
    assert browser().post(link, {"password": NEW}).status_code == 404
    ask(browser, LENA.email)
    clock.advance(hours=2)
    post.send_due()
    assert len(mail_server.mails) == 1


def test_using_one_link_makes_the_others_void(browser: Any, post: Post, mail_server: MailServer) -> None:
    ask(browser, LENA.email)
    ask(browser, LENA.email)
    post.send_due()
    first, second = (link_in(mail) for mail in mail_server.mails)
    assert browser().post(second, {"password": NEW}).status_code == 303
    assert browser().get(first).status_code == 404


def test_whoever_asks_again_and_again_hears_the_same_and_gets_no_more(
    browser: Any, post: Post, mail_server: MailServer
) -> None:
    answers = {ask(browser, LENA.email).status_code for _ in range(int(RESETS_OF_EMAIL.count) + 2)}
    assert answers == {200}
    post.send_due()
    assert len(mail_server.mails) == RESETS_OF_EMAIL.count
    one = browser()
    answers = {one.post("/forgot", {"email": f"x{number}@y.example"}).status_code for number in range(20)}
    assert answers == {200, 429}
    assert RESETS_OF_ADDRESS.count == 20


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Please fill this in."), ("lena", "Write an email address"), (f"{'x' * 260}@y.example", "254")],
)
def test_what_is_no_address_is_said_beside_the_field(browser: Any, typed: str, message: str) -> None:
    answer = ask(browser, typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    said = re.search(r'id="email-error">([^<]+)<', page)
    assert said is not None
    assert message in said[1]
    assert f'value="{typed}"' in page


def test_without_a_mail_server_there_is_no_such_page(instance: Any, clock: MovableClock) -> None:
    app = create_app(settings_in(instance), clock=clock)
    client = app.test_client()
    assert client.get("/forgot").status_code == 404
    assert "/forgot" not in client.get("/login").get_data(as_text=True)
    close(app)


@both
def test_an_invitation_goes_by_mail_and_to_the_right_address_alone(
    app: Flask, browser: Any, post: Post, mail_server: MailServer
) -> None:
    adam = browser(ADAM)
    page = adam.post("/admin/accounts", NILS, follow_redirects=True).get_data(as_text=True)
    assert "It is mailed to nils@clinic.example." in page
    shown = re.search(r'value="http[^"]*(/welcome/[^"]+)"', page)
    post.send_due()
    (mail,) = mail_server.mails
    assert mail.subject == "Your account at Spine Clinic"
    assert "works once, for a week" in mail.text
    first = link_in(mail)
    assert shown is not None
    assert shown[1] == first
    with app.app_context():
        nils = db.session.scalars(db.select(Letter.user_id)).one()
    account = f"/admin/accounts/{nils}"
    moved = {**NILS, "email": "nils.berg@clinic.example"}
    saved = adam.post(account, moved, follow_redirects=True).get_data(as_text=True)
    assert "Links that were sent to the former email no longer open." in saved
    assert browser().get(first).status_code == 404
    adam.post(f"{account}/links")
    post.send_due()
    (again,) = mail_server.to("nils.berg@clinic.example")
    assert len(mail_server.mails) == 2
    assert browser().post(link_in(again), {"password": NEW}).status_code == 303


def test_a_letter_outlives_a_change_of_the_secret_key(
    app: Flask, instance: Any, browser: Any, clock: MovableClock, mail_server: MailServer
) -> None:
    ask(browser, LENA.email)
    settings = settings_in(
        instance, SMTP_URL=mail_server.url, SECRET_KEY="n" * 40, SECRET_KEY_FALLBACKS=KEYS["SECRET_KEY"]
    )
    later = create_app(settings, clock=clock)
    post_to(later, mail_server.url).send_due()
    close(later)
    assert browser().get(link_in(mail_server.mails[0])).status_code == 200
