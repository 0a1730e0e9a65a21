"""What open boards keep asking, in one statement each for all of them: are these sessions and memberships still so."""

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from models.base import db
from models.patient import CareTeamMember
from models.plan import Plan
from models.plan_state import PlanState
from models.user import LoginSession, User


def sessions(session_ids: Collection[int]) -> dict[int, LoginSession]:
    """The rows of sessions, ended or not, with their people and roles."""
    query = (
        select(LoginSession)
        .where(LoginSession.id.in_(session_ids))
        .options(joinedload(LoginSession.user).joinedload(User.role_rows))
    )
    return {row.id: row for row in db.session.scalars(query).unique()}


def memberships(patient_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Who is in these care teams now, as (patient id, user id), with the id of the state that the plan is in (0 for one
    that was active from the beginning)."""
    query = (
        select(CareTeamMember.patient_id, CareTeamMember.user_id, PlanState.id)
        .join(Plan, Plan.patient_id == CareTeamMember.patient_id)
        .outerjoin(PlanState, and_(PlanState.plan_id == Plan.id, PlanState.until.is_(None)))
        .where(CareTeamMember.patient_id.in_(patient_ids), CareTeamMember.until.is_(None))
    )
    return {(patient_id, user_id): state_id or 0 for patient_id, user_id, state_id in db.session.execute(query)}
