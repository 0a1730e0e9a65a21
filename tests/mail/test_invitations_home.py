"""A guardian is invited by mail: not a word of the patient in it, and the birth date as a second key to its link."""

from typing import Any

from flask import Flask

from jobs.post import Post
from tests.mail.server import MailServer
from tests.mail.test_letters import NEW, ask, link_in
from tests.personas import DANA, INES, patient_id

AINO = {"relation": "guardian", "name": "Aino Salo", "words": "her mother", "way": "mail", "email": "Aino@home.example"}


def test_an_invitation_home_names_no_patient_and_asks_for_the_birth_date(
    app: Flask, browser: Any, post: Post, mail_server: MailServer
) -> None:
    with app.app_context():
        maria = patient_id("Maria Kovač")
    dana = browser(DANA)
    assert dana.post(f"/patients/{maria}/access", AINO).status_code == 303
    assert "has not come in yet" in dana.get(f"/patients/{maria}/about").get_data(as_text=True)
    post.send_due()
    (mail,) = mail_server.mails
    assert mail.to == ["aino@home.example"]
    for word in ("Maria", "Kovač", "mother", "plan of", "1980", "patient"):
        assert word not in mail.text + mail.html + mail.message["Subject"], word
    link = link_in(mail)
    aino = browser()
    assert "Welcome, Aino Salo" in aino.get(link).get_data(as_text=True)
    assert aino.post(link, {"password": NEW}).status_code == 422
    wrong = aino.post(link, {"password": NEW, "born": "13.3.1980"})
    assert "not the birth date we know" in wrong.get_data(as_text=True)
    assert aino.post(link, {"password": NEW, "born": "12.3.1980", "trusted": "y"}).status_code == 303
    assert aino.get("/my").headers["Location"] == f"/my/{maria}"
    assert aino.post(link, {"password": NEW, "born": "12.3.1980"}).status_code == 404


def test_an_address_that_has_an_account_is_not_invited_by_mail(
    app: Flask, browser: Any, post: Post, mail_server: MailServer
) -> None:
    with app.app_context():
        maria = patient_id("Maria Kovač")
    answer = browser(DANA).post(f"/patients/{maria}/access", {**AINO, "email": INES.email})
    assert answer.status_code == 422
    assert "Make a code" in answer.get_data(as_text=True)
    post.send_due()
    assert mail_server.mails == []


def test_a_patient_who_forgot_the_password_needs_the_birth_date_for_the_new_one(
    browser: Any, post: Post, mail_server: MailServer
) -> None:
    before = browser(INES)
    ask(browser, INES.email)
    post.send_due()
    link = link_in(mail_server.mails[0])
    for _ in range(5):
        assert browser().post(link, {"password": NEW, "born": "1.1.1971"}).status_code == 422
    assert browser().post(link, {"password": NEW, "born": "2.7.1971"}).status_code == 404
    assert before.get("/my").status_code == 303
    ask(browser, INES.email)
    post.send_due()
    assert browser().post(link_in(mail_server.mails[1]), {"password": NEW, "born": "2.7.1971"}).status_code == 303
    assert before.get("/my").headers["Location"].startswith("/login")
