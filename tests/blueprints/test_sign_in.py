"""Signing in, as a browser sees it."""

import pytest
from flask import Flask

from access.grants import AccountGrant
from access.limits import FAILURES_OF_EMAIL
from actions import accounts
from tests.conftest import MovableClock
from tests.personas import ADAM, DANA, LENA, PASSWORD, actor, user


def test_signing_in_leads_home_and_signing_out_ends_it(browser) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    assert "Maria Kovač" in dana.get("/patients").get_data(as_text=True)
    assert dana.post("/logout").status_code == 303
    answer = dana.get("/patients")
    assert answer.status_code == 303
    assert "/login" in answer.headers["Location"]


def test_a_wrong_password_says_so_and_keeps_the_email(browser) -> None:  # type: ignore[no-untyped-def]
    answer = browser().post("/login", {"email": DANA.email, "password": "not it"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "do not belong together" in page
    assert DANA.email in page
    assert "not it" not in page


def test_too_many_tries_are_told_how_long_to_wait(browser) -> None:  # type: ignore[no-untyped-def]
    guesser = browser()
    for _ in range(int(FAILURES_OF_EMAIL.count)):
        guesser.post("/login", {"email": DANA.email, "password": "not it"})
    answer = guesser.post("/login", {"email": DANA.email, "password": PASSWORD})
    assert answer.status_code == 422
    assert "Wait 5 minutes" in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"] == "300"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/patients?q=x", "/patients?q=x"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
    ],
)
def test_next_leads_only_to_pages_of_ours(browser, wanted: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    form = {"email": DANA.email, "password": PASSWORD, "next": wanted}
    answer = browser().post("/login", form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == expected


def test_a_new_session_begins_with_a_new_cookie(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    someone = browser()
    someone.get("/login")
    before = someone.client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="localhost").value
    someone.sign_in(DANA)
    cookie = someone.client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="localhost")
    assert cookie.value != before
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_an_idle_hour_ends_the_session_and_says_so(browser, clock: MovableClock) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    clock.advance(minutes=61)
    answer = dana.get("/patients", follow_redirects=True)
    assert "You were signed out" in answer.get_data(as_text=True)


def test_a_form_sent_after_the_session_ended_gives_back_what_was_typed(browser, clock: MovableClock) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    token = dana.token()
    clock.advance(minutes=61)
    words = "a long sentence that somebody typed"
    answer = dana.client.post(
        "/patients/1/statements",
        data={"text": words},
        headers={"X-CSRFToken": token, "Referer": dana.base + "/"},
        base_url=dana.base,
    )
    assert words in answer.get_data(as_text=True)


def test_staying_signed_in_counts_as_activity(browser, clock: MovableClock) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    for _ in range(3):
        clock.advance(minutes=50)
        assert dana.post("/account/presence").status_code == 204


def test_the_first_link_sets_a_password_once(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    units = app.extensions["consilium"].units
    with app.app_context(), units.begin(actor(ADAM)) as work:
        token = accounts.new_link(work, AccountGrant(actor(ADAM), user(LENA)))
    lena = browser()
    assert "Welcome, Lena Moreau" in lena.get(f"/welcome/{token}").get_data(as_text=True)
    weak = lena.post(f"/welcome/{token}", {"password": "short"})
    assert weak.status_code == 422
    assert "12 characters" in weak.get_data(as_text=True)
    assert lena.post(f"/welcome/{token}", {"password": "a sentence of mine"}).status_code == 303
    assert lena.get("/patients").status_code == 200
    assert browser().get(f"/welcome/{token}").status_code == 404


def test_one_sees_and_ends_ones_other_sessions(browser) -> None:  # type: ignore[no-untyped-def]
    here, there = browser(DANA), browser(DANA)
    assert here.get("/account").get_data(as_text=True).count("last active") == 2
    here.post("/account/sessions/others/revocation")
    assert there.get("/patients").status_code == 303
    assert here.get("/patients").status_code == 200


def test_changing_the_password_explains_what_is_wrong(browser) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    wrong = dana.post("/account/password", {"current": "not it at all", "password": "a sentence of mine"})
    assert wrong.status_code == 422
    assert "not your present password" in wrong.get_data(as_text=True)
    assert dana.post("/account/password", {"current": PASSWORD, "password": "a sentence of mine"}).status_code == 303
    assert browser().post("/login", {"email": DANA.email, "password": "a sentence of mine"}).status_code == 303
