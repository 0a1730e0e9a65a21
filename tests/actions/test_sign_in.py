"""Signing in: throttled, audited, ended by idling; links that work once; passwords that are refused."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from access import sessions
from access.grants import AccountGrant
from access.limits import FAILURES_OF_EMAIL
from actions import accounts, passwords, sign_in
from models.audit import AuditEvent, Outcome
from models.base import db
from models.user import LoginSession
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import ADAM, DANA, PASSWORD, actor, user

pytestmark = [pytest.mark.usefixtures("context"), both]


def enter(app: Flask, password: str = PASSWORD, email: str = DANA.email, address: str = "10.0.0.1") -> str:
    return sign_in.authenticate(app.extensions["consilium"].units, email, password, address, "test")


def test_email_and_password_open_a_session_and_leave_a_row(app: Flask, clock: MovableClock) -> None:
    token = enter(app, email=" DANA@clinic.example ")
    found = sessions.resume(token, clock())
    assert found is not None
    assert (found.name, found.discipline) == ("Dana Osei", "physiotherapy")
    assert db.session.scalar(select(LoginSession.token_sha256)) != token
    row = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "sign-in")).one()
    assert (row.actor_id, row.outcome) == (found.user_id, Outcome.DONE)


def test_a_session_ends_after_an_hour_without_activity(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    token = enter(app)
    clock.advance(minutes=50)
    session = sessions.find(token)
    assert session is not None
    sign_in.touch(units, session)
    db.session.expire_all()
    clock.advance(minutes=59)
    assert sessions.resume(token, clock()) is not None
    clock.advance(minutes=2)
    assert sessions.resume(token, clock()) is None


def test_guessing_is_slowed_down_per_account_and_a_right_password_waits_as_well(
    app: Flask, clock: MovableClock
) -> None:
    for _ in range(int(FAILURES_OF_EMAIL.count)):
        with pytest.raises(sign_in.BadCredentials):
            enter(app, "wrong wrong wrong")
        clock.advance(seconds=1)
    with pytest.raises(sign_in.Throttled) as refused:
        enter(app)
    assert 0 < refused.value.seconds <= 300
    clock.advance(minutes=5)
    assert enter(app)


def test_guessing_many_at_once_is_no_way_around(app: Flask) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        with app.app_context():
            try:
                enter(app, "wrong wrong wrong")
            except (sign_in.BadCredentials, sign_in.Throttled) as refusal:
                outcomes.append(type(refusal).__name__)

    guessers = [threading.Thread(target=guess) for _ in range(20)]
    for each in guessers:
        each.start()
    for each in guessers:
        each.join(60)
    assert sorted(outcomes) == ["BadCredentials"] * int(FAILURES_OF_EMAIL.count) + ["Throttled"] * 15


def test_an_unknown_email_sounds_like_a_wrong_password(app: Flask) -> None:
    for email in ("nobody@clinic.example", DANA.email):
        with pytest.raises(sign_in.BadCredentials):
            enter(app, "wrong wrong wrong", email)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "short"),
        ("x" * 300, "long"),
        ("aaaaaaaaaaaaaaa", "obvious"),
        ("password1234", "obvious"),
        ("dana.osei2026", "personal"),
    ],
)
def test_passwords_that_others_would_try_first_are_refused(password: str, code: str) -> None:
    with pytest.raises(passwords.WeakPassword, match=code):
        passwords.check_strength(password, email="dana.osei@clinic.example", name="Dana Osei")


def test_a_new_password_needs_the_present_one_and_ends_the_other_sessions(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    here, elsewhere = enter(app), enter(app)
    me = sessions.resume(here, clock())
    assert me is not None
    with pytest.raises(sign_in.BadCredentials):
        sign_in.change_password(units, me, "not it at all", "a longer sentence")
    sign_in.change_password(units, me, PASSWORD, "a longer sentence")
    assert sessions.resume(here, clock()) is not None
    assert sessions.resume(elsewhere, clock()) is None
    assert enter(app, "a longer sentence")


def test_one_cannot_revoke_the_session_of_another(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    token = enter(app)
    session = sessions.find(token)
    assert session is not None
    with units.begin(actor(ADAM)) as work:
        sign_in.revoke(work, [session.id])
    assert sessions.resume(token, clock()) is not None


def test_a_first_link_works_once_and_a_newer_one_replaces_it(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    grant = AccountGrant(actor(ADAM), user(DANA))
    with units.begin(grant.actor) as work:
        first = accounts.new_link(work, grant)
    with units.begin(grant.actor) as work:
        second = accounts.new_link(work, grant)
    with pytest.raises(sign_in.SpentLink):
        sign_in.use_link(units, first, "a longer sentence", "test")
    with pytest.raises(passwords.WeakPassword):
        sign_in.use_link(units, second, "short", "test")
    assert sessions.resume(sign_in.use_link(units, second, "a longer sentence", "test"), clock()) is not None
    with pytest.raises(sign_in.SpentLink):
        sign_in.use_link(units, second, "a longer sentence", "test")
    assert enter(app, "a longer sentence")


def test_a_link_grows_old(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    grant = AccountGrant(actor(ADAM), user(DANA))
    with units.begin(grant.actor) as work:
        token = accounts.new_link(work, grant)
    clock.advance(days=8)
    with pytest.raises(sign_in.SpentLink):
        sign_in.person_of_link(units, token)
