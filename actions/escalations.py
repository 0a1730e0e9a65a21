"""Alerts that nobody took care of in time go further: each step is a row, committed with the notices it sends."""

from datetime import datetime

from sqlalchemy import and_, func, select

from access.reach import in_states
from actions import alerts
from actions.alert_circles import circle, next_step_at
from actions.clinic_now import Clinic
from actions.unit_of_work import Units
from models.alert import Alert, AlertEscalation, AlertKind
from models.base import db
from models.notification import NoticeKind
from models.plan import Plan
from models.plan_state import CLOSED


def due(now: datetime, clinic: Clinic) -> list[int]:
    """The ids of open alerts that are to go further now, oldest first."""
    return [alert_id for alert_id, kind, step, at in _standing() if next_step_at(kind, step, at, clinic) <= now]


def take_step(units: Units, alert_id: int) -> bool:
    """Let an alert go further; whether it did. Another process, or an acknowledgement, may have been quicker."""
    with units.begin(None) as work:
        if alert_id not in due(work.now, work.clinic()):
            return False
        alert = work.session.get_one(Alert, alert_id)
        plan = work.session.scalars(select(Plan).where(Plan.patient_id == alert.patient_id)).one()
        kind = AlertKind(alert.kind)
        step = next(step for found, _kind, step, _at in _standing() if found == alert_id) + 1
        work.session.add(AlertEscalation(alert_id=alert_id, step=step, at=work.now))
        told = circle(work.session, plan.patient_id, kind, step)
        alerts.tell(work, plan, alert, told, NoticeKind.LATE_ALERT)
        everyone = sorted(told.team | told.others)
        work.record(alerts.ESCALATE, f"alert:{alert_id}", plan.patient_id, step=step, told=everyone)
    return True


def _standing() -> list[tuple[int, AlertKind, int, datetime]]:
    """Every open alert of a plan that goes on, with its last step (0: raised) and when that was."""
    last = (
        select(AlertEscalation.alert_id, func.max(AlertEscalation.step).label("step"))
        .group_by(AlertEscalation.alert_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Alert.id, Alert.kind, AlertEscalation.step, AlertEscalation.at, Alert.raised_at)
        .outerjoin(last, last.c.alert_id == Alert.id)
        .outerjoin(AlertEscalation, and_(AlertEscalation.alert_id == Alert.id, AlertEscalation.step == last.c.step))
        .where(Alert.acknowledged_at.is_(None), Alert.patient_id.not_in(in_states(*CLOSED)))
        .order_by(Alert.id)
    )
    return [(row.id, AlertKind(row.kind), row.step or 0, row.at or row.raised_at) for row in rows]
