"""The list of patients: who stands in it, how it is searched, and how it goes on."""

import re
from datetime import date

import pytest
from flask import Flask

from access.grants import ClinicGrant
from access.permissions import Permission
from actions import patients
from actions.patients import Identity
from tests.conftest import Browser
from tests.databases.kinds import both
from tests.personas import ADAM, CORA, DANA, LENA, OTTO, SPINE, actor, patient_id, take_in, user

pytestmark = both


def names(page: str) -> list[str]:
    return re.findall(r'class="row-link" href="[^"]+">([^<]+)</a>', page)


def listed(browser: Browser, query: str = "") -> list[str]:
    answer = browser.get(f"/patients{query}")
    assert answer.status_code == 200
    return names(answer.get_data(as_text=True))


@pytest.fixture
def crowd(app: Flask) -> None:
    """Some patients of Dana's with names worth searching for."""
    people = ["Ana García-López", "José García", "Łucja Nowak", "Maria Silva"]
    with app.app_context():
        for number, name in enumerate(people):
            take_in(app.extensions["consilium"].units, DANA, Identity(name, date(1990, 1, 1), f"X-{number}77"), SPINE)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kovac", ["Maria Kovač"]),
        ("KOVAČ MARIA", ["Maria Kovač"]),
        ("mar kov", ["Maria Kovač"]),
        ("maria", ["Maria Kovač", "Maria Silva"]),
        ("garcia", ["Ana García-López", "José García"]),
        ("lopez", ["Ana García-López"]),
        ("x-277", ["Łucja Nowak"]),
        ("10482", ["Maria Kovač"]),
        ("ovac", []),
        ("100%", []),
        ("_", []),
    ],
)
@pytest.mark.usefixtures("crowd")
def test_a_search_finds_words_of_the_name_or_the_id(browser, words: str, expected: list[str]) -> None:  # type: ignore[no-untyped-def]
    answer = browser(DANA).get("/patients", query_string={"q": words, "order": "name"})
    page = answer.get_data(as_text=True)
    assert sorted(names(page)) == sorted(expected)
    assert expected or "Nobody matches" in page


def test_clinicians_see_those_in_their_care_and_coordinators_everyone(browser) -> None:  # type: ignore[no-untyped-def]
    assert listed(browser(DANA)) == ["Maria Kovač"]
    assert listed(browser(OTTO)) == ["Ines Duarte"]
    assert sorted(listed(browser(CORA))) == ["Ines Duarte", "Maria Kovač"]
    assert listed(browser(CORA), "?mine=1") == ["Maria Kovač"]
    assert browser(ADAM).get("/patients").status_code == 403


def test_a_coordinator_reaches_the_care_team_of_those_whose_plan_is_closed_to_her(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    cora = browser(CORA)
    with app.app_context():
        ines, maria = patient_id("Ines Duarte"), patient_id("Maria Kovač")
    page = cora.get("/patients").get_data(as_text=True)
    assert f'href="/patients/{ines}/care-team">Ines Duarte' in page
    assert f'href="/patients/{maria}/plan">Maria Kovač' in page
    assert cora.get(f"/patients/{ines}/care-team").status_code == 200
    assert cora.get(f"/patients/{ines}/plan").status_code == 403
    assert cora.get(f"/patients/{ines}").headers["Location"] == f"/patients/{ines}/care-team"


def test_a_line_names_who_answers_and_which_disciplines_are_involved(browser) -> None:  # type: ignore[no-untyped-def]
    page = browser(LENA).get("/patients").get_data(as_text=True)
    line = page.split("<tbody>")[1]
    for words in ("12 Mar 1980", "C-10482", "she/her", "Dana Osei", "Physiotherapy", "Psychology", "Nutrition"):
        assert words in line


def test_pages_go_on_without_losing_or_repeating_anybody(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    with app.app_context(), app.extensions["consilium"].units.begin(actor(DANA)) as work:
        grant = ClinicGrant(work.actor, Permission.PATIENT_ADD)
        for number in range(110):
            patients.add(work, grant, Identity(f"Twin {number % 7}", date(1990, 1, 1), f"T{number:03}"), None)
    dana = browser(DANA)
    for order in ("name", "changed"):
        _go_through(dana, order)


def _go_through(dana: Browser, order: str) -> None:
    seen: list[str] = []
    address: str | None = f"/patients?order={order}"
    while address:
        page = dana.get(address).get_data(as_text=True)
        seen += re.findall(r">(T\d{3}|C-10482)</td>", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else None
    assert len(seen) == 111
    assert len(set(seen)) == 111


def test_an_empty_list_names_one_next_step(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    otto, cora = browser(OTTO), browser(CORA)
    with app.app_context():
        care_team, lena = f"/patients/{patient_id('Ines Duarte')}/care-team", user(LENA).id
    cora.post(f"{care_team}/responsible", {"user": str(lena)})
    page = cora.get(care_team).get_data(as_text=True)
    for end in re.findall(r'action="([^"]+/end)"', page):
        cora.post(end)
    page = otto.get("/patients").get_data(as_text=True)
    assert names(page) == []
    assert "You are in no patient's care team yet" in page
    assert 'href="/patients/new"' in page
