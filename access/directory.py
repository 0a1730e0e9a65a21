"""The list of patients a person may see: searched, sorted, and cut into cursor pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true, tuple_

from access.grants import Actor
from models.base import db
from models.discipline import Discipline
from models.notification import PatientSeen
from models.patient import CareTeamMember, Involvement, Patient, ResponsibleClinician, search_key
from models.plan import Plan
from models.plan_state import CLOSED, PlanState, State
from models.user import Role, User

PAGE_SIZE = 50


class Order(StrEnum):
    CHANGED = "changed"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Search:
    """Each of `words` begins a word of the name or is part of the ID; `closed` asks for those whose plan has ended
    instead of all others; `after` is the cursor of the former page."""

    words: str = ""
    mine: bool = False
    closed: bool = False
    order: Order = Order.CHANGED
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; `mine` says that the actor is in the care team, `disciplines` are the involved ones,
    `state` is the plan's."""

    id: int
    name: str
    number: str
    birth_date: date
    pronouns: str
    changed_at: datetime
    responsible: str | None
    mine: bool
    disciplines: Sequence[Discipline]
    state: str = State.ACTIVE


@dataclass(frozen=True, slots=True)
class Page:
    entries: Sequence[Entry]
    next: str | None


class BadCursor(ValueError):
    """A cursor that this list did not give out."""


def page(actor: Actor, search: Search, size: int = PAGE_SIZE) -> Page:
    """One page of what the actor may see. Raises BadCursor."""
    rows = db.session.execute(_query(actor, search).limit(size + 1)).all()
    involved = _involved([row[0] for row in rows[:size]])
    entries = [_entry(row, involved[row[0]]) for row in rows[:size]]
    return Page(entries, _cursor(entries[-1], search.order) if len(rows) > size else None)


def recent(actor: Actor, count: int) -> list[Entry]:
    """Patients in one's care, those one looked at last first, then by last change."""
    seen = and_(PatientSeen.patient_id == Patient.id, PatientSeen.user_id == actor.user_id)
    query = _query(actor, Search(mine=True)).outerjoin(PatientSeen, seen)
    order = (PatientSeen.at.is_(None), PatientSeen.at.desc(), Patient.changed_at.desc())
    rows = db.session.execute(query.order_by(None).order_by(*order).limit(count)).all()
    return [_entry(row, ()) for row in rows]


def _entry(row: Any, disciplines: Sequence[Discipline]) -> Entry:
    number, name, clinic_id, born, pronouns, changed, responsible, membership, state = row
    is_mine = membership is not None
    return Entry(
        number, name, clinic_id, born, pronouns, changed, responsible, is_mine, disciplines, state or State.ACTIVE
    )


def _involved(patient_ids: Sequence[int]) -> dict[int, list[Discipline]]:
    """The disciplines involved with each of some patients, in one statement."""
    found: dict[int, list[Discipline]] = {patient_id: [] for patient_id in patient_ids}
    rows = db.session.execute(
        select(Involvement.patient_id, Discipline)
        .join(Discipline, Discipline.id == Involvement.discipline_id)
        .where(Involvement.patient_id.in_(patient_ids), Involvement.until.is_(None))
        .order_by(Discipline.position)
    )
    for patient_id, discipline in rows:
        found[patient_id].append(discipline)
    return found


def same_name(name: str) -> Sequence[Patient]:
    """Patients of the same name, whoever may see them: asked before another one is added."""
    return db.session.scalars(select(Patient).where(Patient.name_key == search_key(name)).limit(10)).all()


def _query(actor: Actor, search: Search) -> Select[int, str, str, date, str, datetime, str, int, str]:
    mine = and_(
        CareTeamMember.patient_id == Patient.id,
        CareTeamMember.user_id == actor.user_id,
        CareTeamMember.until.is_(None),
    )
    query = (
        select(
            Patient.id,
            Patient.name,
            Patient.number,
            Patient.birth_date,
            Patient.pronouns,
            Patient.changed_at,
            User.name,
            CareTeamMember.id,
            PlanState.state,
        )
        .join(Plan, Plan.patient_id == Patient.id)
        .outerjoin(PlanState, and_(PlanState.plan_id == Plan.id, PlanState.until.is_(None)))
        .outerjoin(
            ResponsibleClinician,
            and_(ResponsibleClinician.patient_id == Patient.id, ResponsibleClinician.until.is_(None)),
        )
        .outerjoin(User, User.id == ResponsibleClinician.user_id)
    )
    everyone = Role.COORDINATOR in actor.roles and not search.mine
    query = query.outerjoin(CareTeamMember, mine) if everyone else query.join(CareTeamMember, mine)
    if not actor.roles & {Role.CLINICIAN, Role.COORDINATOR}:
        query = query.where(Patient.id.is_(None))
    is_closed = PlanState.state.in_(sorted(CLOSED))
    query = query.where(is_closed if search.closed else or_(PlanState.id.is_(None), ~is_closed))
    if search.words:
        query = query.where(_matches(search.words))
    if search.after:
        query = query.where(_after(search))
    if search.order is Order.NAME:
        return query.order_by(Patient.name_key, Patient.id)
    return query.order_by(Patient.changed_at.desc(), Patient.id.desc())


def _matches(words: str) -> ColumnElement[bool]:
    return and_(true(), *(_matches_word(key) for key in search_key(words).split()))


def _matches_word(key: str) -> ColumnElement[bool]:
    starts = Patient.name_key.startswith(key, autoescape=True)
    within = (Patient.name_key.contains(before + key, autoescape=True) for before in (" ", "-"))
    return or_(starts, *within, Patient.number_key.contains(key, autoescape=True))


def _cursor(entry: Entry, order: Order) -> str:
    if order is Order.NAME:
        return f"{entry.id}~{search_key(entry.name)}"
    return f"{entry.id}~{entry.changed_at.timestamp():.6f}"


def _after(search: Search) -> ColumnElement[bool]:
    number, _, value = search.after.partition("~")
    try:
        last_id = int(number)
        if not 0 < last_id < 2**31 or "\0" in value:
            raise ValueError("no id of ours")
        if search.order is Order.NAME:
            return tuple_(Patient.name_key, Patient.id) > tuple_(value, last_id)
        moment = datetime.fromtimestamp(float(value), UTC)
        return tuple_(Patient.changed_at, Patient.id) < tuple_(moment, last_id)
    except (ValueError, OverflowError, OSError) as error:
        raise BadCursor(search.after) from error
