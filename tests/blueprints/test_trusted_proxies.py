"""Whose word about the client's address is believed: nobody's, or that of the proxies one said are there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app
from models.base import db
from models.user import SignInFailure
from tests.conftest import Browser, settings_in

SPOOFED, REAL, PROXY = "6.6.6.6", "203.0.113.9", "10.0.0.2"


ADDRESS = "https://plan.clinic.example"


@pytest.fixture
def behind(instance: Path) -> Iterator[Callable[[int], Flask]]:
    """`behind(n)` is an application with n proxies in front."""
    opened: list[Flask] = []

    def open_app(proxies: int) -> Flask:
        opened.append(create_app(settings_in(instance, TRUSTED_PROXIES=str(proxies), PUBLIC_URL=ADDRESS)))
        return opened[-1]

    yield open_app
    for app in opened:
        app.extensions["consilium"].shutdown()
        with app.app_context():
            db.engine.dispose()


def address_of_a_failure(app: Flask, forwarded: str) -> str:
    """The address that a refused sign-in is counted under."""
    browser = Browser(app.test_client(), ADDRESS)
    refused = browser.post(
        "/login",
        {"email": "nobody@clinic.example", "password": "wrong"},
        headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"},
    )
    assert refused.status_code == 422
    with app.app_context():
        found = db.session.scalars(select(SignInFailure.address).order_by(SignInFailure.id.desc())).first()
        db.session.remove()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, f"{SPOOFED}", "127.0.0.1"),
        (1, f"{SPOOFED}, {REAL}", REAL),
        (2, f"{SPOOFED}, {REAL}, {PROXY}", REAL),
    ],
)
def test_only_the_hops_of_our_own_proxies_are_believed(
    behind: Callable[[int], Flask], proxies: int, forwarded: str, believed: str
) -> None:
    assert address_of_a_failure(behind(proxies), forwarded) == believed


def test_handshakes_pass_the_same_door(behind: Callable[[int], Flask]) -> None:
    assert isinstance(behind(1).wsgi_app, ProxyFix)
    assert not isinstance(behind(0).wsgi_app, ProxyFix)
