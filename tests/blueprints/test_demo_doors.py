"""The demo's sign-in page: one click is enough, and outside a demo there is no such door."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app import create_app
from models.base import db
from models.user import User
from tests import closing
from tests.conftest import Browser, MovableClock, close, settings_in
from tests.personas import ADAM, CORA, DANA, MARIA, OTTO, patient_id, user


@pytest.fixture
def demo_clinic(instance: Path, clock: MovableClock) -> Iterator[Flask]:
    app = create_app(settings_in(instance, DEMO="1"), clock=clock)
    app.testing = True
    with app.app_context(), db.session.begin():
        staff = [user(persona).id for persona in (ADAM, DANA, CORA, OTTO)]
        for number in staff:
            db.session.execute(update(User).where(User.id == number).values(email=f"p{number}@demo.example"))
    yield app
    close(app)


def visitor(app: Flask) -> Browser:
    return Browser(app.test_client(), app.extensions["consilium"].settings.public_url)


def cards(page: str) -> list[tuple[str, str]]:
    return re.findall(r'name="user" value="(\d+)">.*?<b>([^<]+)</b>', page, re.S)


def test_the_cards_show_name_and_role_and_begin_with_one_of_each(demo_clinic: Flask) -> None:
    page = visitor(demo_clinic).get("/login").get_data(as_text=True)
    assert [name for _number, name in cards(page)] == ["Dana Osei", "Otto Brandt", "Cora Lindt", "Adam Berg"]
    for words in ("Physiotherapy", "Coordinator", "Administrator", "demo-strip"):
        assert words in page
    assert MARIA.name not in page


def test_one_click_leads_everyone_to_a_page_of_theirs(demo_clinic: Flask) -> None:
    for number, name in cards(visitor(demo_clinic).get("/login").get_data(as_text=True)):
        answer = visitor(demo_clinic).post("/demo/sessions", {"user": number}, follow_redirects=True)
        assert answer.status_code == 200, name
        assert name in answer.get_data(as_text=True)


def test_a_card_leads_where_one_was_going(demo_clinic: Flask) -> None:
    dana = visitor(demo_clinic)
    page = dana.get("/login?next=/patients/new").get_data(as_text=True)
    assert page.count('name="next" value="/patients/new"') == 5
    number = cards(page)[0][0]
    answer = dana.post("/demo/sessions", {"user": number, "next": "/patients/new"})
    assert answer.headers["Location"] == "/patients/new"
    assert (
        visitor(demo_clinic)
        .post("/demo/sessions", {"user": number, "next": "//evil.example"})
        .headers["Location"]
        .endswith("/")
    )


@pytest.mark.parametrize("chosen", ["", "0", "x", "999999"])
def test_nobody_else_gets_in_by_it(demo_clinic: Flask, chosen: str) -> None:
    assert visitor(demo_clinic).post("/demo/sessions", {"user": chosen}).status_code == 404


def test_people_outside_the_demo_cannot_be_become(demo_clinic: Flask) -> None:
    with demo_clinic.app_context():
        maria = user(MARIA).id
    assert visitor(demo_clinic).post("/demo/sessions", {"user": str(maria)}).status_code == 404


def test_nobody_is_invited_to_write_in_a_closed_plan(instance: Path, clock: MovableClock) -> None:
    app = create_app(settings_in(instance, DEMO="1"), clock=clock)
    dana = visitor(app).sign_in(DANA)
    with app.app_context():
        board = f"/patients/{patient_id(MARIA.name)}/plan"
    assert "Invite a colleague" in dana.get(board).get_data(as_text=True)
    closing.close(app)
    assert "Invite a colleague" not in dana.get(board).get_data(as_text=True)
    close(app)


def test_a_real_clinic_has_neither_cards_nor_door(browser) -> None:  # type: ignore[no-untyped-def]
    page = browser().get("/login").get_data(as_text=True)
    assert "persona" not in page
    assert "demo-strip" not in page
    assert browser().post("/demo/sessions", {"user": "2"}).status_code == 404
