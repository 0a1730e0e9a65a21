"""Rights inside queries: of which patients a person reads the record, and which of their plans go on."""

from sqlalchemy import Select, false, select

from access.grants import Actor
from models.patient import CareTeamMember
from models.plan import Plan
from models.plan_state import CLOSED, PlanState, State
from models.user import Role


def readable(actor: Actor) -> Select[int]:
    """The ids of patients whose plan, threads and tasks the actor reads: those whose care team they are in."""
    query = select(CareTeamMember.patient_id).where(
        CareTeamMember.user_id == actor.user_id, CareTeamMember.until.is_(None)
    )
    return query if actor.roles & {Role.CLINICIAN, Role.COORDINATOR} else query.where(false())


def open_plans(actor: Actor) -> Select[int]:
    """Of these the patients whose plan is not closed: of others nothing waits for anybody."""
    return readable(actor).where(CareTeamMember.patient_id.not_in(in_states(*CLOSED)))


def active(actor: Actor) -> Select[int]:
    """Of these the patients whose plan does not rest either: what reminds somebody asks for them."""
    return readable(actor).where(CareTeamMember.patient_id.not_in(in_states(State.PAUSED, *CLOSED)))


def in_states(*states: State) -> Select[int]:
    """The ids of patients whose plan is now in one of these states."""
    return (
        select(Plan.patient_id)
        .join(PlanState, PlanState.plan_id == Plan.id)
        .where(PlanState.until.is_(None), PlanState.state.in_(sorted(states)))
    )


def membership(patient_id: int, user_id: int | None) -> Select[int]:
    """The id of a person's present membership in a patient's care team."""
    return select(CareTeamMember.id).where(
        CareTeamMember.patient_id == patient_id, CareTeamMember.user_id == user_id, CareTeamMember.until.is_(None)
    )
