"""The administrator's pages: accounts and teams, and no clinical content."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from models.base import db
from models.team import Membership, Team
from tests.personas import ADAM, CORA, DANA, LENA, OTTO, SPINE, patient_id, user

NEW = {"name": "Nils Berg", "email": "nils@clinic.example", "roles": ["clinician"], "discipline": "2", "team": "0"}


def ids(app: Flask) -> dict[str, int]:
    with app.app_context():
        team = db.session.scalars(select(Team.id).where(Team.name == SPINE)).one()
        return {
            "dana": user(DANA).id,
            "lena": user(LENA).id,
            "otto": user(OTTO).id,
            "adam": user(ADAM).id,
            "cora": user(CORA).id,
            "maria": patient_id("Maria Kovač"),
            "team": team,
            "membership": db.session.scalars(
                select(Membership.id).where(Membership.user_id == user(DANA).id, Membership.until.is_(None))
            ).one(),
        }


def test_an_account_begins_with_a_link_that_is_shown_once(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    adam = browser(ADAM)
    page = adam.post("/admin/accounts", NEW, follow_redirects=True).get_data(as_text=True)
    link = re.search(r'value="http[^"]*(/welcome/[^"]+)"', page)
    assert link is not None
    again = adam.get("/admin/accounts?q=nils").get_data(as_text=True)
    assert "/welcome/" not in again
    assert "link not used yet" in again
    nils = browser()
    assert nils.post(link[1], {"password": "a sentence of mine"}).status_code == 303
    assert nils.get("/patients").status_code == 200


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"email": DANA.email}, "Another account has this email."),
        ({"discipline": "0"}, "A clinician writes as a discipline"),
        ({"roles": []}, "Please fill this in."),
        ({"email": "nobody"}, "Write an email address"),
        ({"email": "one,two@clinic.example"}, "Write an email address"),
        ({"email": "jörg@clinic.example"}, "Write an email address"),
    ],
)
def test_an_account_that_cannot_be_says_why(browser, changed: dict[str, object], message: str) -> None:  # type: ignore[no-untyped-def]
    answer = browser(ADAM).post("/admin/accounts", {**NEW, **changed})
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)


def test_disabling_asks_who_takes_over_and_enabling_gives_a_new_link(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    adam, dana, number = browser(ADAM), browser(DANA), ids(app)
    address = f"/admin/accounts/{number['dana']}/disablement"
    asked = adam.get(address).get_data(as_text=True)
    assert "Patient with ID C-10482" in asked
    assert "Maria" not in asked
    assert adam.post(address).status_code == 422
    assert adam.post(address, {f"successor-{number['maria']}": str(number["lena"])}).status_code == 303
    assert dana.get("/patients").status_code == 303
    page = adam.post(f"/admin/accounts/{number['dana']}/enablement", follow_redirects=True).get_data(as_text=True)
    assert "/welcome/" in page


def test_the_last_administrator_cannot_be_disabled(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    answer = browser(ADAM).post(f"/admin/accounts/{ids(app)['adam']}/disablement")
    assert answer.status_code == 422
    assert "last administrator" in answer.get_data(as_text=True)


def test_a_changed_role_takes_effect_at_the_next_request(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    adam, cora, number = browser(ADAM), browser(CORA), ids(app)
    assert cora.get(f"/patients/{number['maria']}/plan").status_code == 200
    form = {"name": CORA.name, "email": CORA.email, "roles": ["admin"], "discipline": "0"}
    assert adam.post(f"/admin/accounts/{number['cora']}", form).status_code == 303
    assert cora.get(f"/patients/{number['maria']}/plan").status_code == 404
    assert cora.get("/admin/accounts").status_code == 200


def test_teams_are_made_filled_led_and_left(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    adam, number = browser(ADAM), ids(app)
    page = adam.post("/admin/teams", {"name": "Friday neck"}, follow_redirects=True).get_data(as_text=True)
    assert "Friday neck" in page
    assert adam.post("/admin/teams", {"name": SPINE}).status_code == 422
    team = f"/admin/teams/{number['team']}"
    assert adam.post(f"{team}/members", {"user": str(number["otto"])}).status_code == 303
    assert "Otto Brandt" in adam.get(team).get_data(as_text=True)
    end = f"{team}/members/{number['membership']}/end"
    assert adam.post(end).status_code == 422
    assert adam.post(end, {f"successor-{number['maria']}": str(number["lena"])}).status_code == 303
    assert "Dana Osei has left the team." in adam.get(team).get_data(as_text=True)
    assert "Dana Osei" not in adam.get(team).get_data(as_text=True).split("Add a person")[0]


def test_an_administrator_sees_no_patient(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    adam, number = browser(ADAM), ids(app)
    assert adam.get("/patients").status_code == 403
    for page in ("plan", "about", "care-team", "identity"):
        assert adam.get(f"/patients/{number['maria']}/{page}").status_code == 404
