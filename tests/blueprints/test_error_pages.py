"""Every failure has a page that says what happened and what to do, in the frame of all pages."""

import pytest
from flask import Flask, abort

from tests.conftest import Browser
from tests.personas import ADAM, DANA, LENA, patient_id


def says(page: str, *words: str) -> None:
    assert "What to do" in page
    assert "Number for your administrator" in page
    for each in words:
        assert each in page


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (400, "That could not be understood"),
        (401, "You were signed out"),
        (403, "You may not do this"),
        (404, "There is nothing here for you"),
        (405, "This address works differently"),
        (413, "That was too much at once"),
        (422, "That could not be understood"),
        (429, "Too many tries"),
        (500, "Something went wrong here"),
        (503, "Busy at the moment"),
    ],
)
def test_each_code_has_its_words(app: Flask, code: int, title: str) -> None:
    def fail() -> str:
        abort(code)

    fail.public = True  # type: ignore[attr-defined]
    app.add_url_rule("/fails-for-a-test", view_func=fail)
    answer = app.test_client().get("/fails-for-a-test", base_url=app.extensions["consilium"].settings.public_url)
    assert answer.status_code == code
    says(answer.get_data(as_text=True), title)


def test_an_administrator_reads_why_there_are_no_patients(browser) -> None:  # type: ignore[no-untyped-def]
    answer = browser(ADAM).get("/patients")
    assert answer.status_code == 403
    says(answer.get_data(as_text=True), "Administrators arrange accounts and teams, and see no patient")


def test_what_role_and_relation_refuse_is_told(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        maria = f"/patients/{patient_id('Maria Kovač')}"
    says(browser(LENA).post(f"{maria}/care-team/involved").get_data(as_text=True), "You may not do this")
    says(browser(DANA).get("/admin/accounts").get_data(as_text=True), "You may not do this")


def test_a_form_from_an_older_session_gives_its_words_back(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    dana: Browser = browser(DANA)
    with app.app_context():
        address = f"/patients/{patient_id('Maria Kovač')}/statements"
    words = "I want to drive to work again."
    answer = dana.client.post(
        address, data={"text": words, "csrf_token": "old"}, headers={"Referer": dana.base + "/"}, base_url=dana.base
    )
    assert answer.status_code == 400
    says(answer.get_data(as_text=True), "This form is out of date", words)


def test_a_body_beyond_all_measure_is_refused(browser) -> None:  # type: ignore[no-untyped-def]
    answer = browser(DANA).post("/patients", {"name": "x" * 1_100_000})
    assert answer.status_code == 413
    says(answer.get_data(as_text=True), "That was too much at once")


def test_signed_out_people_get_errors_without_anybodys_name(browser) -> None:  # type: ignore[no-untyped-def]
    page = browser().get("/nowhere").get_data(as_text=True)
    says(page, "There is nothing here for you")
    assert "data-person" not in page
