"""A patient's care team: members, involved disciplines, and who answers for the plan."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from access.grants import Hidden, PatientGrant
from access.permissions import Permission
from actions import responsibilities, task_handover
from actions.unit_of_work import Work
from models.base import db
from models.discipline import Discipline
from models.patient import CareTeamMember, Involvement, ResponsibleClinician
from models.team import Membership
from models.user import Role, User, UserRole


class StillHasTasks(ValueError):
    """These disciplines, by name, have open tasks of the patient."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("open tasks are left")
        self.names = names


class CannotJoin(ValueError):
    """Only clinicians and coordinators whose account is in use join a care team."""


def members(grant: PatientGrant) -> Sequence[CareTeamMember]:
    """The present care team, longest serving first."""
    return (
        db.session.scalars(
            select(CareTeamMember)
            .where(CareTeamMember.patient_id == grant.patient.id, CareTeamMember.until.is_(None))
            .order_by(CareTeamMember.since, CareTeamMember.id)
        )
        .unique()
        .all()
    )


def former(grant: PatientGrant) -> Sequence[CareTeamMember]:
    """Ended memberships, latest end first."""
    return (
        db.session.scalars(
            select(CareTeamMember)
            .where(CareTeamMember.patient_id == grant.patient.id, CareTeamMember.until.is_not(None))
            .order_by(CareTeamMember.until.desc(), CareTeamMember.id.desc())
        )
        .unique()
        .all()
    )


def responsible_clinicians(grant: PatientGrant) -> Sequence[ResponsibleClinician]:
    """Who answers and answered for the plan, latest first; the present one's `until` is None."""
    return (
        db.session.scalars(
            select(ResponsibleClinician)
            .where(ResponsibleClinician.patient_id == grant.patient.id)
            .order_by(ResponsibleClinician.id.desc())
        )
        .unique()
        .all()
    )


def offered(grant: PatientGrant) -> Sequence[User]:
    """People of the patient's team who are not in the care team, such as those who joined later."""
    present = select(CareTeamMember.user_id).where(
        CareTeamMember.patient_id == grant.patient.id, CareTeamMember.until.is_(None)
    )
    of_team = select(Membership.user_id).where(Membership.team_id == grant.patient.team_id, Membership.until.is_(None))
    query = _eligible().where(User.id.in_(of_team), User.id.not_in(present)).order_by(User.name)
    return db.session.scalars(query).unique().all()


def candidates(grant: PatientGrant) -> Sequence[User]:
    """Everyone of the clinic who could join."""
    present = select(CareTeamMember.user_id).where(
        CareTeamMember.patient_id == grant.patient.id, CareTeamMember.until.is_(None)
    )
    return db.session.scalars(_eligible().where(User.id.not_in(present)).order_by(User.name)).unique().all()


def involved(grant: PatientGrant) -> Sequence[Involvement]:
    """Present involvements."""
    return db.session.scalars(
        select(Involvement).where(Involvement.patient_id == grant.patient.id, Involvement.until.is_(None))
    ).all()


def add(work: Work, grant: PatientGrant, user_id: int) -> User:
    """Take a person into the care team, and answer who it is. Raises CannotJoin."""
    user = work.session.scalars(_eligible().where(User.id == user_id)).unique().one_or_none()
    if user is None:
        raise CannotJoin
    responsibilities.join_care_team(work, grant.patient.id, user)
    return user


def remove(work: Work, grant: PatientGrant, member_id: int, heir_id: int | None = None) -> User:
    """End a membership, and answer whose it was. `heir_id` is who gets the person's open tasks.

    Raises Hidden when it is none of this patient's, SuccessorNeeded for the responsible one, HeirNeeded.
    """
    member = work.session.get(CareTeamMember, member_id)
    if member is None or member.patient_id != grant.patient.id:
        raise Hidden(grant.actor, Permission.CARE_TEAM_EDIT, f"care-team-member:{member_id}", grant.patient.id)
    if member.until is None:
        heirs = {grant.patient.id: heir_id} if heir_id is not None else {}
        responsibilities.leave_care_team(work, grant.patient.id, member.user_id, heirs)
    return member.user


def hand_over(work: Work, grant: PatientGrant, user_id: int) -> None:
    """Make a person responsible for the plan. Raises UnfitSuccessor."""
    user = work.session.get(User, user_id)
    if user is None:
        raise responsibilities.UnfitSuccessor
    if grant.responsible is None or grant.responsible.id != user_id:
        responsibilities.make_responsible(work, grant.patient.id, user)


def set_involved(work: Work, grant: PatientGrant, discipline_ids: frozenset[int]) -> None:
    """Make exactly these disciplines the involved ones. Raises StillHasTasks for one that has open tasks."""
    patient_id = grant.patient.id
    present = {row.discipline_id: row for row in involved(grant)}
    known = set(work.session.scalars(select(Discipline.id)))
    for discipline_id in sorted(discipline_ids & known - set(present)):
        work.session.add(
            Involvement(patient_id=patient_id, discipline_id=discipline_id, since=work.now, by_id=work.actor_id)
        )
        _record_involvement(work, patient_id, discipline_id, "involved")
    for discipline_id in sorted(set(present) - discipline_ids):
        present[discipline_id].until, present[discipline_id].ended_by_id = work.now, work.actor_id
        _record_involvement(work, patient_id, discipline_id, "not involved")
    work.session.flush()
    busy = task_handover.of_disciplines(grant.plan.id, frozenset(set(present) - discipline_ids))
    if busy:
        raise StillHasTasks(busy)
    work.touched(patient_id)
    work.board_changed(grant.plan.id, *(f"head-{section.key}" for section in grant.plan.sections))


def _record_involvement(work: Work, patient_id: int, discipline_id: int, change: str) -> None:
    work.record(Permission.CARE_TEAM_EDIT, f"patient:{patient_id}", patient_id, change=change, discipline=discipline_id)


def _eligible() -> Select[User]:
    roles = select(UserRole.user_id).where(UserRole.role.in_([Role.CLINICIAN, Role.COORDINATOR]))
    return select(User).where(User.disabled_at.is_(None), User.id.in_(roles))
