"""Taking a patient in, and correcting who they are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from access.grants import ClinicGrant, PatientGrant
from access.permissions import Permission
from actions import plans, responsibilities
from actions.unit_of_work import Work
from models.patient import CareTeamMember, Involvement, Patient, search_key
from models.team import Membership
from models.user import Role, User


class NumberTaken(ValueError):
    """Another patient has this ID."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a patient is. `number` is the clinic's ID."""

    name: str
    birth_date: date
    number: str
    pronouns: str = ""


def add(work: Work, grant: ClinicGrant, identity: Identity, team_id: int | None) -> Patient:
    """A new patient with the plan, the care team being the team's present members.

    A clinician who adds becomes responsible. Disciplines with somebody in the care team are involved.
    Raises NumberTaken.
    """
    patient = Patient(team_id=team_id, created_at=work.now, created_by_id=grant.actor.user_id, changed_at=work.now)
    _apply(work, patient, identity)
    work.session.add(patient)
    work.session.flush()
    work.record(grant.permission, f"patient:{patient.id}", patient.id, change="added")
    plans.create(work, patient.id)
    for user in _team_people(work, team_id):
        responsibilities.join_care_team(work, patient.id, user)
    if Role.CLINICIAN in grant.actor.roles:
        own = work.session.get_one(User, grant.actor.user_id)
        responsibilities.make_responsible(work, patient.id, own)
    _involve_the_present(work, patient.id)
    return patient


def correct(work: Work, grant: PatientGrant, identity: Identity) -> None:
    """Correct name, birth date, ID or pronouns; the audit keeps the former ones. Raises NumberTaken."""
    patient = grant.patient
    former = {
        "name": patient.name,
        "birth_date": patient.birth_date.isoformat(),
        "number": patient.number,
        "pronouns": patient.pronouns,
    }
    _apply(work, patient, identity)
    work.record(Permission.IDENTITY_CORRECT, f"patient:{patient.id}", patient.id, change="corrected", former=former)
    work.touched(patient.id)
    work.board_changed(grant.plan.id, "banner")


def _apply(work: Work, patient: Patient, identity: Identity) -> None:
    key = search_key(identity.number)
    with work.session.no_autoflush:
        other = work.session.scalar(
            select(Patient.id).where(Patient.number_key == key, Patient.id != (patient.id or 0))
        )
    if other is not None:
        raise NumberTaken
    patient.name = " ".join(identity.name.split())
    patient.name_key = search_key(identity.name)
    patient.birth_date = identity.birth_date
    patient.number, patient.number_key = identity.number.strip(), key
    patient.pronouns = identity.pronouns.strip()


def _team_people(work: Work, team_id: int | None) -> list[User]:
    present = (
        work.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.team_id == team_id, Membership.until.is_(None), User.disabled_at.is_(None))
            .order_by(Membership.since, Membership.id)
        )
        .unique()
        .all()
    )
    return [user for user in present if user.roles & {Role.CLINICIAN, Role.COORDINATOR}]


def _involve_the_present(work: Work, patient_id: int) -> None:
    work.session.flush()
    disciplines = work.session.scalars(
        select(User.discipline_id)
        .join(CareTeamMember, CareTeamMember.user_id == User.id)
        .where(CareTeamMember.patient_id == patient_id, User.discipline_id.is_not(None))
        .distinct()
    ).all()
    work.session.add_all(
        Involvement(patient_id=patient_id, discipline_id=discipline_id, since=work.now, by_id=work.actor_id)
        for discipline_id in disciplines
        if discipline_id is not None
    )
