"""About a patient: nothing noted is lost, not even when two write at once."""

import re

import pytest
from flask import Flask

from tests.conftest import Browser, MovableClock
from tests.personas import AINO, CORA, DANA, LENA, OTTO, patient_id

EMPTY = {"preferred_name": "", "phone": "", "language": "", "interpreter": ""}


@pytest.fixture
def about(app: Flask) -> str:
    with app.app_context():
        return f"/patients/{patient_id('Maria Kovač')}/about"


def based_on(browser: Browser, about: str) -> str:
    found = re.search(r'name="based_on"[^>]*value="(\d+)"', browser.get(f"{about}/edit").get_data(as_text=True))
    assert found is not None
    return found[1]


def test_what_stood_there_before_is_still_read(browser, about: str, clock: MovableClock) -> None:  # type: ignore[no-untyped-def]
    lena = browser(LENA)
    lena.post(about, {**EMPTY, "phone": "0111", "based_on": based_on(lena, about)})
    clock.advance(minutes=20)
    lena.post(about, {**EMPTY, "phone": "0222", "gp": "Dr. Sander", "based_on": based_on(lena, about)})
    page = lena.get(about).get_data(as_text=True)
    assert 'href="tel:0222"' in page
    assert "One earlier change" in page
    assert "<del>0111</del> <ins>0222</ins>" in page


def test_two_who_write_at_once_see_each_others_words(browser, about: str) -> None:  # type: ignore[no-untyped-def]
    lena, dana = browser(LENA), browser(DANA)
    shown = based_on(lena, about)
    assert dana.post(about, {**EMPTY, "phone": "0111", "based_on": shown}).status_code == 303
    late = lena.post(about, {**EMPTY, "phone": "0222", "language": "Croatian", "based_on": shown})
    page = late.get_data(as_text=True)
    assert late.status_code == 422
    assert "Dana Osei changed this page meanwhile" in page
    assert "Now noted: 0111" in page
    assert 'value="0222"' in page
    assert 'value="Croatian"' in page
    found = re.search(r'name="based_on"[^>]*value="(\d+)"', page)
    assert found is not None
    again = lena.post(about, {**EMPTY, "phone": "0222", "language": "Croatian", "based_on": found[1]})
    assert again.status_code == 303
    assert "<del>0111</del> <ins>0222</ins>" in lena.get(about).get_data(as_text=True)


def test_the_preferred_name_is_used_everywhere(browser, about: str) -> None:  # type: ignore[no-untyped-def]
    aino = browser(AINO)
    aino.post(about, {**EMPTY, "preferred_name": "Mia", "based_on": "0"})
    for page in (about, about.replace("about", "plan"), about.replace("about", "care-team")):
        assert "About Mia" in aino.get(page).get_data(as_text=True)


def test_what_is_typed_is_shown_as_it_is(browser, about: str) -> None:  # type: ignore[no-untyped-def]
    page = browser(CORA).post(
        about,
        {**EMPTY, "communication_needs": "<script>alert(1)</script>\nsecond line", "based_on": "0"},
        follow_redirects=True,
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nsecond line" in page.get_data(as_text=True)


def test_too_much_is_refused_and_given_back(browser, about: str) -> None:  # type: ignore[no-untyped-def]
    answer = browser(LENA).post(about, {**EMPTY, "phone": "0" * 61, "language": "Croatian", "based_on": "0"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "At most 60 characters." in page
    assert "Nothing is saved yet: one field needs you." in page
    assert 'aria-describedby="phone-error"' in page
    assert "0" * 61 in page
    assert 'value="Croatian"' in page


def test_outsiders_find_nothing(browser, about: str) -> None:  # type: ignore[no-untyped-def]
    assert browser(OTTO).get(about).status_code == 404
    assert browser(OTTO).post(about, {**EMPTY, "based_on": "0"}).status_code == 404
