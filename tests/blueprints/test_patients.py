"""Patients' pages: taking in, correcting, reaching, and the care team."""

import pytest
from flask import Flask

from tests.personas import AINO, CORA, DANA, LENA, OTTO, SPINE, patient_id, user
from tests.statements import counted

NEW = {"name": "Peter Nagy", "birth_date": "9 May 1984", "number": "C-10500", "pronouns": "he/him", "team": "0"}


@pytest.fixture
def maria(app: Flask) -> str:
    with app.app_context():
        return f"/patients/{patient_id('Maria Kovač')}"


def person(app: Flask, persona) -> int:  # type: ignore[no-untyped-def]
    with app.app_context():
        return user(persona).id


def test_a_clinician_adds_a_patient_and_stands_on_the_board(browser) -> None:  # type: ignore[no-untyped-def]
    otto = browser(OTTO)
    answer = otto.post("/patients", NEW, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Peter Nagy" in page
    assert "Responsible: Otto Brandt" in page
    assert "Assessment" in page


def test_bad_fields_come_back_with_a_message_and_what_was_typed(browser) -> None:  # type: ignore[no-untyped-def]
    answer = browser(DANA).post("/patients", {**NEW, "birth_date": "soon", "number": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write the day like 12 Mar 1980" in page
    assert "Please fill this in." in page
    assert 'value="soon"' in page
    assert 'value="Peter Nagy"' in page


@pytest.mark.parametrize("day", ["1984-05-09", "9.5.1984", "09/05/1984", "9 May 1984", "9 may 1984"])
def test_a_birth_date_is_understood_as_people_write_it(browser, day: str) -> None:  # type: ignore[no-untyped-def]
    answer = browser(DANA).post("/patients", {**NEW, "birth_date": day}, follow_redirects=True)
    assert "born 9 May 1984" in answer.get_data(as_text=True)


@pytest.mark.parametrize("day", ["31 Feb 1984", "9 May 2084", "9 May 1784", "5/1984"])
def test_an_impossible_birth_date_is_refused(browser, day: str) -> None:  # type: ignore[no-untyped-def]
    assert browser(DANA).post("/patients", {**NEW, "birth_date": day}).status_code == 422


def test_a_name_that_exists_is_asked_about_and_may_be_added_all_the_same(browser) -> None:  # type: ignore[no-untyped-def]
    cora = browser(CORA)
    same = {**NEW, "name": "maria KOVAC"}
    asked = cora.post("/patients", same)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert "born 12 Mar 1980, ID C-10482" in page
    assert cora.post("/patients", {**same, "same_name_seen": same["name"]}).status_code == 303


def test_an_id_that_exists_is_refused(browser) -> None:  # type: ignore[no-untyped-def]
    answer = browser(DANA).post("/patients", {**NEW, "number": "c-10482"})
    assert answer.status_code == 422
    assert "Another patient has this ID" in answer.get_data(as_text=True)


def test_about_is_noted_with_its_witness(browser, maria: str) -> None:  # type: ignore[no-untyped-def]
    lena = browser(LENA)
    form = {"preferred_name": "Mia", "phone": "0123 456", "language": "Croatian", "interpreter": "no"}
    page = lena.post(f"{maria}/about", form, follow_redirects=True).get_data(as_text=True)
    assert "About Mia" in page
    assert "0123 456" in page
    assert "Noted by Lena Moreau" in page


def test_what_matters_stands_on_the_board(browser, app: Flask, maria: str) -> None:  # type: ignore[no-untyped-def]
    lena = browser(LENA)
    form = {
        "text": "To sleep <b>well</b>.",
        "told_by": "Maria",
        "told_to": str(person(app, AINO)),
        "told_on": "2 Feb 2026",
    }
    page = lena.post(f"{maria}/statements", form, follow_redirects=True).get_data(as_text=True)
    assert "To sleep &lt;b&gt;well&lt;/b&gt;." in page
    assert "Told by Maria to Aino Salo · 2 Feb 2026" in page
    future = lena.post(f"{maria}/statements", {**form, "told_on": "2 Feb 2199"})
    assert future.status_code == 422
    assert "still to come" in future.get_data(as_text=True)


def test_the_care_team_changes_through_its_page(browser, app: Flask, maria: str) -> None:  # type: ignore[no-untyped-def]
    cora, otto = browser(CORA), browser(OTTO)
    assert otto.get(f"{maria}/plan").status_code == 404
    cora.post(f"{maria}/care-team/members", {"user": str(person(app, OTTO))})
    assert otto.get(f"{maria}/plan").status_code == 200
    page = cora.post(
        f"{maria}/care-team/responsible", {"user": str(person(app, LENA))}, follow_redirects=True
    ).get_data(as_text=True)
    assert "Responsible: Lena Moreau" in page
    unfit = cora.post(f"{maria}/care-team/responsible", {"user": str(person(app, CORA))})
    assert unfit.status_code == 422


def test_an_administrator_cannot_join_a_care_team(browser, app: Flask, maria: str) -> None:  # type: ignore[no-untyped-def]
    from tests.personas import ADAM

    answer = browser(CORA).post(f"{maria}/care-team/members", {"user": str(person(app, ADAM))})
    assert answer.status_code == 422


def test_the_plain_form_merges_and_explains_what_it_refuses(browser, app: Flask, maria: str) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    with app.app_context():
        from tests.access.test_loaders import document_of

        document = document_of("physiotherapy")
    address = f"{maria}/plan/documents/{document}/text"
    page = dana.get(address).get_data(as_text=True)
    assert "## Assessment" in page
    first = {"text": "## Assessment\r\n\r\nFlexion 40°", "epoch": "1", "base_seq": "1"}
    assert dana.post(address, first).status_code == 303
    second = {"text": "## Assessment\n\n\n## Plan\n\n\n## Next\n\nwalk", "epoch": "1", "base_seq": "1"}
    assert dana.post(address, second).status_code == 303
    text = dana.get(address).get_data(as_text=True)
    assert "Flexion 40°" in text
    assert "walk" in text
    long = dana.post(address, {**first, "text": "x" * 210_000})
    assert long.status_code == 422
    assert "too long" in long.get_data(as_text=True)
    assert dana.post(address, {"text": "no base"}).status_code == 400
    assert browser(LENA).get(address).status_code == 403


def test_the_board_takes_at_most_twenty_statements(browser, app: Flask, maria: str) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    with counted(app) as statements:
        assert dana.get(f"{maria}/plan").status_code == 200
    assert len(statements) <= 20, statements


def test_the_list_takes_as_many_statements_for_many_patients_as_for_few(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    from datetime import date

    from actions.patients import Identity
    from tests.personas import take_in

    dana = browser(DANA)
    dana.get("/patients")
    with counted(app) as few:
        dana.get("/patients")
    with app.app_context():
        for number in range(20):
            take_in(
                app.extensions["consilium"].units,
                DANA,
                Identity(f"P{number} Nagy", date(1990, 1, 1), f"N{number}"),
                SPINE,
            )
    with counted(app) as many:
        dana.get("/patients")
    assert len(many) == len(few) <= 5


def test_an_impossible_cursor_is_refused(browser) -> None:  # type: ignore[no-untyped-def]
    assert browser(DANA).get("/patients?after=nonsense").status_code == 400
