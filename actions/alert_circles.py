"""Whom an alert is told to, at first and every time that nobody recorded in time what was done about it.

At first the responsible clinician, the coordinators of the care team and the disciplines that its kind names. Then the
whole care team and the leads of the patient's team; from the third time on also the clinic's coordinators and
administrators. A new kind of alert is one more row of KINDS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, or_, select
from sqlalchemy.orm import Session

from actions import working_days
from actions.clinic_now import Clinic
from models.alert import AlertKind
from models.discipline import Discipline
from models.patient import CareTeamMember, Patient, ResponsibleClinician
from models.team import Membership
from models.user import Role, User, UserRole

TEAM, CLINIC = 1, 2
"""Steps: the whole care team with its leads, and the clinic."""
THEREAFTER = timedelta(days=1)
"""Between two steps once the whole clinic was told."""


@dataclass(frozen=True, slots=True)
class Sort:
    """How a kind of alert is handled: which disciplines are told at first besides those that always are, and whether
    the clinic's limit in minutes holds, or else the one in working days."""

    disciplines: frozenset[str]
    is_emergency: bool


KINDS: Mapping[AlertKind, Sort] = {AlertKind.AT_RISK: Sort(frozenset({"psychology"}), True)}


@dataclass(frozen=True, slots=True)
class Circle:
    """Ids of people: of the care team, who read the record, and of others, who hear only that an alert waits."""

    team: frozenset[int]
    others: frozenset[int]


def next_step_at(kind: AlertKind, step: int, at: datetime, clinic: Clinic) -> datetime:
    """When the step after `step`, taken `at`, is due."""
    if step >= CLINIC:
        return at + THEREAFTER
    if KINDS[kind].is_emergency:
        return at + timedelta(minutes=clinic.escalation_minutes)
    return working_days.after(at, clinic.escalation_working_days, ZoneInfo(clinic.timezone))


def circle(session: Session, patient_id: int, kind: AlertKind, step: int) -> Circle:
    """Whom to tell at a step; one statement. As long as nobody would be told, it is those of the next step."""
    member = _present(CareTeamMember, CareTeamMember.patient_id == patient_id)
    lead = _present(Membership, Membership.team_id == Patient.team_id, Patient.id == patient_id, Membership.lead)
    responsible = _present(ResponsibleClinician, ResponsibleClinician.patient_id == patient_id)
    rows = session.execute(
        select(
            User.id,
            Discipline.key,
            member.label("member"),
            responsible.label("responsible"),
            lead.label("lead"),
            _has(Role.CLINICIAN, Role.COORDINATOR).label("reads"),
            _has(Role.COORDINATOR).label("coordinator"),
            _has(Role.COORDINATOR, Role.ADMIN).label("runs_the_clinic"),
        )
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .where(User.disabled_at.is_(None), or_(member, lead, _has(Role.COORDINATOR, Role.ADMIN)))
    ).all()
    team = {row.id: row for row in rows if row.member and row.reads}
    first = {
        key for key, row in team.items() if row.responsible or row.coordinator or row.key in KINDS[kind].disciplines
    }
    leads = {row.id for row in rows if row.lead} - team.keys()
    circles = (
        (first, set[int]()),
        (set(team), leads),
        (set(team), leads | {row.id for row in rows if row.runs_the_clinic} - team.keys()),
    )
    chosen = next((each for each in circles[min(step, CLINIC) :] if each[0] or each[1]), circles[-1])
    return Circle(frozenset(chosen[0]), frozenset(chosen[1]))


def _present(noun: type, *which: SQLColumnExpression[bool]) -> ColumnElement[bool]:
    return exists().where(noun.user_id == User.id, noun.until.is_(None), *which).correlate(User)  # type: ignore[attr-defined]


def _has(*roles: Role) -> ColumnElement[bool]:
    return exists().where(and_(UserRole.user_id == User.id, UserRole.role.in_(roles))).correlate(User)
