"""Nobody leaves before somebody has taken over what they answer for."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from actions.patients import Identity
from models.base import db
from models.patient import ResponsibleClinician
from models.user import User
from tests.personas import ADAM, CORA, DANA, LENA, RAVI, SPINE, patient_id, take_in, user


@pytest.fixture
def second(app: Flask) -> int:
    """Another patient of Dana's."""
    with app.app_context():
        return take_in(
            app.extensions["consilium"].units, DANA, Identity("Peter Nagy", date(1984, 9, 2), "C-11207"), SPINE
        )


def number(app: Flask, persona) -> int:  # type: ignore[no-untyped-def]
    with app.app_context():
        return user(persona).id


def answering(app: Flask, patient: int) -> str:
    with app.app_context():
        return db.session.scalars(
            select(User.name)
            .join(ResponsibleClinician, ResponsibleClinician.user_id == User.id)
            .where(ResponsibleClinician.patient_id == patient, ResponsibleClinician.until.is_(None))
        ).one()


def test_one_person_takes_over_all_but_those_named_otherwise(browser, app: Flask, second: int) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        maria = patient_id("Maria Kovač")
    address = f"/admin/accounts/{number(app, DANA)}/disablement"
    page = browser(ADAM).get(address).get_data(as_text=True)
    assert "Responsible for 2 patients" in page
    assert "All of them, unless named below" in page
    chosen = {
        "successor-all": str(number(app, RAVI)),
        f"successor-{maria}": str(number(app, LENA)),
        f"successor-{second}": "0",
    }
    assert browser(ADAM).post(address, chosen).status_code == 303
    assert answering(app, maria) == "Lena Moreau"
    assert answering(app, second) == "Ravi Thakur"


def test_who_cannot_take_over_is_refused_and_the_choice_kept(browser, app: Flask, second: int) -> None:  # type: ignore[no-untyped-def]
    address = f"/admin/accounts/{number(app, DANA)}/disablement"
    for unfit in (number(app, CORA), number(app, DANA), 987654):
        answer = browser(ADAM).post(address, {"successor-all": str(unfit)})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.get_data(as_text=True)
    half = browser(ADAM).post(address, {f"successor-{second}": str(number(app, LENA))})
    assert half.status_code == 422
    page = half.get_data(as_text=True)
    assert "Name who takes over each patient." in page
    assert re.search(rf'name="successor-{second}">.*?selected>Lena Moreau', page, re.S)
    assert answering(app, second) == "Dana Osei"


def test_a_responsible_person_stays_a_clinician(browser, app: Flask, second: int) -> None:  # type: ignore[no-untyped-def]
    form = {"name": DANA.name, "email": DANA.email, "roles": ["coordinator"], "discipline": "0"}
    answer = browser(ADAM).post(f"/admin/accounts/{number(app, DANA)}", form)
    assert answer.status_code == 422
    assert "Responsible for 2 patients, which only a clinician can be" in answer.get_data(as_text=True)
    calm = {"name": LENA.name, "email": LENA.email, "roles": ["coordinator"], "discipline": "0"}
    assert browser(ADAM).post(f"/admin/accounts/{number(app, LENA)}", calm).status_code == 303


def test_a_disabled_person_is_out_everywhere_at_once(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    ravi = browser(RAVI)
    with app.app_context():
        care_team = f"/patients/{patient_id('Maria Kovač')}/care-team"
    assert browser(ADAM).post(f"/admin/accounts/{number(app, RAVI)}/disablement").status_code == 303
    assert ravi.get(care_team).status_code == 303
    page = browser(DANA).get(care_team).get_data(as_text=True)
    assert "Ravi Thakur" not in page.split("former member")[0]
    answer = browser().post("/login", {"email": RAVI.email, "password": "correct staple for tests"})
    assert answer.status_code == 422


def test_a_spent_link_says_what_to_do(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    adam = browser(ADAM)
    links = []
    for _ in range(2):
        page = adam.post(f"/admin/accounts/{number(app, LENA)}/links", follow_redirects=True).get_data(as_text=True)
        found = re.search(r'value="http[^"]*(/welcome/[^"]+)"', page)
        assert found is not None
        links.append(found[1])
    assert browser().get(links[0]).status_code == 404
    assert browser().get(links[1]).status_code == 200
    page = browser().post(links[0], {"password": "a sentence of mine"}).get_data(as_text=True)
    assert "This link no longer works" in page
    assert "ask whoever invited you for a new one" in page


@pytest.mark.parametrize("days", [6, 8])
def test_a_link_lives_for_a_week(browser, app: Flask, clock, days: int) -> None:  # type: ignore[no-untyped-def]
    page = browser(ADAM).post(f"/admin/accounts/{number(app, LENA)}/links", follow_redirects=True)
    found = re.search(r'value="http[^"]*(/welcome/[^"]+)"', page.get_data(as_text=True))
    assert found is not None
    clock.advance(days=days)
    assert browser().get(found[1]).status_code == (200 if days < 7 else 404)
