"""Whether a person may still be told of something: of a patient whose record they read now and whose plan is not
closed, and of no other."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from access.reach import in_states
from models.notification import NoticeKind, Notification
from models.patient import CareTeamMember
from models.plan import Plan
from models.plan_state import CLOSED, PlanState, State
from models.portal import PortalAccess
from models.user import Role, User, UserRole

READERS = (Role.CLINICIAN, Role.COORDINATOR)


def may_hear() -> ColumnElement[bool]:
    """The condition on `Notification` rows; it holds what `access.roles` says of threads and tasks. That an alert waits
    is heard elsewhere too: such a notice names no patient."""
    concerns = (
        exists().where(
            CareTeamMember.patient_id == Notification.patient_id,
            CareTeamMember.user_id == Notification.user_id,
            CareTeamMember.until.is_(None),
        ),
        exists().where(UserRole.user_id == Notification.user_id, UserRole.role.in_(READERS)),
        exists().where(User.id == Notification.user_id, User.disabled_at.is_(None)),
    )
    member, reads, works_here = (each.correlate(Notification) for each in concerns)
    is_open = Notification.patient_id.not_in(in_states(*CLOSED))
    return and_(is_open, works_here, or_(and_(member, reads), Notification.kind == NoticeKind.ALERT_ELSEWHERE))


def reads_for_the_dead(user_id: int) -> ColumnElement[bool]:
    """Whether all that a patient's account reads are plans that ended by death: nothing is sent there any more."""
    reads = exists().where(PortalAccess.user_id == user_id, PortalAccess.until.is_(None))
    living = exists().where(
        PortalAccess.user_id == user_id,
        PortalAccess.until.is_(None),
        Plan.patient_id == PortalAccess.patient_id,
        ~exists()
        .where(PlanState.plan_id == Plan.id, PlanState.until.is_(None), PlanState.state == State.DIED)
        .correlate(Plan),
    )
    return and_(reads, ~living)


def unseen(session: Session, user_ids: Collection[int]) -> dict[int, int]:
    """How many notices each of these people has not seen yet, in one statement."""
    counts = dict.fromkeys(user_ids, 0)
    rows = session.execute(
        select(Notification.user_id, func.count())
        .where(Notification.user_id.in_(user_ids), Notification.seen_at.is_(None), may_hear())
        .group_by(Notification.user_id)
    )
    for user_id, count in rows:
        counts[user_id] = count
    return counts
