"""The care team's page: each control for those who may use it, every ending with its date."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from access.grants import TeamGrant
from actions import teams
from models.base import db
from models.patient import CareTeamMember
from models.team import Team
from tests.personas import ADAM, AINO, CORA, DANA, LENA, OTTO, RAVI, SPINE, actor, patient_id, user


@pytest.fixture
def care_team(app: Flask) -> str:
    with app.app_context():
        return f"/patients/{patient_id('Maria Kovač')}/care-team"


def member(app: Flask, persona) -> int:  # type: ignore[no-untyped-def]
    with app.app_context():
        return db.session.scalars(
            select(CareTeamMember.id).where(
                CareTeamMember.user_id == user(persona).id,
                CareTeamMember.patient_id == patient_id("Maria Kovač"),
                CareTeamMember.until.is_(None),
            )
        ).one()


def test_controls_are_there_for_those_who_may_use_them(browser, care_team: str) -> None:  # type: ignore[no-untyped-def]
    for persona in (DANA, CORA):
        page = browser(persona).get(care_team).get_data(as_text=True)
        assert "Hand over to" in page
        assert "Remove" in page
    page = browser(LENA).get(care_team).get_data(as_text=True)
    assert "Dana Osei" in page
    assert "answers for the plan since" in page
    for words in ("Hand over", "Remove", "Leave", "Add to the care team", "Save"):
        assert words not in page
    assert browser(LENA).post(f"{care_team}/members", {"user": "1"}).status_code == 403


def test_an_ended_membership_is_kept_with_its_dates(browser, app: Flask, care_team: str) -> None:  # type: ignore[no-untyped-def]
    dana, ravi = browser(DANA), browser(RAVI)
    page = dana.post(f"{care_team}/members/{member(app, RAVI)}/end", follow_redirects=True).get_data(as_text=True)
    assert "Ravi Thakur has left the care team." in page
    assert "One former member" in page
    assert "24 Nov 2026 – 24 Nov 2026" in page
    assert re.search(r"Of the team Tuesday spine.*Ravi Thakur", page, re.S), "offered again"
    assert ravi.get(care_team).status_code == 404


def test_the_responsible_clinician_hands_over_before_leaving(browser, app: Flask, care_team: str) -> None:  # type: ignore[no-untyped-def]
    cora = browser(CORA)
    number = member(app, DANA)
    refused = cora.post(f"{care_team}/members/{number}/end")
    assert refused.status_code == 422
    assert "Hand that over first" in refused.get_data(as_text=True)
    with app.app_context():
        lena = user(LENA).id
    page = cora.post(f"{care_team}/responsible", {"user": str(lena)}, follow_redirects=True).get_data(as_text=True)
    assert "Lena Moreau</b> answers for the plan since 24 Nov 2026" in page
    assert "Formerly responsible" in page
    assert cora.post(f"{care_team}/members/{number}/end").status_code == 303


def test_whoever_leaves_is_told_and_led_to_the_list(browser, app: Flask, care_team: str) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    with app.app_context():
        lena = user(LENA).id
    dana.post(f"{care_team}/responsible", {"user": str(lena)})
    assert "Leave" in dana.get(care_team).get_data(as_text=True)
    answer = dana.post(f"{care_team}/members/{member(app, DANA)}/end", follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert answer.request.path == "/patients"
    assert "You left the care team." in page
    assert dana.get(care_team).status_code == 404


@pytest.mark.parametrize("path", ["members", "responsible"])
@pytest.mark.parametrize("chosen", ["0", "", "nobody", "99999999"])
def test_choosing_nobody_says_so(browser, care_team: str, path: str, chosen: str) -> None:  # type: ignore[no-untyped-def]
    answer = browser(CORA).post(f"{care_team}/{path}", {"user": chosen})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_those_who_join_the_team_later_are_offered(browser, app: Flask, care_team: str) -> None:  # type: ignore[no-untyped-def]
    with app.app_context(), app.extensions["consilium"].units.begin(actor(ADAM)) as work:
        team = db.session.scalars(select(Team).where(Team.name == SPINE)).one()
        teams.add_member(work, TeamGrant(actor(ADAM), team), user(OTTO))
    page = browser(DANA).get(care_team).get_data(as_text=True)
    assert re.search(r"Of the team Tuesday spine, not in this care team.*Otto Brandt", page, re.S)
    assert browser(OTTO).get(care_team).status_code == 404


def test_a_discipline_is_involved_or_not(browser, app: Flask, care_team: str) -> None:  # type: ignore[no-untyped-def]
    aino, dana = browser(AINO), browser(DANA)
    with app.app_context():
        only = user(DANA).discipline_id
    page = dana.post(f"{care_team}/involved", {"disciplines": [str(only)]}, follow_redirects=True)
    assert page.get_data(as_text=True).count(" checked>") == 1
    board = aino.get(care_team.replace("care-team", "plan")).get_data(as_text=True)
    assert board.count("Not involved") == 3
