"""What every door needs: who asks, and the ports that actions work with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

from flask import current_app, request
from flask_login import UserMixin, current_user
from werkzeug.routing import IntegerConverter, Map

from access import loaders
from access.grants import Actor, PatientGrant
from access.limits import Limit, Limiter, neighbourhood
from access.permissions import Permission
from actions import audit, visits
from actions.exports.record.record import Records
from actions.history import Sizes
from actions.unit_of_work import Units
from livedoc.attribution import Attribution
from livedoc.hub import Hub
from models.seals import Seals
from models.user import LoginSession
from tally.tally import Tally


class RowId(IntegerConverter):
    """`<int:…>` in an address: no larger than the database's integers, so that a larger one is not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


class SettingsView(Protocol):
    """The settings that doors read."""

    @property
    def demo(self) -> bool: ...
    @property
    def public_url(self) -> str: ...
    @property
    def is_https(self) -> bool: ...
    @property
    def port(self) -> int: ...


@dataclass(frozen=True, slots=True)
class House:
    """The ports of one application. `serve` starts what only a serving process runs beside it; `shutdown` ends all."""

    settings: SettingsView
    units: Units
    hub: Hub
    attribution: Attribution
    sizes: Sizes
    records: Records
    seals: Seals
    tally: Tally
    limiter: Limiter
    serve: Callable[[], None]
    shutdown: Callable[[], None]


class SignedIn(UserMixin):  # type: ignore[misc]
    """Flask-Login's user: the actor of an open session. Its id is the session's token, never the person's."""

    def __init__(self, token: str, actor: Actor, session: LoginSession) -> None:
        self.token = token
        self.actor = actor
        self.session = session

    def get_id(self) -> str:
        return self.token


def house() -> House:
    return cast(House, current_app.extensions["consilium"])


def units() -> Units:
    return house().units


def address() -> str:
    """Whose address asks, as limits see it."""
    return neighbourhood(request.remote_addr or "")


def take(limit: Limit) -> None:
    """One of what an address may do. Raises TooMany."""
    house().limiter.take(limit, address())


def actor() -> Actor:
    """Who asks. Only behind the gate, which lets nobody else in."""
    return cast(Actor, current_user.actor)


def open_patient(patient_id: int, permission: Permission) -> PatientGrant:
    """Load a patient for a page that shows something of the record, and note the view; of a board also that they
    looked."""
    grant = loaders.patient(actor(), patient_id, permission)
    look = partial(visits.look, patient_id=patient_id) if permission is Permission.BOARD_VIEW else None
    if audit.record_view(units(), grant.actor, permission, f"patient:{patient_id}", patient_id, look):
        return loaders.patient(actor(), patient_id, permission)  # the commit let go of every row: again, all at once
    return grant
