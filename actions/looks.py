"""Read alone: who looked at a patient's record, from the audit, by day of the clinic and person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, exists, func, select

from models.audit import AuditEvent, Outcome
from models.base import db
from models.discipline import Discipline
from models.portal import PortalAccess
from models.user import Role, User, UserRole

DAYS = 14
"""So many days stand on one page."""
_LOOKED = (Outcome.VIEWED, Outcome.DONE)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who looked. `relation` and `words` say what somebody from outside the clinic is, or was, to the
    patient."""

    id: int
    name: str
    discipline: str | None
    is_coordinator: bool
    relation: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one person looked at on one day, between two moments. `actions` are those of the audit; `wrote` whether they
    changed anything."""

    day: date
    who: Who
    first: datetime
    last: datetime
    actions: frozenset[str]
    wrote: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The days from `since` to `until`, latest first; `older` is the day of the last look before them."""

    since: date
    until: date
    looks: Sequence[Look]
    older: date | None


def page(patient_id: int, until: date, zone: ZoneInfo) -> Page:
    """Three statements, however long the audit is."""
    days = [until - timedelta(days=back) for back in range(DAYS)]
    begins = {day: _begin(day, zone) for day in days}
    rows = _rows(patient_id, begins, _begin(until + timedelta(days=1), zone))
    people = _people(patient_id, sorted({row.actor_id for row in rows}))
    found: dict[tuple[date, int], list] = {}  # type: ignore[type-arg]
    for row in rows:
        found.setdefault((days[row.place], row.actor_id), []).append(row)
    looks = [
        Look(
            day=day,
            who=people[person],
            first=min(each.first for each in group),
            last=max(each.last for each in group),
            actions=frozenset(each.action for each in group),
            wrote=any(each.outcome == Outcome.DONE for each in group),
        )
        for (day, person), group in found.items()
    ]
    looks.sort(key=lambda each: (each.day, each.last), reverse=True)
    before = _last_before(patient_id, begins[days[-1]])
    return Page(days[-1], until, looks, before.astimezone(zone).date() if before is not None else None)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _rows(patient_id: int, begins: dict[date, datetime], end: datetime):  # type: ignore[no-untyped-def]
    """A row for each day (by its place), person, action and outcome: what the index finds is counted where it lies."""
    place = case(*((AuditEvent.at >= begin, at) for at, begin in enumerate(begins.values())))
    events = (
        select(
            place.label("place"),
            AuditEvent.actor_id,
            AuditEvent.action,
            AuditEvent.outcome,
            AuditEvent.at,
        )
        .where(
            AuditEvent.patient_id == patient_id,
            AuditEvent.at >= min(begins.values()),
            AuditEvent.at < end,
            AuditEvent.outcome.in_(_LOOKED),
            AuditEvent.actor_id.is_not(None),
        )
        .subquery()
    )
    about = (events.c.place, events.c.actor_id, events.c.action, events.c.outcome)
    return db.session.execute(
        select(*about, func.min(events.c.at).label("first"), func.max(events.c.at).label("last")).group_by(*about)
    ).all()


def _people(patient_id: int, ids: Sequence[int]) -> dict[int, Who]:
    access = (
        select(func.max(PortalAccess.id))
        .where(PortalAccess.patient_id == patient_id, PortalAccess.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            User.id,
            User.name,
            Discipline.name,
            exists().where(UserRole.user_id == User.id, UserRole.role == Role.COORDINATOR),
            PortalAccess.relation,
            PortalAccess.words,
        )
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .outerjoin(PortalAccess, PortalAccess.id == access)
        .where(User.id.in_(ids))
    )
    return {row[0]: Who(row[0], row[1], row[2], bool(row[3]), row[4], row[5] or "") for row in rows}


def _last_before(patient_id: int, moment: datetime) -> datetime | None:
    return db.session.scalar(
        select(AuditEvent.at)
        .where(
            AuditEvent.patient_id == patient_id,
            AuditEvent.at < moment,
            AuditEvent.outcome.in_(_LOOKED),
            AuditEvent.actor_id.is_not(None),
        )
        .order_by(AuditEvent.at.desc())
        .limit(1)
    )
