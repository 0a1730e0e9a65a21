"""Loads the demo clinic into an empty database, and says who can sign in."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select

from actions import search_index
from actions.unit_of_work import Units
from cli.demo import (
    at_home,
    content,
    endings,
    intake,
    password,
    questions,
    reading,
    released,
    sign_offs,
    still_right,
    talks,
    versions,
)
from cli.demo.content import DOMAIN, Clinic
from cli.demo.large import events as large_clinic
from cli.demo.opening import open_clinic
from cli.demo.past import Event, Past, PastClock
from cli.demo.writing import Text
from config import Settings
from livedoc.chain import Chain
from livedoc.hub import Hub
from livedoc.log import Log
from models.audit import AuditEvent
from models.base import db
from models.user import Role, User

OPENED = "60w"
"""How long ago the clinic began to use the program."""
LOADED, LARGE = "clinic:loaded", "clinic:large"
"""What the audit says was done once all of it is there, and once the large clinic is."""


class OtherPeople(Exception):
    """The database belongs to a real clinic."""


class HalfLoaded(Exception):
    """A former load did not come to its end."""


class OtherSize(Exception):
    """The demo is there, but not the large one."""


def load(
    app: Flask, now: datetime | None = None, *, large: bool = False, told: Callable[[float], None] = lambda _part: None
) -> bool:
    """Fill the database; False when the demo is there already. `told` hears how large a part has just been done, all
    of them being 1. Raises OtherPeople, HalfLoaded, or OtherSize when it is there without the large clinic."""
    with app.app_context():
        if _is_there():
            if large and not _was_said(LARGE):
                raise OtherSize
            return False
        clinic = content.read()
        settings = _settings(app)
        clock = PastClock(now or datetime.now(UTC))
        seals = app.extensions["consilium"].seals
        hub = Hub(Log(db.engine, Chain(seals)), clock)
        past = Past(Units(clock, locks=hub, seals=seals), hub, ZoneInfo(settings.timezone), clock.now)
        try:
            _tell(past, clock, clinic, password.settled(settings), large, told)
            db.session.remove()
            search_index.catch_up(db.engine, 500, 0)
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
            roles = "reads a plan at home" if Role.PATIENT in user.roles else ", ".join(sorted(user.roles))
            what = user.discipline.name if user.discipline else roles
            print(f"  {user.email:<22} {user.name}, {what.lower()}")
        print(f"Their password: {word}  ({source})", flush=True)
        db.session.remove()


def _tell(
    past: Past, clock: PastClock, clinic: Clinic, word: str, is_large: bool, told: Callable[[float], None]
) -> None:
    """Do everything that happened, oldest first."""
    events = [Event(past.ago(OPENED, "clinic"), lambda: open_clinic(past, clinic, word))]
    for page in clinic.patients:
        events += intake.events(past, page)
        events += at_home.events(past, page, word)
        texts = {(section, kind): Text(past, page, section, kind) for section, kind in page.texts}
        for text in texts.values():
            events += text.events()
        events += still_right.events(past, page)
        events += talks.events(past, page, {place: list(text.moments()) for place, text in texts.items()})
    events += sign_offs.events(past)
    events += endings.events(past)
    events += versions.events(past)
    events += released.events(past, clinic.settings["name"])
    events += questions.events(past)
    events += reading.events(past, clinic)
    if is_large:
        events += large_clinic.events(past, clinic)
    weight = sum(event.weight for event in events)
    for event in sorted(events, key=lambda event: event.at):
        clock.now = event.at
        event.do()
        told(event.weight / weight)
    with past.units.begin(None) as work:
        work.record("demo", LOADED)
        if is_large:
            work.record("demo", LARGE)


def _is_there() -> bool:
    if not db.session.scalar(select(func.count()).select_from(User)):
        return False
    if not _people():
        raise OtherPeople
    if not _was_said(LOADED):
        raise HalfLoaded
    return True


def _was_said(thing: str) -> bool:
    query = select(AuditEvent.id).where(AuditEvent.action == "demo", AuditEvent.thing == thing)
    return db.session.scalar(query) is not None


def _people() -> list[User]:
    query = select(User).where(User.email.endswith(f"@{DOMAIN}", autoescape=True)).order_by(User.id)
    return list(db.session.scalars(query).unique())


def _settings(app: Flask) -> Settings:
    settings = app.extensions["consilium"].settings
    assert isinstance(settings, Settings)
    return settings
