"""An installation that sends mail, and the server it sends to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import mail_wishes, threads
from actions.mail_times import Wishes
from actions.openings import Opening
from app import create_app
from jobs.post import Post, sender_of
from jobs.smtp import SmtpServer
from models.thread import ThreadKind
from tests.conftest import MovableClock, close, settings_in
from tests.mail.server import MailServer
from tests.personas import DANA, Persona, actor, patient_id


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def app(instance: Path, clock: MovableClock, mail_server: MailServer) -> Iterator[Flask]:
    """Instead of the usual one: with SMTP_URL."""
    app = create_app(settings_in(instance, SMTP_URL=mail_server.url, CLINIC_NAME="Spine Clinic"), clock=clock)
    app.testing = True
    yield app
    close(app)


@pytest.fixture
def post(app: Flask, mail_server: MailServer) -> Post:
    """What the serving worker runs, to be called by hand."""
    return post_to(app, mail_server.url)


def post_to(app: Flask, url: str) -> Post:
    house = app.extensions["consilium"]
    sender = sender_of("https://plan.clinic.example", "consilium@clinic.example", "Spine Clinic")
    return Post(app, house.units, SmtpServer.parse(url), sender, house.tally)


@pytest.fixture
def mention(app: Flask) -> Callable[..., int]:
    """`mention("@Lena ?")`: Dana begins a discussion of Maria's plan; its id."""

    def begin(body: str, by: Persona = DANA, **fields: object) -> int:
        with app.app_context():
            grant = loaders.patient(actor(by), patient_id("Maria Kovač"), Permission.THREAD_WRITE)
            opening = Opening(ThreadKind.DISCUSSION, body=body, **fields)  # type: ignore[arg-type]
            with app.extensions["consilium"].units.begin(grant.actor) as work:
                return threads.open_thread(work, grant, opening).thread_id

    return begin


@pytest.fixture
def wish(app: Flask) -> Callable[..., None]:
    """`wish(LENA, timezone="Europe/Vienna", …)`: how somebody wants mail."""

    def change(persona: Persona, **fields: object) -> None:
        wishes = Wishes(**{"timezone": "Europe/Vienna", **fields})  # type: ignore[arg-type]
        with app.app_context(), app.extensions["consilium"].units.begin(actor(persona)) as work:
            mail_wishes.change(work, wishes)

    return change
