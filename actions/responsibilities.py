"""Who answers for a patient, and how that passes on before somebody leaves."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from access.permissions import Permission
from actions import task_handover
from actions.unit_of_work import Work
from models.base import db
from models.patient import CareTeamMember, Patient, ResponsibleClinician
from models.plan import Plan
from models.user import Role, User

_NOBODY: Mapping[int, int] = {}


class SuccessorNeeded(ValueError):
    """Nobody was named to take over `patients`."""

    def __init__(self, patients: Sequence[Patient]) -> None:
        super().__init__("a successor is needed")
        self.patients = patients


class UnfitSuccessor(ValueError):
    """Only a clinician whose account is in use can be responsible."""


def of(user_id: int, team_id: int | None = None) -> Sequence[Patient]:
    """Patients this person answers for, of one team or of all."""
    query = (
        select(Patient)
        .join(ResponsibleClinician, ResponsibleClinician.patient_id == Patient.id)
        .where(ResponsibleClinician.user_id == user_id, ResponsibleClinician.until.is_(None))
        .order_by(Patient.name_key)
    )
    if team_id is not None:
        query = query.where(Patient.team_id == team_id)
    return db.session.scalars(query).all()


def make_responsible(work: Work, patient_id: int, user: User) -> None:
    """End the present responsibility and begin this one; the person joins the care team when not in it.

    Raises UnfitSuccessor.
    """
    if Role.CLINICIAN not in user.roles or user.disabled_at is not None:
        raise UnfitSuccessor
    join_care_team(work, patient_id, user)
    work.session.execute(
        update(ResponsibleClinician)
        .where(ResponsibleClinician.patient_id == patient_id, ResponsibleClinician.until.is_(None))
        .values(until=work.now)
    )
    work.session.add(ResponsibleClinician(patient_id=patient_id, user_id=user.id, since=work.now, by_id=work.actor_id))
    work.record(Permission.CARE_TEAM_EDIT, f"patient:{patient_id}", patient_id, change="responsible", user=user.id)
    care_team_changed(work, patient_id, None)


def join_care_team(work: Work, patient_id: int, user: User) -> bool:
    """Begin a membership unless there is one; answers whether it began."""
    present = select(CareTeamMember.id).where(
        CareTeamMember.patient_id == patient_id, CareTeamMember.user_id == user.id, CareTeamMember.until.is_(None)
    )
    if work.session.scalar(present) is not None:
        return False
    work.session.add(
        CareTeamMember(
            patient_id=patient_id,
            user_id=user.id,
            function=user.discipline.name if user.discipline else "Coordinator",
            since=work.now,
            added_by_id=work.actor_id,
        )
    )
    work.session.flush()
    work.record(Permission.CARE_TEAM_EDIT, f"patient:{patient_id}", patient_id, change="joined", user=user.id)
    care_team_changed(work, patient_id, user.id)
    return True


def leave_care_team(work: Work, patient_id: int, user_id: int, heirs: Mapping[int, int] = _NOBODY) -> None:
    """End a membership. Open tasks pass to the person whom `heirs` names for the patient's id.

    Raises SuccessorNeeded for whoever answers for the patient, and HeirNeeded.
    """
    _end_membership(work, patient_id, user_id)
    task_handover.hand_over(work, user_id, [patient_id], heirs)


def _end_membership(work: Work, patient_id: int, user_id: int) -> None:
    responsible = select(ResponsibleClinician.id).where(
        ResponsibleClinician.patient_id == patient_id,
        ResponsibleClinician.user_id == user_id,
        ResponsibleClinician.until.is_(None),
    )
    if work.session.scalar(responsible) is not None:
        raise SuccessorNeeded([work.session.get_one(Patient, patient_id)])
    work.session.execute(
        update(CareTeamMember)
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.user_id == user_id,
            CareTeamMember.until.is_(None),
        )
        .values(until=work.now, ended_by_id=work.actor_id)
    )
    work.record(Permission.CARE_TEAM_EDIT, f"patient:{patient_id}", patient_id, change="left", user=user_id)
    care_team_changed(work, patient_id, user_id)


def hand_over_all(work: Work, user_id: int, successors: Mapping[int, int], team_id: int | None = None) -> None:
    """Pass on each responsibility to the person `successors` names for that patient's id.

    Raises SuccessorNeeded with those left without one, or UnfitSuccessor.
    """
    patients = of(user_id, team_id)
    unnamed = [patient for patient in patients if successors.get(patient.id) in (None, user_id)]
    if unnamed:
        raise SuccessorNeeded(unnamed)
    for patient in patients:
        successor = work.session.get(User, successors[patient.id])
        if successor is None:
            raise UnfitSuccessor
        make_responsible(work, patient.id, successor)


def leave_care_teams(work: Work, user_id: int, team_id: int | None = None, heirs: Mapping[int, int] = _NOBODY) -> None:
    """End every membership in a care team, of one team's patients or of all.

    Open tasks pass to the person whom `heirs` names by the patient's id. Raises HeirNeeded.
    """
    query = select(CareTeamMember.patient_id).where(CareTeamMember.user_id == user_id, CareTeamMember.until.is_(None))
    if team_id is not None:
        query = query.join(Patient, Patient.id == CareTeamMember.patient_id).where(Patient.team_id == team_id)
    patient_ids = work.session.scalars(query).all()
    for patient_id in patient_ids:
        _end_membership(work, patient_id, user_id)
    task_handover.hand_over(work, user_id, patient_ids, heirs)


def care_team_changed(work: Work, patient_id: int, user_id: int | None) -> None:
    """Open boards learn of it: rights for the one concerned, the banner for all."""
    work.touched(patient_id)
    work.access_changed(patient_id, user_id)
    plan_id = work.session.scalar(select(Plan.id).where(Plan.patient_id == patient_id))
    if plan_id is not None:
        work.board_changed(plan_id, "banner")
