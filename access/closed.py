"""What a closed plan still takes. Nothing else may be done with it: a permission that is not named here is taken from
everybody while the plan is closed, so that an action made later cannot forget it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from access.grants import Actor, Closed
from access.permissions import Permission
from models.plan import Plan
from models.plan_state import CLOSED, PlanState

STILL_GIVEN = frozenset(
    {
        Permission.PATIENT_VIEW,
        Permission.ABOUT_VIEW,
        Permission.CARE_TEAM_VIEW,
        Permission.BOARD_VIEW,
        Permission.DOCUMENT_VIEW,
        Permission.THREAD_VIEW,
        Permission.TASK_VIEW,
        Permission.PLAN_HISTORY,
        Permission.SIGN_OFF_VIEW,
        Permission.PORTAL_PLAN_READ,
        Permission.PORTAL_COPY,
        Permission.PORTAL_LOOKS_READ,
        Permission.PORTAL_QUESTIONS_READ,
        Permission.LOOKS_VIEW,
        Permission.RECORD_RELEASE,
        Permission.QUESTIONS_VIEW,
        Permission.ALERT_ACKNOWLEDGE,  # what was done about somebody at risk goes on record, whenever that is
        Permission.PLAN_STATE_CHANGE,  # to reopen it
        Permission.WITHDRAW,  # the patient reads on for a while: what is dangerous must not stay
        Permission.IDENTITY_CORRECT,  # who somebody is is no part of the plan, and a mistake in it is put right
        Permission.ABOUT_EDIT,  # consents are withdrawn, and who reads from outside comes and goes
        Permission.CARE_TEAM_EDIT,  # people leave the clinic, and somebody has to be able to reopen the plan
    }
)

_OTHER_WORDS = frozenset({"desk-code", "withdrawal"})
"""Actions of the audit that are no permissions, and go on."""

READS_ON = timedelta(days=90)
"""So long the patient reads a plan that was closed."""


def still(permissions: frozenset[Permission], state: PlanState | None) -> frozenset[Permission]:
    """What is left of permissions in this state of the plan."""
    return permissions & STILL_GIVEN if state is not None and state.is_closed else permissions


def reads_until(state: PlanState) -> datetime:
    """The moment from which the patient does not read a closed plan any more."""
    return state.since + READS_ON


def check(session: Session, actor: Actor | None, changes: Collection[tuple[str, str, int]]) -> None:
    """Look once more, within the transaction that makes them: changes as (action of the audit, thing, patient id) of
    a plan that was closed since the right to them was given. Raises Closed."""
    refused = [change for change in changes if _is_refused(change[0])]
    if not refused:
        return
    patient_ids = {patient_id for _action, _thing, patient_id in refused}
    closed = set(
        session.scalars(
            select(Plan.patient_id)
            .join(PlanState, PlanState.plan_id == Plan.id)
            .where(Plan.patient_id.in_(patient_ids), PlanState.until.is_(None), PlanState.state.in_(sorted(CLOSED)))
        )
    )
    for action, thing, patient_id in refused:
        if patient_id in closed:
            raise Closed(actor, action, thing, patient_id)


def _is_refused(action: str) -> bool:
    return action not in STILL_GIVEN and action not in _OTHER_WORDS
