"""Alerts: raised by what somebody did, and open until it is on record what was done about them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from access.grants import AlertGrant
from access.permissions import Permission
from actions import notices
from actions.alert_circles import Circle, circle
from actions.colleagues import colleagues
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.alert import Alert, AlertKind
from models.base import db
from models.notification import NoticeKind
from models.plan import Plan

MAX_WORDS = 2000
"""Letters of what was done."""
RAISE, ESCALATE = "alert:raise", "alert:escalate"
"""What the audit calls what is done by no right of a person."""


def raise_alert(work: Work, plan: Plan, kind: AlertKind, origin_id: int) -> Alert:
    """Tell those whom it is for, here and by mail, all in one commit with what raised it."""
    alert = Alert(
        patient_id=plan.patient_id,
        kind=kind,
        origin_id=origin_id,
        raised_at=work.now,
        raised_by_id=work.actor_id,
        action="",
    )
    work.session.add(alert)
    work.session.flush()
    told = circle(work.session, plan.patient_id, kind, 0)
    tell(work, plan, alert, told, NoticeKind.ALERT)
    work.record(RAISE, f"alert:{alert.id}", plan.patient_id, kind=kind, told=sorted(told.team | told.others))
    return alert


def tell(work: Work, plan: Plan, alert: Alert, told: Circle, kind: NoticeKind) -> None:
    """People hear of it, and every page of the care team shows how it stands."""
    notices.tell(work, told.team, kind, plan.patient_id, alert_id=alert.id)
    notices.tell(work, told.others, NoticeKind.ALERT_ELSEWHERE, plan.patient_id, alert_id=alert.id)
    _show(work, plan)


def acknowledge(work: Work, grant: AlertGrant, words: str) -> None:
    """Put on record what was done. Raises Unfit: words are needed, and somebody may have been quicker."""
    words = words.strip()
    alert = grant.alert
    if alert.acknowledged_at is not None:
        raise Unfit({"action": Problem.CHANGED})
    if not words:
        raise Unfit({"action": Problem.EMPTY})
    if len(words) > MAX_WORDS:
        raise Unfit({"action": Fault(Problem.TOO_LONG, str(MAX_WORDS))})
    alert.acknowledged_at, alert.acknowledged_by_id, alert.action = work.now, work.actor_id, words
    notices.settle(work, alert_id=alert.id)
    work.record(Permission.ALERT_ACKNOWLEDGE, f"alert:{alert.id}", grant.of.patient.id)
    work.touched(grant.of.patient.id)
    _show(work, grant.of.plan)


def of_patient(patient_id: int) -> Sequence[Alert]:
    """All of a patient, newest first."""
    query = select(Alert).options(joinedload(Alert.acknowledged_by)).where(Alert.patient_id == patient_id)
    return db.session.scalars(query.order_by(Alert.id.desc())).unique().all()


def _show(work: Work, plan: Plan) -> None:
    """Boards hear it as boards do, all other pages as people do: with how many notices they have not seen."""
    work.board_changed(plan.id, "alerts", "questions")
    work.notices_changed([person.id for person in colleagues(plan.patient_id)])
