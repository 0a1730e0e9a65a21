"""My work for each role: where it stands, what empty and full cards say, and what the page costs."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from actions import patients
from tests.blueprints.test_tasks import text
from tests.blueprints.working import Clinic, card, work
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import (
    ADAM,
    AINO,
    CORA,
    DANA,
    EVERYONE,
    FROM_OUTSIDE,
    LENA,
    MARIA,
    OTTO,
    RAVI,
    SPINE,
    Persona,
    take_in,
    user,
)
from tests.statements import counted

Browsers = Callable[..., Browser]
TODAY = date(2026, 11, 24)


@pytest.fixture
def clinic(app: Flask) -> Clinic:
    return Clinic(app)


def test_a_patient_one_was_given_is_new(app: Flask, browser: Browsers) -> None:
    with app.app_context():
        identity = patients.Identity("Peter Nagy", date(1984, 9, 2), "C-11207")
        take_in(app.extensions["consilium"].units, CORA, identity, SPINE)
    found = card(work(browser(RAVI)), "Changed since you looked")
    assert "Peter Nagy" in found
    assert "Cora Lindt: took you into the care team" in found
    assert "Peter Nagy" not in card(work(browser(CORA)), "Changed since you looked")


def test_home_is_my_work_for_staff_and_the_own_plan_for_patients(browser: Browsers) -> None:
    for persona in EVERYONE:
        answer = browser(persona).get("/")
        assert answer.headers["Location"] == ("/my" if persona in FROM_OUTSIDE else "/work"), persona.key
    assert browser(MARIA).get("/work").status_code == 404


def test_an_administrator_begins_with_accounts_and_teams(browser: Browsers) -> None:
    adam = browser(ADAM)
    page = work(adam)
    assert "Everyone with an account has signed in." in card(page, "Accounts that have not begun")
    assert "Thursday hand" in card(page, "Teams without a lead")
    assert "Maria" not in page
    assert "My tasks" not in page
    adam.post(
        "/admin/accounts",
        {"name": "Nils New", "email": "nils@clinic.example", "roles": "coordinator", "discipline": "0", "team": "0"},
    )
    assert "Nils New" in card(work(adam), "Accounts that have not begun")


def test_with_no_patient_the_next_step_is_named(app: Flask, browser: Browsers) -> None:
    with app.app_context():
        from models.base import db
        from models.patient import CareTeamMember

        for member in db.session.query(CareTeamMember).filter_by(user_id=user(AINO).id):
            member.until = member.since
        db.session.commit()
    page = text(browser(AINO).get("/work"))
    assert "You are in no patient's care team yet." in page
    assert "Add a patient" in page
    assert "My tasks" not in page


def test_empty_cards_name_the_next_step(browser: Browsers) -> None:
    page = work(browser(OTTO))
    assert "You have no open task. See those of all my patients" in card(page, "My tasks")
    assert "Nobody waits for you." in card(page, "Waiting for my answer")
    assert "Nothing has changed" in card(page, "Changed since you looked")


def test_a_card_of_many_leads_to_all_of_them(clinic: Clinic, browser: Browsers) -> None:
    talk, dana = clinic.talk, browser(DANA)
    for number in range(8):
        talk.opened(dana, body=f"@Lena number {number}?")
    lena = browser(LENA)
    page = work(lena)
    assert card(page, "Waiting for my answer").count("mentioned you") == 6
    assert "Show all 8" in card(page, "Waiting for my answer")
    assert "/work?all=waiting#waiting-title" in page
    every = card(str(lena.get("/work?all=waiting").get_data(as_text=True)), "Waiting for my answer")
    assert every.count("mentioned you") == 8
    assert "Show fewer" in every


@both
def test_my_work_takes_as_many_statements_for_many_patients_as_for_few(
    clinic: Clinic, app: Flask, browser: Browsers, clock: MovableClock
) -> None:
    people = {persona: browser(persona) for persona in (DANA, CORA, ADAM)}
    clinic.give(LENA, "Send pool times", to=DANA)
    few: dict[Persona, int] = {}
    for persona, own in people.items():
        work(own)
        with counted(app) as statements:
            work(own)
        few[persona] = len(statements)
    with app.app_context():
        for number in range(25):
            identity = patients.Identity(f"P{number} Nagy", date(1990, 1, 1), f"N{number}")
            take_in(app.extensions["consilium"].units, LENA, identity, SPINE)
    for number in range(25):
        clinic.give(LENA, "Walk", TODAY, name=f"P{number} Nagy", to=DANA if number % 2 else RAVI)
        clinic.write(LENA, "psychology", f"Words {number}", name=f"P{number} Nagy")
    clock.advance(days=1)
    for persona in people:
        own = browser(persona)
        page = work(own)
        assert page.count('class="task ') <= 18
        with counted(app) as statements:
            work(own)
        asked = [each for each in statements if each.startswith("SELECT")]  # texts are kept meanwhile
        assert len(asked) <= few[persona] + 1 <= 12, (persona.key, asked)  # one more: what changed
