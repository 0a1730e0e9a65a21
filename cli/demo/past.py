"""What the telling of the clinic's past knows: whose moment it is, who is who, and where everything stands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from access import sessions
from access.grants import Actor
from actions.unit_of_work import Units
from cli.demo.days import moment
from livedoc.hub import Hub
from models.base import db
from models.portal import PortalAccess, PortalRelation
from models.user import User


@dataclass(slots=True)
class PastClock:
    """A clock that stands at the moment which is being told."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did. `weight` is what telling it costs, beside an edit."""

    at: datetime
    do: Callable[[], None]
    weight: float = 1.0


@dataclass(slots=True)
class Past:
    """`actors` and `teams` are by first name and by name, `patients` by the clinic's ID, `documents` by that ID,
    section and kind."""

    units: Units
    hub: Hub
    zone: ZoneInfo
    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    patients: dict[str, int] = field(default_factory=dict)
    documents: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The clinic's day on which the demo is loaded."""
        return self.now.astimezone(self.zone).date()

    def at_home(self, patient_id: int) -> Actor:
        """The patient's own account, once there is one."""
        own = select(User).join(PortalAccess, PortalAccess.user_id == User.id)
        own = own.where(PortalAccess.patient_id == patient_id, PortalAccess.relation == PortalRelation.SELF)
        return sessions.actor_of(db.session.scalars(own).unique().one(), None)

    def ago(self, span: str, what: str) -> datetime:
        return moment(span, self.now, self.zone, what)
