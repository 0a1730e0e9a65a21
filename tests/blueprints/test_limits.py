"""Pages asked for too often: 429, when to come again, and one's words back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from access.limits import DEMO_SIGN_INS, LINKS_OF_ADDRESS, REQUESTS_OF_ADDRESS, REQUESTS_OF_SESSION
from app import create_app
from tests.access.test_matrix import base, signed_in
from tests.conftest import MovableClock, close, settings_in
from tests.personas import DANA, LENA
from tests.statements import counted


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def app(instance: Path, clock: MovableClock, time: Time) -> Iterator[Flask]:
    """An application whose limits wait for the test's clock."""
    app = create_app(settings_in(instance, DEMO="1"), clock=clock, monotonic=time)
    app.testing = True
    yield app
    close(app)


def ask(client: FlaskClient, app: Flask, path: str, times: int = 1, **more: object) -> list[int]:
    statuses = []
    for _ in range(times):
        with client.get(path, base_url=base(app), **more) as answer:  # type: ignore[arg-type]
            statuses.append(answer.status_code)
    return statuses


def test_a_session_that_asks_like_a_program_waits_and_others_do_not(app: Flask, time: Time) -> None:
    dana, lena = signed_in(app, DANA), signed_in(app, LENA)
    limiter = app.extensions["consilium"].limiter
    assert ask(dana, app, "/account") == [200]
    with dana.session_transaction(base_url=base(app)) as session:
        token = session["_user_id"]
    for _ in range(int(REQUESTS_OF_SESSION.most) - 1):
        limiter.take(REQUESTS_OF_SESSION, token)
    with counted(app) as statements:
        answer = dana.get("/account", base_url=base(app))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Wait a second, then try again." in answer.get_data(as_text=True)
    assert not statements, "a refusal costs no query"
    assert ask(lena, app, "/account") == [200]
    assert ask(app.test_client(), app, "/login") == [200]
    time.now += 1
    assert ask(dana, app, "/account") == [200]


def test_an_address_that_is_not_signed_in_is_counted_with_its_network(app: Flask, time: Time) -> None:
    limiter = app.extensions["consilium"].limiter
    for _ in range(int(REQUESTS_OF_ADDRESS.most)):
        limiter.take(REQUESTS_OF_ADDRESS, "2001:db8::/64")
    client = app.test_client()
    assert ask(client, app, "/login", environ_base={"REMOTE_ADDR": "2001:db8::7"}) == [429]
    assert ask(client, app, "/login", environ_base={"REMOTE_ADDR": "192.0.2.7"}) == [200]
    for path in ("/healthz", "/readyz", f"{app.static_url_path}/css/tokens.css"):
        assert ask(client, app, path, 3, environ_base={"REMOTE_ADDR": "2001:db8::7"}) == [200] * 3


def test_words_that_came_too_fast_are_given_back(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for _ in range(int(REQUESTS_OF_ADDRESS.most)):
        app.extensions["consilium"].limiter.take(REQUESTS_OF_ADDRESS, "127.0.0.1")
    words = "words <somebody> typed for a while"
    answer = client.post("/login", base_url=base(app), data={"text": words, "password": "never shown again, ever"})
    assert answer.status_code == 429
    assert "words &lt;somebody&gt; typed for a while" in answer.get_data(as_text=True)
    assert "never shown" not in answer.get_data(as_text=True)


def test_one_time_links_cannot_be_tried_by_the_thousand(app: Flask, time: Time) -> None:
    client = app.test_client()
    tries = ask(client, app, "/welcome/not-a-link", int(LINKS_OF_ADDRESS.most) + 3)
    assert tries == [404] * int(LINKS_OF_ADDRESS.most) + [429] * 3
    time.now += 2
    assert ask(client, app, "/welcome/not-a-link", 3) == [404, 404, 429]


def test_the_demos_doors_open_so_often(app: Flask, time: Time) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    limiter = app.extensions["consilium"].limiter
    for _ in range(int(DEMO_SIGN_INS.most)):
        limiter.take(DEMO_SIGN_INS, "127.0.0.1")
    client = app.test_client()
    answer = client.post("/demo/sessions", base_url=base(app), data={"user": "1"})
    assert answer.status_code == 429
    assert app.extensions["consilium"].tally.limited == {"demo sign-ins": 1}
    time.now += 1
    assert client.post("/demo/sessions", base_url=base(app), data={"user": "0"}).status_code == 404
