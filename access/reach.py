"""Rights inside queries: of which patients a person reads the record."""

from sqlalchemy import Select, false, select

from access.grants import Actor
from models.patient import CareTeamMember
from models.user import Role


def readable(actor: Actor) -> Select[int]:
    """The ids of patients whose plan, threads and tasks the actor reads: those whose care team they are in."""
    query = select(CareTeamMember.patient_id).where(
        CareTeamMember.user_id == actor.user_id, CareTeamMember.until.is_(None)
    )
    return query if actor.roles & {Role.CLINICIAN, Role.COORDINATOR} else query.where(false())


def membership(patient_id: int, user_id: int | None) -> Select[int]:
    """The id of a person's present membership in a patient's care team."""
    return select(CareTeamMember.id).where(
        CareTeamMember.patient_id == patient_id, CareTeamMember.user_id == user_id, CareTeamMember.until.is_(None)
    )
