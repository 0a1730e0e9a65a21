"""Loads the demo clinic into an empty database, and says who can sign in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select

from actions.unit_of_work import Units
from cli.demo import content, intake, password
from cli.demo.content import DOMAIN, Clinic
from cli.demo.opening import open_clinic
from cli.demo.past import Event, Past, PastClock
from cli.demo.writing import Text
from config import Settings
from livedoc.chain import Chain
from livedoc.hub import Hub
from livedoc.log import Log
from models.audit import AuditEvent
from models.base import db
from models.user import User

OPENED = "60w"
"""How long ago the clinic began to use the program."""
LOADED = "clinic:loaded"
"""What the audit says was done once all of it is there."""


class OtherPeople(Exception):
    """The database belongs to a real clinic."""


class HalfLoaded(Exception):
    """A former load did not come to its end."""


def load(app: Flask, now: datetime | None = None) -> bool:
    """Fill the database; False when the demo is there already. Raises OtherPeople or HalfLoaded."""
    with app.app_context():
        if _is_there():
            return False
        clinic = content.read()
        settings = _settings(app)
        clock = PastClock(now or datetime.now(UTC))
        seals = app.extensions["consilium"].seals
        hub = Hub(Log(db.engine, Chain(seals)), clock)
        past = Past(Units(clock, locks=hub, seals=seals), hub, ZoneInfo(settings.timezone), clock.now)
        try:
            _tell(past, clock, clinic, password.settled(settings))
        finally:
            hub.shutdown()
            db.session.remove()
    return True


def announce(app: Flask) -> None:
    """Print the accounts and their password, after making it the one that the settings say."""
    with app.app_context():
        people = [user for user in _people() if user.disabled_at is None]
        if not people:
            print("This database holds no demo clinic, and other people's accounts: it is left alone.")
            return
        settings = _settings(app)
        word = password.settled(settings)
        password.make_true(app.extensions["consilium"].units, word)
        source = "DEMO_PASSWORD" if settings.demo_password else f"kept in {settings.instance_dir / 'demo-password'}"
        print("Sign in by a click on a person, or by email. Accounts of the demo clinic:")
        for user in people:
            what = user.discipline.name if user.discipline else ", ".join(sorted(user.roles))
            print(f"  {user.email:<22} {user.name}, {what.lower()}")
        print(f"Their password: {word}  ({source})", flush=True)
        db.session.remove()


def _tell(past: Past, clock: PastClock, clinic: Clinic, word: str) -> None:
    """Do everything that happened, oldest first."""
    events = [Event(past.ago(OPENED, "clinic"), lambda: open_clinic(past, clinic, word))]
    for page in clinic.patients:
        events += intake.events(past, page)
        for section, kind in page.texts:
            events += Text(past, page, section, kind).events()
    for event in sorted(events, key=lambda event: event.at):
        clock.now = event.at
        event.do()
    with past.units.begin(None) as work:
        work.record("demo", LOADED)


def _is_there() -> bool:
    if not db.session.scalar(select(func.count()).select_from(User)):
        return False
    if not _people():
        raise OtherPeople
    if db.session.scalar(select(AuditEvent.id).where(AuditEvent.action == "demo", AuditEvent.thing == LOADED)) is None:
        raise HalfLoaded
    return True


def _people() -> list[User]:
    query = select(User).where(User.email.endswith(f"@{DOMAIN}", autoescape=True)).order_by(User.id)
    return list(db.session.scalars(query).unique())


def _settings(app: Flask) -> Settings:
    settings = app.extensions["consilium"].settings
    assert isinstance(settings, Settings)
    return settings
