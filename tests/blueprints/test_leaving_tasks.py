"""Pages that ask who takes over open tasks before somebody leaves."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from models.base import db
from models.patient import CareTeamMember
from models.task import Task
from models.team import Membership
from tests.blueprints.test_tasks import form, text
from tests.conftest import Browser
from tests.personas import ADAM, AINO, CORA, DANA, LENA, RAVI, Persona, patient_id, user

Browsers = Callable[..., Browser]


@pytest.fixture
def maria(app: Flask) -> int:
    with app.app_context():
        return patient_id("Maria Kovač")


@pytest.fixture
def given(app: Flask, browser: Browsers, maria: int) -> None:
    """Ravi has an open task of Maria's."""
    assert browser(DANA).post(f"/patients/{maria}/tasks", form(app, RAVI)).status_code == 303


def number(app: Flask, persona: Persona) -> int:
    with app.app_context():
        return user(persona).id


def has_it(app: Flask) -> str:
    with app.app_context():
        found = db.session.scalars(select(Task)).one().assignee
        return found.name if found else ""


@pytest.mark.usefixtures("given")
def test_the_care_teams_page_asks(app: Flask, browser: Browsers, maria: int) -> None:
    with app.app_context():
        member = db.session.scalars(
            select(CareTeamMember.id).where(CareTeamMember.patient_id == maria, CareTeamMember.user_id == user(RAVI).id)
        ).one()
    cora = browser(CORA)
    address = f"/patients/{maria}/care-team/members/{member}/end"
    asked = cora.post(address)
    assert asked.status_code == 422
    assert "Ravi Thakur has one open task of this patient." in text(asked)
    assert "Choose somebody who is." in text(cora.post(address, {"heir": "987654"}))
    done = cora.post(address, {"heir": number(app, AINO)}, follow_redirects=True)
    assert "Ravi Thakur has left the care team." in text(done)
    assert has_it(app) == "Aino Salo"


@pytest.mark.usefixtures("given")
def test_disabling_an_account_asks_and_names_no_patient(app: Flask, browser: Browsers, maria: int) -> None:
    address = f"/admin/accounts/{number(app, RAVI)}/disablement"
    adam = browser(ADAM)
    page = text(adam.get(address))
    assert "One open task of the patient with ID C-10482" in page
    assert "Maria" not in page
    assert "Write taper letter" not in page
    refused = adam.post(address)
    assert refused.status_code == 422
    assert "Name who takes over the open tasks" in text(refused)
    wrong = adam.post(address, {f"heir-{maria}": number(app, RAVI)})
    assert wrong.status_code == 422
    assert adam.post(address, {f"heir-{maria}": "responsible"}).status_code == 303
    assert has_it(app) == "Dana Osei"


@pytest.mark.usefixtures("given")
def test_leaving_a_team_asks(app: Flask, browser: Browsers, maria: int) -> None:
    with app.app_context():
        row = db.session.scalars(select(Membership).where(Membership.user_id == user(RAVI).id)).one()
        address = f"/admin/teams/{row.team_id}/members/{row.id}/end"
    adam = browser(ADAM)
    assert re.search(rf'name="heir-{maria}".*Lena Moreau, Psychology', text(adam.get(address)))
    assert adam.post(address).status_code == 422
    assert adam.post(address, {f"heir-{maria}": number(app, LENA)}).status_code == 303
    assert has_it(app) == "Lena Moreau"


@pytest.mark.usefixtures("given")
def test_what_tasks_forbid_is_said(app: Flask, browser: Browsers, maria: int) -> None:
    change = {"name": RAVI.name, "email": RAVI.email, "roles": ["admin"], "discipline": "0"}
    answer = browser(ADAM).post(f"/admin/accounts/{number(app, RAVI)}", change)
    assert answer.status_code == 422
    assert "Has one open task" in text(answer)
    dana = browser(DANA)
    page = dana.get(f"/patients/{maria}/tasks/new").get_data(as_text=True)
    nutrition = re.search(r'value="(discipline:\d+)">Anyone of Nutrition', page)
    assert nutrition is not None
    dana.post(f"/patients/{maria}/tasks", form(app, assignee=nutrition[1]))
    refused = dana.post(f"/patients/{maria}/care-team/involved", {"disciplines": []})
    assert refused.status_code == 422
    assert "Open tasks are left for Nutrition." in text(refused)
